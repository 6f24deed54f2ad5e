"""Sign-ins, payments and keys of an export reach the lake once, enriched, and without what must not be there."""

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
from vedette.events.model import Intake
from vedette.events.store import lists
from vedette.events.store.rows import combined, ingest_tables
from vedette.names import parts
from vedette.store import Store

Write = Callable[[str, str], Path]
HEAD = "event_id,time,account_id,user_id,ip,user_agent,outcome,mfa,locale\n"
ONE = "e1,2026-01-05T09:00:00Z,a1,u1,20.0.0.9,aws-cli/2.0,success,true,ko-KR\n"
TWO = "e2,2026-01-06T23:30:00+02:00,a1,u1,,,failure,,\n"


def ingest(store: Store, folder: Path, clock: FixedClock) -> dict[str, Intake]:
    return {item.adapter: item for item in combined(ingest_tables(store, JOB, folder, clock=clock))}


def rows(store: Store, sql: str) -> list[dict[str, Any]]:
    with store.engine() as engine:
        return list(engine.dictionaries(sql))


class TestSignins:
    def test_rows_are_typed_and_enriched(self, place: Store, clock: FixedClock, written: Write) -> None:
        lists.load(place, JOB, [written("refs/geo.csv", "20.0.0.0,20.0.0.255,US\n")], clock=clock)
        folder = written("x/signins.csv", HEAD + ONE + TWO).parent
        found = ingest(place, folder, clock)["signins"]
        assert (found.read, found.stored, found.known, found.refused_count) == (2, 2, 2, 0)
        one, two = rows(place, "SELECT * FROM signins ORDER BY event_id")
        assert (one["ip_country"], one["ip_class"], one["ua_family"], one["mfa"]) == ("US", "unknown", "aws-cli", True)
        assert (one["day"], two["day"], two["time_us"]) == ("2026-01-05", "2026-01-06", 1_767_735_000_000_000)
        assert (two["ip_country"], two["outcome"], two["mfa"]) == (None, "failure", None)
        assert one["refs_version"] == lists.lookup(place, clock).version
        assert list(audit.verify(place).problems) == []

    def test_language_origin_and_mail_addresses_do_not_reach_the_lake(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        text = "event_id,time,account_id,user_id,locale,nationality,note\ne1,2026-01-05T09:00:00Z,a1,ann@example.org,ko-KR,KP,mail bo@example.org\n"
        found = ingest(place, written("x/signins.csv", text).parent, clock)["signins"]
        (row,) = rows(place, "SELECT * FROM signins")
        held = json.dumps(row)
        assert all(word not in held for word in ("ko-KR", "KP", "example.org", "nationality"))
        assert row["user_id"] == f"email-{place.vault.token('email', 'ann@example.org')}"
        assert json.loads(row["extra"])["note"].startswith("mail email-")
        assert any("EXC-01" in note and "nationality" in note for note in found.notes)

    def test_feeding_again_in_any_form_stores_nothing_twice(
        self, place: Store, clock: FixedClock, written: Write, tmp_path: Path
    ) -> None:
        path = written("x/signins.csv", HEAD + ONE + TWO + ONE)
        first = ingest(place, path.parent, clock)["signins"]
        assert (first.read, first.stored, first.duplicates) == (3, 2, 1)
        again = ingest(place, path.parent, clock)["signins"]
        assert (again.read, again.stored, again.duplicates) == (3, 0, 3)
        other = tmp_path / "y"
        other.mkdir()
        (other / "signins-2.csv.gz").write_bytes(gzip.compress((HEAD + TWO + ONE.replace("e1", "e3")).encode()))
        third = ingest(place, other, clock)["signins"]
        assert (third.read, third.stored, third.duplicates) == (2, 1, 1)
        assert len(rows(place, "SELECT * FROM signins")) == 3

    def test_bad_rows_are_refused_with_their_place_and_the_rest_goes_on(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        bad = "e3,2026-01-05T09:00:00,a1,,,,,,\ne4,2026-01-05T09:00:00Z,,,,,,,\ne5,2026-01-05T09:00:00Z,a1,,999.1.1.1,,,,\n"
        found = ingest(place, written("x/signins.csv", HEAD + ONE + bad).parent, clock)["signins"]
        assert (found.read, found.stored, found.refused_count) == (4, 1, 3)
        assert [item.line for item in found.refused] == [3, 4, 5]
        assert found.failed()

    @pytest.mark.parametrize(
        ("time", "reason"),
        [
            ("1999-12-31T23:59:59Z", "lies before 2000-01-01T00:00:00Z"),
            ("1970-01-01T00:00:00Z", "lies before 2000-01-01T00:00:00Z"),
            ("2026-03-02T12:00:01Z", "lies after 2026-03-02T12:00:00Z"),
            ("2042-01-01T00:00:00Z", "lies after 2026-03-02T12:00:00Z"),
        ],
    )
    @pytest.mark.parametrize("table", ["signins", "payments", "keys"])
    def test_times_of_a_wrong_clock_are_refused_with_what_to_do(
        self, place: Store, clock: FixedClock, written: Write, table: str, time: str, reason: str
    ) -> None:
        rows_ = [
            f"x{n},{moment},a1" for n, moment in enumerate(("2026-01-05T18:00:00+09:00", time, "2026-03-02T11:00:00Z"))
        ]
        key = {"signins": "event_id", "payments": "payment_id", "keys": "fingerprint"}[table]
        path = written(f"x/{table}.csv", "\n".join([f"{key},time,account_id", *rows_]) + "\n")
        found = ingest(place, path.parent, clock)[table]
        assert (found.stored, [(item.line, item.field, item.reason) for item in found.refused]) == (
            2,
            [(3, "time", reason)],
        )
        assert found.refused[0].remedy == "Check the clock or the unit"

    @pytest.mark.parametrize(
        ("ip", "stored"),
        [
            ("::ffff:175.45.176.9", "175.45.176.9"),
            ("10.0.0.1", "10.0.0.1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("fe80::1%eth0", None),
            ("300.1.1.1", None),
            ("1.2.3.4:80", None),
        ],
    )
    def test_addresses_have_one_spelling_and_malformed_ones_refuse_their_row(
        self, place: Store, clock: FixedClock, written: Write, ip: str, stored: str | None
    ) -> None:
        text = f"event_id,time,account_id,ip\ne1,2026-01-05T09:00:00Z,a1,{ip}\n"
        found = ingest(place, written("x/signins.csv", text).parent, clock)["signins"]
        assert [row["ip"] for row in rows(place, "SELECT ip FROM signins")] == ([stored] if stored else [])
        assert found.refused_count == (0 if stored else 1)

    @pytest.mark.parametrize("amount", ["NaN", "nan", "inf", "-Infinity", "1e999", "0x10", "12,5"])
    def test_amounts_that_are_no_number_refuse_their_row(
        self, place: Store, clock: FixedClock, written: Write, amount: str
    ) -> None:
        text = f'payment_id,account_id,time,amount\np1,a1,2026-01-05T09:00:00Z,"{amount}"\n'
        found = ingest(place, written("x/payments.csv", text).parent, clock)["payments"]
        assert (found.stored, found.refused_count, found.refused[0].field) == (0, 1, "amount")

    def test_a_broken_file_is_refused_whole_and_the_others_are_stored(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        folder = written("x/signins.csv", HEAD + ONE).parent
        (folder / "signins-2.csv.gz").write_bytes(gzip.compress((HEAD + TWO).encode())[:30])
        found = ingest(place, folder, clock)["signins"]
        assert (found.read, found.stored, len(found.faults)) == (1, 1, 1)
        assert "signins-2.csv.gz" in found.faults[0]

    def test_an_empty_folder_gives_nothing(self, place: Store, clock: FixedClock, tmp_path: Path) -> None:
        assert ingest(place, tmp_path, clock) == {}


class TestPayments:
    TEXT = (
        "payment_id,account_id,time,payer_name,amount,currency,wallet\n"
        'p1,a1,2026-01-05T09:00:00Z,"Example, Ann",10.5,EUR,1Boat\n'
        "p2,a2,2026-01-05T09:00:00Z,Ann Example,20,EUR,\n"
    )

    def test_names_become_tokens_equal_in_any_order_and_wallets_stay(
        self, place: Store, clock: FixedClock, written: Write
    ) -> None:
        ingest(place, written("x/payments.csv", self.TEXT).parent, clock)
        one, two = rows(place, "SELECT * FROM payments ORDER BY payment_id")
        assert (
            one["payer_name_token"]
            == two["payer_name_token"]
            == place.vault.token("name", " ".join(parts("Ann Example")))
        )
        assert (one["amount"], one["wallet"]) == (10.5, "1Boat")
        assert "Ann" not in json.dumps([one, two])
        tokens = rows(place, "SELECT payment_id, part_token FROM payer_name_parts ORDER BY ALL")
        assert len(tokens) == 4
        assert {row["part_token"] for row in tokens} == set(place.vault.tokens("name_part", parts("Ann Example")))


class TestKeys:
    def test_the_content_is_the_id(self, place: Store, clock: FixedClock, written: Write) -> None:
        line = "a1,2026-01-05T09:00:00Z,ssh,SHA256:x\n"
        path = written("x/keys.csv", "account_id,time,kind,fingerprint\n" + line + line + line.replace("a1", "a2"))
        found = ingest(place, path.parent, clock)["keys"]
        assert (found.read, found.stored, found.duplicates) == (3, 2, 1)
        assert len({row["key_id"] for row in rows(place, "SELECT key_id FROM keys")}) == 2


class TestCombined:
    def test_files_of_one_table_add_up(self) -> None:
        one = Intake(adapter="x", read=2, stored=1, known=0, other=1, duplicates=1, others={"a": 1})
        two = Intake(adapter="x", read=1, stored=1, known=0, other=1, others={"a": 1}, faults=("f",))
        (total,) = combined([one, two])
        assert (total.read, total.others, total.faults) == (3, {"a": 2}, ("f",))

    @pytest.mark.parametrize("count", [0, 1])
    def test_few_stay_as_they_are(self, count: int) -> None:
        assert combined([Intake(adapter="x")] * count) == (Intake(adapter="x"),) * count
