"""The terminal's side: what each command prints, what it refuses with a remedy, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.made import ANNA
from tests.sharing.conftest import WRITER, shared
from vedette import doors
from vedette.base import FixedClock, VedetteError
from vedette.sharing import scan
from vedette.sharing.commands import app
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.model import recall
from vedette.store import Store

Run = Callable[..., Result]


@pytest.fixture
def share(store: Store, clock: FixedClock) -> Run:
    """Run ``vedette share ...`` against the workspace."""

    def run(*words: object, stdin: str = "") -> Result:
        session = doors.Session(store.workspace.root, ANNA, lambda _root: store, clock=clock)
        return CliRunner().invoke(app, list(map(str, words)), obj=session, input=stdin)

    return run


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


def refused(result: Result) -> VedetteError:
    assert isinstance(result.exception, VedetteError), result.output
    assert result.exception.remedy
    return result.exception


class TestExport:
    @pytest.mark.parametrize(
        ("name", "holds"), [("stix", "stix21"), ("misp", "misp"), ("csv", "csv"), ("bundle", "bundle")]
    )
    def test_each_format_is_written_and_read_again(self, share: Run, tmp_path: Path, name: str, holds: str) -> None:
        rows(share("add", "domain", "control.example.net", "--why", "A relay", "--json"))
        file = tmp_path / "out"
        (told,) = rows(share("export", "--format", name, "--tier", "A", "-o", file, "--as-is", "--json"))
        assert (told["objects"], told["tier"]) == (1, "A")
        assert file.stat().st_mode & 0o077 == 0
        (told,) = rows(share("import", file, "--json"))
        assert (told["format"], told["read"], told["stored"], told["refused"]) == (holds, 1, 1, [])

    def test_it_writes_to_standard_output(self, share: Run) -> None:
        rows(share("add", "tool", "AnyDesk", "--json"))
        result = share("export", "--as-is")
        assert json.loads(result.stdout)["type"] == "bundle"

    def test_what_a_format_cannot_hold_is_told(self, share: Run, tmp_path: Path) -> None:
        rows(share("add", "address", "8.8.8.8", "--marking", "amber+strict", "--json"))
        result = share("export", "--marking", "green", "--as-is", "-o", tmp_path / "a.json")
        assert "held back: 1 marked beyond what was asked" in result.stderr

    @pytest.mark.parametrize("words", [("--tier", "B"), ("--tier", "C"), ("--marking", "white")])
    def test_wrong_usage_is_exit_2(self, share: Run, words: tuple[str, ...]) -> None:
        assert share("export", *words).exit_code == 2

    def test_an_unknown_format_names_the_known(self, share: Run) -> None:
        assert "stix21" in refused(share("export", "--format", "xml", "--as-is")).remedy

    def test_disclosure_without_ground_is_refused_with_its_remedy(self, share: Run) -> None:
        found = refused(share("export", "--tier", "C", "--case", "case_x", "--to", "bis"))
        assert "report grounds" in found.remedy
        assert "authority" in str(refused(share("export", "--tier", "C", "--case", "c", "--to", "north")))
        assert "no disclosure" in str(refused(share("export", "--tier", "C", "--disclosure", "dsc_x")))


class TestImport:
    def test_refused_objects_are_told_and_many_are_exit_1(self, share: Run, tmp_path: Path) -> None:
        file = tmp_path / "in.json"
        bad = {**as_stix(shared()), "object_marking_refs": []}
        file.write_text(json.dumps({"type": "bundle", "objects": [as_stix(shared()), bad, {**bad, "id": "x"}]}))
        result = share("import", file, "--json")
        (told,) = rows(result)
        assert result.exit_code == 1
        assert (told["read"], told["stored"], told["refused_count"]) == (3, 1, 2)
        assert told["refused"][1] == {"object": "object 3", "reason": told["refused"][1]["reason"]}
        (told,) = rows(share("import", file, "--all-or-nothing", "--json"))
        assert (told["stored"], told["refused_count"]) == (0, 3)

    def test_how_many_more_were_refused_is_said(self, share: Run, tmp_path: Path) -> None:
        file = tmp_path / "in.json"
        bad = [{**as_stix(shared(title=f"{n}")), "object_marking_refs": []} for n in range(10)]
        file.write_text(json.dumps({"type": "bundle", "objects": bad}))
        result = share("import", file)
        assert result.stderr.count("unmarked") == 5
        assert "5 more were refused" in result.stderr

    def test_recalls_that_came_unsigned_are_said(self, share: Run, tmp_path: Path) -> None:
        file = tmp_path / "in.csv"
        gone = recall(shared(), "not true", "2026-03-01T13:00:00.000Z")
        file.write_bytes(scan.formats()["csv"].write([gone], WRITER))
        result = share("import", file, "--json")
        assert rows(result)[0]["unsigned_recalls"] == 1
        assert "1 recalls came unsigned and were not acted on: use --from PEER or a signed bundle" in result.stderr

    def test_a_broken_file_does_not_keep_the_others_out(self, share: Run, tmp_path: Path) -> None:
        (tmp_path / "bad").write_bytes(b"nonsense")
        (tmp_path / "good").write_bytes(scan.formats()["misp"].write([shared()], WRITER))
        result = share("import", tmp_path / "bad", tmp_path / "good", "--json")
        bad, good = rows(result)
        assert (bad["problem"], good["stored"], result.exit_code) == ("is in no known format", 1, 1)

    def test_an_unknown_peer(self, share: Run, tmp_path: Path) -> None:
        assert "peers list" in refused(share("import", tmp_path / "x", "--from", "nobody")).remedy


class TestInbound:
    def test_list_accept_reject(self, share: Run, tmp_path: Path) -> None:
        file = tmp_path / "in.csv"
        file.write_bytes(scan.formats()["csv"].write([shared(), shared(title="second")], WRITER))
        rows(share("peers", "add", "north", "--json"))
        rows(share("import", file, "--from", "north", "--json"))
        one, two = rows(share("inbound", "list", "--json"))
        assert (one["source"], one["state"], one["value"]) == ("peer:north", "waiting", "8.8.8.8")
        assert rows(share("inbound", "accept", one["id"], "--json"))[0]["state"] == "accepted"
        assert rows(share("inbound", "reject", two["id"], "--reason", "a relay", "--json"))[0]["state"] == "rejected"
        assert rows(share("inbound", "list", "--json")) == []
        assert len(rows(share("inbound", "list", "--state", "all", "--json"))) == 2
        assert share("inbound", "list", "--state", "odd").exit_code == 2


class TestPeersAndCollections:
    def test_a_token_is_shown_once_and_never_again(self, share: Run, store: Store) -> None:
        rows(share("collections", "add", "open", "--title", "Open", "--json"))
        (made,) = rows(share("peers", "add", "north", "--read", "open", "--contact", "sec@north.example", "--json"))
        assert made["token"].startswith("vdp_")
        assert made["token"] not in share("peers", "list", "--json").stdout
        with store.database.reading() as connection:
            assert made["token"] not in str(connection.exec_driver_sql("SELECT * FROM sharing_peer").all())
        (again,) = rows(share("peers", "rotate", "north", "--json"))
        assert again["token"] != made["token"]
        assert rows(share("peers", "revoke", "north", "--json"))[0]["revoked_at"]

    def test_publish_and_recall(self, share: Run) -> None:
        rows(share("collections", "add", "open", "--json"))
        (item,) = rows(share("add", "range", "175.45.176.0/22", "--json"))
        assert rows(share("collections", "publish", "open", item["id"], "--json"))[0]["added"] == 1
        assert rows(share("collections", "list", "--json"))[0]["alias"] == "open"
        (told,) = rows(share("recall", item["id"], "--reason", "changed hands", "--json"))
        assert (told["recalled"], told["collections"], told["recipients"]) == (True, 1, 0)
        assert rows(share("list", "--json"))[0]["recalled"] is True
        assert rows(share("send", "--json")) == [{"sent": 0, "failed": 0}]
        assert rows(share("deliveries", "--json")) == []

    @pytest.mark.parametrize(
        "words",
        [
            ("collections", "add", "../x"),
            ("collections", "add", "x", "--marking", "red"),
            ("collections", "publish", "none"),
            ("peers", "add", "a b"),
            ("peers", "add", "x", "--read", "none"),
            ("peers", "add", "x", "--public-key", "zz"),
            ("peers", "add", "x", "--fingerprint", "zz"),
            ("peers", "add", "x", "--url", "http://north.example/"),
            ("peers", "revoke", "none"),
            ("recall", "indicator--x", "--reason", "x"),
            ("inbound", "accept", "inb_none"),
            ("fetch", "none"),
            ("disclosures", "approve", "dsc_none"),
            ("add", "address", "127.0.0.1"),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_remedy(self, share: Run, words: tuple[str, ...]) -> None:
        refused(share(*words))

    def test_who_we_are(self, share: Run, tmp_path: Path) -> None:
        (own,) = rows(share("whoami", "--json"))
        assert len(own["public_key"]) == 64
        rows(share("add", "tool", "AnyDesk", "--json"))
        rows(share("export", "--format", "bundle", "--as-is", "-o", tmp_path / "b.json", "--json"))
        (told,) = rows(share("check", tmp_path / "b.json", "--json"))
        assert (told["signer"], told["objects"], told["proofs"]) == (own["public_key"], 1, 1)
        assert rows(share("disclosures", "list", "--json")) == []
