"""Raw logs reach the lake: every record is stored, a duplicate, or refused; accounts come from identities."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.made import JOB
from vedette import audit
from vedette.base import FixedClock
from vedette.events.adapters import ocsf
from vedette.events.discover import UnknownAdapter
from vedette.events.store.logs import ingest_logs
from vedette.store import Store

Write = Callable[[str, str], Path]


def record(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "eventID": f"id-{number}",
        "eventTime": f"2026-01-05T09:00:{number % 60:02}Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances",
        "readOnly": True,
        "sourceIPAddress": "175.45.176.9",
        "userAgent": "aws-cli/2",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::1:user/ann", "accountId": "1"},
        **changes,
    }


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(item) + "\n" for item in records)


def rows(store: Store, sql: str) -> list[dict[str, Any]]:
    with store.engine() as engine:
        return list(engine.dictionaries(sql))


def known(*entries: tuple[str, str, str, int | None, int | None]) -> str:
    """SQL of identities: (account, kind, external id, from, to)."""
    values = ", ".join(
        f"('{account}', 'cloudtrail', '{kind}', '{external}', {start or 'NULL'}::BIGINT, {end or 'NULL'}::BIGINT)"
        for account, kind, external, start, end in entries
    )
    return f"(SELECT * FROM (VALUES {values}) AS t(account_id, product, kind, external_id, valid_from_us, valid_to_us))"


class TestStored:
    def test_an_event_has_its_words_its_place_and_its_raw_record(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        found = ingest_logs(place, JOB, [written("t.jsonl", lines(record(1)))], "cloudtrail", clock=clock)
        assert (found.adapter, found.read, found.stored, found.known, found.other) == ("cloudtrail", 1, 1, 1, 0)
        (row,) = rows(place, "SELECT * FROM logs")
        assert (row["class_uid"], row["class_name"], row["activity"], row["operation"]) == (
            6003,
            "api_activity",
            "read",
            "DescribeInstances",
        )
        assert (row["ip_dprk"], row["ua_family"], row["outcome"], row["day"]) == (
            "current",
            "aws-cli",
            "success",
            "2026-01-05",
        )
        assert json.loads(row["raw"]) == record(1)
        assert list(audit.verify(place).problems) == []

    def test_counts_add_up_over_good_unknown_repeated_and_bad_records(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        text = (
            lines(record(1), record(2, eventSource="w.amazonaws.com", eventName="Polish"), record(1))
            + "{oops\n"
            + lines({"eventName": "X"})
        )
        path = written("t.jsonl", text)
        found = ingest_logs(place, JOB, [path], "cloudtrail", clock=clock)
        assert (found.read, found.stored, found.known, found.other, found.duplicates, found.refused_count) == (
            5,
            2,
            1,
            1,
            1,
            2,
        )
        assert found.others == {"w:Polish": 1}
        assert [(item.line, item.reason.partition(":")[0]) for item in found.refused] == [
            (4, "is not JSON"),
            (5, "has no time"),
        ]
        (kept,) = place.workspace.refused.iterdir()
        assert kept.read_bytes() == b"{oops\n" + lines({"eventName": "X"}).encode()
        assert kept.stat().st_mode & 0o077 == 0

    def test_feeding_again_in_another_file_stores_nothing_twice(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        ingest_logs(place, JOB, [written("a.jsonl", lines(record(1), record(2)))], "cloudtrail", clock=clock)
        found = ingest_logs(
            place, JOB, [written("b.json", json.dumps({"Records": [record(2), record(3)]}))], "cloudtrail", clock=clock
        )
        assert (found.read, found.stored, found.duplicates) == (2, 1, 1)
        same = ingest_logs(place, JOB, [written("c.jsonl", lines(record(1), record(2)))], "cloudtrail", clock=clock)
        assert (same.read, same.stored, same.duplicates) == (2, 0, 2)
        assert [row["n"] for row in rows(place, "SELECT count(*) AS n FROM logs")] == [3]

    def test_without_an_id_equal_content_is_one_event(self, place: Store, clock: FixedClock, written: Write) -> None:
        one = {name: value for name, value in record(1).items() if name != "eventID"}
        found = ingest_logs(
            place, JOB, [written("t.jsonl", lines(one, one, {**one, "awsRegion": "x"}))], "cloudtrail", clock=clock
        )
        assert (found.stored, found.duplicates) == (2, 1)

    def test_a_broken_file_is_refused_whole_with_nothing_of_it_stored(
        self, place: Store, clock: FixedClock, written: Write, tmp_path: Path
    ) -> None:
        broken = tmp_path / "b.jsonl.gz"
        broken.write_bytes(gzip.compress(lines(*(record(n) for n in range(10, 500))).encode())[:-20])
        good = written("a.jsonl", lines(record(1)))
        found = ingest_logs(place, JOB, [broken, good], "cloudtrail", clock=clock)
        assert (found.read, found.stored, len(found.faults)) == (1, 1, 1)
        assert [row["event_id"] for row in rows(place, "SELECT event_id FROM logs")] == ["id-1"]
        assert list(place.workspace.refused.iterdir()) == []
        assert [path for path in place.workspace.scratch.iterdir() if path.name.startswith("incoming")] == []

    def test_a_folder_without_logs_is_told(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        (tmp_path / "logs").mkdir()
        found = ingest_logs(place, JOB, [tmp_path / "logs"], "cloudtrail", clock=clock)
        assert found.faults == ("no file of AWS CloudTrail was found",)

    def test_an_unknown_adapter_is_refused(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        with pytest.raises(UnknownAdapter):
            ingest_logs(place, JOB, [tmp_path], "abacus", clock=clock)

    def test_a_record_that_breaks_an_adapter_is_refused(
        self, place: Store, clock: FixedClock, written: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from vedette.events.adapters.cloudtrail import adapter

        monkeypatch.setattr(adapter, "_mfa", lambda *_: 1 // 0)
        found = ingest_logs(place, JOB, [written("t.jsonl", lines(record(1)))], "cloudtrail", clock=clock)
        assert found.refused_count == 1
        assert "ZeroDivisionError" in found.refused[0].reason


class TestDoubtfulValues:
    """The table of bad input: refused with the reason and kept, or stored in one spelling; the rest goes on."""

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"eventTime": "1999-12-31T23:59:59Z"}, "no possible time"),
            ({"eventTime": "1970-01-01T00:00:00Z"}, "no possible time"),
            ({"eventTime": "2026-03-02T12:00:01Z"}, "more than a day in the future"),
            ({"eventTime": "2031-01-01T00:00:00Z"}, "more than a day in the future"),
            ({"eventTime": "9999-01-01T00:00:00Z"}, "no possible time"),
            ({"eventTime": "yesterday"}, "is no time"),
            ({"eventTime": None}, "has no time"),
            ({"eventTime": [1]}, "has no time"),
            ({"eventName": {"a": 1}}, "has no eventName"),
        ],
    )
    def test_a_record_that_cannot_be_true_is_refused_and_kept(
        self, place: Store, clock: FixedClock, written: Write, changes: dict[str, Any], reason: str
    ) -> None:
        text = lines(record(1), record(2, **changes), record(3))
        found = ingest_logs(place, JOB, [written("t.jsonl", text)], "cloudtrail", clock=clock)
        assert (found.stored, [(item.line, item.file.endswith("t.jsonl")) for item in found.refused]) == (
            2,
            [(2, True)],
        )
        assert reason in found.refused[0].reason
        (kept,) = place.workspace.refused.iterdir()
        assert json.loads(kept.read_text()) == record(2, **changes)

    @pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "-1e999"])
    def test_numbers_that_are_none_refuse_their_record(
        self, place: Store, clock: FixedClock, written: Write, text: str
    ) -> None:
        bad = lines(record(2)).replace('"2026-01-05T09:00:02Z"', text)
        found = ingest_logs(place, JOB, [written("t.jsonl", lines(record(1)) + bad)], "cloudtrail", clock=clock)
        assert (found.stored, found.refused_count) == (1, 1)

    @pytest.mark.parametrize(
        ("written_time", "time"),
        [
            ("2026-01-05T18:00:00+09:00", "2026-01-05T09:00:00Z"),
            ("2026-01-05T03:30:00-05:30", "2026-01-05T09:00:00Z"),
            ("2026-01-05T00:00:00.5+14:00", "2026-01-04T10:00:00.5Z"),
            ("2026-03-02T11:59:59Z", "2026-03-02T11:59:59Z"),
        ],
    )
    def test_times_of_any_zone_and_up_to_a_day_ahead_are_stored_in_utc(
        self, place: Store, clock: FixedClock, written: Write, written_time: str, time: str
    ) -> None:
        from datetime import datetime

        from vedette.base import to_micros

        text = lines(record(1, eventTime=written_time))
        ingest_logs(place, JOB, [written("t.jsonl", text)], "cloudtrail", clock=clock)
        (row,) = rows(place, "SELECT time_us, day FROM logs")
        assert (row["time_us"], row["day"]) == (to_micros(datetime.fromisoformat(time)), time[:10])

    @pytest.mark.parametrize(
        ("source", "ip", "name", "ip_class"),
        [
            ("::ffff:175.45.176.9", "175.45.176.9", None, "unknown"),
            ("10.1.2.3", "10.1.2.3", None, "private"),
            ("100.64.0.1", "100.64.0.1", None, "cgnat"),
            ("175.45.176.9:443", "175.45.176.9", None, "unknown"),
            ("999.9.9.9", None, "999.9.9.9", None),
            ("fe80::1%eth0", None, "fe80::1%eth0", None),
            ("cloudformation.amazonaws.com", None, "cloudformation.amazonaws.com", None),
        ],
    )
    def test_addresses_have_one_spelling_and_what_is_none_is_kept_as_a_name(
        self,
        place: Store,
        clock: FixedClock,
        written: Write,
        source: str,
        ip: str | None,
        name: str | None,
        ip_class: str | None,
    ) -> None:
        text = lines(record(1, sourceIPAddress=source))
        ingest_logs(place, JOB, [written("t.jsonl", text)], "cloudtrail", clock=clock)
        (row,) = rows(place, "SELECT * FROM logs")
        assert (row["ip"], row["source_name"], row["ip_class"]) == (ip, name, ip_class)
        assert row["ip_dprk"] == ("current" if ip == "175.45.176.9" else None)

    def test_deep_nesting_spoiled_bytes_and_a_monstrous_line_cost_their_records(
        self, place: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        bad = [
            b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
            b'{"eventName":"\xfc"}',
            b'{"eventName":"\0"}',
            b"x" * 17_000_000,
        ]
        path = tmp_path / "t.jsonl"
        path.write_bytes(b"\n".join([lines(record(1)).encode().strip(), *bad, lines(record(2)).encode()]))
        found = ingest_logs(place, JOB, [path], "cloudtrail", clock=clock)
        assert (found.read, found.stored, [item.line for item in found.refused]) == (6, 2, [2, 3, 4, 5])
        assert [item.reason.partition(":")[0].partition(" of ")[0] for item in found.refused] == [
            "is nested too deeply",
            "is not UTF-8",
            "holds a NUL byte",
            "is a line",
        ]
        (kept,) = place.workspace.refused.iterdir()
        assert kept.stat().st_size < 10_000


class TestParquet:
    SAMPLE = Path(ocsf.__file__).with_name("sample.jsonl")

    def parquet(self, place: Store, folder: Path, select: str, name: str = "o[1].parquet") -> Path:
        with place.engine([]) as engine:
            engine.run(f"COPY ({select}) TO '{folder / 'w.parquet'}' (FORMAT parquet)")
        return (folder / "w.parquet").rename(folder / name)

    def test_rows_of_ocsf_are_read_like_lines_of_it(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        lines_ = ingest_logs(place, JOB, [self.SAMPLE], "ocsf", clock=clock)
        before = rows(place, "SELECT * EXCLUDE (raw) FROM logs ORDER BY event_id")
        select = f"SELECT * FROM read_json('{self.SAMPLE}', format = 'newline_delimited', maximum_depth = 8)"
        path = self.parquet(place, tmp_path, select)
        again = ingest_logs(place, JOB, [path], "ocsf", clock=clock)
        assert (again.read, again.stored, again.duplicates) == (lines_.read, 0, lines_.stored)
        assert again.refused_count == lines_.refused_count
        assert rows(place, "SELECT * EXCLUDE (raw) FROM logs ORDER BY event_id") == before

    def test_times_typed_as_times_and_nested_rows(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        select = (
            "SELECT 3002 AS class_uid, 1 AS activity_id, TIMESTAMP '2026-01-05 09:00:00.5' AS time_dt, "
            "{'uid': 'o-1'} AS metadata, {'ip': '192.0.2.1'} AS src_endpoint, {'uid': 'u1', 'name': 'ann'} AS \"user\""
        )
        found = ingest_logs(place, JOB, [self.parquet(place, tmp_path, select)], "ocsf", clock=clock)
        (row,) = rows(place, "SELECT * FROM logs")
        assert (found.known, row["event_id"], row["ip"], row["principal_id"], row["time_us"]) == (
            1,
            "o-1",
            "192.0.2.1",
            "u1",
            1_767_603_600_500_000,
        )
        assert list(place.workspace.scratch.iterdir()) == []

    @pytest.mark.parametrize("data", [b"", b"PAR1", b"no parquet at all"])
    def test_a_damaged_file_is_refused_whole(
        self, place: Store, clock: FixedClock, tmp_path: Path, data: bytes
    ) -> None:
        path = tmp_path / "o.parquet"
        path.write_bytes(data)
        found = ingest_logs(place, JOB, [path, self.SAMPLE], "ocsf", clock=clock)
        assert len(found.faults) == 1 and found.stored > 0
        assert list(place.workspace.scratch.iterdir()) == []


class TestManyFiles:
    def test_files_of_one_reading_have_their_own_counts_and_refused_records(
        self, place: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        folder = tmp_path / "trail"
        folder.mkdir()
        for number in range(40):
            text = lines(record(2 * number), record(2 * number + 1)) + ("{oops\n" if number % 2 else "")
            (folder / f"t{number}.jsonl").write_text(text)
        (folder / "twin.jsonl").write_text(lines(record(2), record(3)) + "{oops\n")
        found = ingest_logs(place, JOB, [folder], "cloudtrail", clock=clock)
        assert (found.read, found.stored, found.duplicates, found.refused_count) == (103, 80, 2, 21)
        assert len({item.file for item in found.refused}) == 21
        again = ingest_logs(place, JOB, [folder], "cloudtrail", clock=clock)
        assert (again.read, again.stored, again.duplicates, again.refused_count) == (103, 0, 82, 21)
        assert len(list(place.workspace.scratch.iterdir())) == 0


class TestPersonalData:
    def test_mail_addresses_become_tokens_everywhere(self, place: Store, clock: FixedClock, written: Write) -> None:
        who = {"type": "IAMUser", "userName": "Ann@Example.org", "arn": "arn:aws:iam::1:user/ann@example.org"}
        text = lines(record(1, userIdentity=who)).replace("requestX", "") + lines(record(2, userIdentity=who)).replace(
            "@", "\\u0040"
        )
        ingest_logs(place, JOB, [written("t.jsonl", text)], "cloudtrail", clock=clock)
        found = rows(place, "SELECT * FROM logs")
        assert "example.org" not in json.dumps(found).lower()
        token = place.vault.token("email", "ann@example.org")
        assert {row["principal_email_token"] for row in found} == {token}
        assert {row["principal_id"] for row in found} == {f"arn:aws:iam::1:user/email-{token}"}

    def test_names_of_people_become_tokens(self, place: Store, clock: FixedClock, written: Write) -> None:
        event = {
            "uuid": "1",
            "published": "2026-01-05T09:00:00Z",
            "eventType": "user.session.start",
            "actor": {"id": "u", "displayName": "Ann Example"},
        }
        ingest_logs(place, JOB, [written("t.jsonl", lines(event))], "okta", clock=clock)
        assert "Example" not in json.dumps(rows(place, "SELECT * FROM logs"))


class TestIdentities:
    MOMENT = 1_767_603_601_000_000

    def account(
        self, place: Store, clock: FixedClock, written: Write, identities: str | None
    ) -> tuple[object, dict[str, int]]:
        path = written("t.jsonl", lines(record(1)))
        found = ingest_logs(place, JOB, [path], "cloudtrail", clock=clock, identities=identities)
        (row,) = rows(place, "SELECT account_id FROM logs")
        return row["account_id"], dict(found.unmapped)

    ARN = "arn:aws:iam::1:user/ann"

    @pytest.mark.parametrize(
        ("entries", "account"),
        [
            ([("a1", "principal", ARN, None, None)], "a1"),
            ([("a2", "tenant", "1", None, None), ("a1", "principal", ARN, None, None)], "a1"),
            ([("a2", "tenant", "1", None, None)], "a2"),
            ([("a2", "project", "1", None, None)], "a2"),
            ([("a1", "principal", ARN, MOMENT, MOMENT + 1)], "a1"),
            ([("a1", "principal", ARN, MOMENT + 1, None)], None),
            ([("a1", "principal", ARN, None, MOMENT)], None),
            ([("a1", "principal", ARN, None, None), ("a2", "principal", ARN, None, None)], None),
            (
                [
                    ("a1", "principal", ARN, None, None),
                    ("a2", "principal", ARN, None, None),
                    ("a3", "tenant", "1", None, None),
                ],
                "a3",
            ),
            ([("a1", "principal", "someone else", None, None)], None),
        ],
    )
    def test_the_nearest_name_that_is_one_account_at_that_time(
        self,
        place: Store,
        clock: FixedClock,
        written: Write,
        entries: list[tuple[str, str, str, int | None, int | None]],
        account: str | None,
    ) -> None:
        found, unmapped = self.account(place, clock, written, known(*entries))
        assert found == account
        assert unmapped == ({} if account else {self.ARN: 1})

    def test_without_identities_everybody_is_unmapped_and_shown(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        assert self.account(place, clock, written, None) == (None, {self.ARN: 1})

    def test_the_lake_table_itself_will_do(self, place: Store, clock: FixedClock, written: Write) -> None:
        assert self.account(place, clock, written, "identities") == (None, {self.ARN: 1})


@pytest.mark.shared_data
class TestRealTrails:
    @pytest.mark.parametrize(("name", "count"), [("invictus", 2900), ("stratus", 310)])
    def test_nothing_is_lost(self, place: Store, clock: FixedClock, shared_data: Path, name: str, count: int) -> None:
        path = shared_data / "events" / f"{name}_cloudtrail.jsonl.gz"
        found = ingest_logs(place, JOB, [path], "cloudtrail", clock=clock)
        assert (found.read, found.stored, found.duplicates, found.refused_count) == (count, count, 0, 0)
        assert found.known / found.stored > 0.95

    @pytest.mark.parametrize(
        ("product", "adapter"),
        [
            ("kubernetes_audit", "kubernetes_audit"),
            ("gcp_audit", "gcp_audit"),
            ("azure_monitor_activity", "azure_activity"),
            ("azure_audit", "azure_activity"),
            ("okta", "okta"),
            ("github_audit", "github_audit"),
        ],
    )
    def test_hand_made_samples_of_other_products_are_stored_or_refused_with_the_reason(
        self, place: Store, clock: FixedClock, shared_data: Path, written: Write, product: str, adapter: str
    ) -> None:
        with gzip.open(shared_data / "events" / "samples_by_product.jsonl.gz", "rt") as file:
            kept = [line for line in file if json.loads(line)["product"] == product]
        found = ingest_logs(place, JOB, [written("s.jsonl", "".join(kept))], adapter, clock=clock)
        assert found.read == len(kept)
        assert all(item.reason for item in found.refused)
        reasons = {item.reason for item in found.refused}
        assert not any("could not read it" in reason for reason in reasons), reasons
