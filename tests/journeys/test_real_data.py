"""The journeys on real input: publishers' lists, published CloudTrail records, and customers who bear real listed names.

Skipped, with a message, where the measuring data is absent.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import scene
from tests.journeys.scene import Desk, customer, write_csv
from vedette.base import Party

pytestmark = pytest.mark.shared_data
COMPANIONS = ("alt_2025-02-27.csv.gz", "add_2025-02-27.csv.gz", "sdn_comments_2025-12-24.csv.gz")


@pytest.fixture(scope="module")
def listed(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    """A workspace in which the SDN and UN lists are in force, and what loading them told."""
    root = shutil.copytree(scene.bare(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("real") / "ws")
    lists = shared_data / "watchlists"
    paths = [lists / "ofac" / name for name in ("sdn_2024-05-03.csv.gz", *COMPANIONS)]
    rows = Desk(root)("lists", "load", *paths, lists / "un" / "un_consolidated_2026-02-27.xml.gz", "--json").done().rows
    return root, {row["list"]: row for row in rows}


@pytest.fixture
def desk(listed: tuple[Path, dict[str, Any]], tmp_path: Path) -> Desk:
    """A copy of it for the test."""
    return Desk(shutil.copytree(listed[0], tmp_path / "ws"))


class TestLists:
    @pytest.mark.parametrize(
        ("name", "entries", "dprk"), [("us_ofac_sdn", 14_965, 484), ("un_sc_consolidated", 1_003, 155)]
    )
    def test_every_entry_is_loaded(
        self, listed: tuple[Path, dict[str, dict[str, Any]]], name: str, entries: int, dprk: int
    ) -> None:
        """Nobody on a list escapes because a row was not understood."""
        told = listed[1][name]
        assert (told["outcome"], told["entries"], told["dprk"]) == ("loaded", entries, dprk)

    def test_an_empty_sdn_file_is_refused_and_the_old_version_stays_in_force(self, desk: Desk, tmp_path: Path) -> None:
        """A failed download sets nobody free."""
        (tmp_path / "sdn.csv").write_bytes(b"")
        assert desk("lists", "load", tmp_path / "sdn.csv").code == 1
        held = {row["list"]: row for row in desk("lists", "status", "--json").done().rows}
        assert held["us_ofac_sdn"]["entries"] == 14_965

    def test_a_difference_of_two_versions_is_a_plain_set_difference(self, desk: Desk, shared_data: Path) -> None:
        """The list owner sees exactly who came and who went."""
        import gzip

        folder = shared_data / "watchlists" / "ofac"
        paths = (folder / "history" / "sdn_2023-08-31.csv.gz", folder / "sdn_2024-05-03.csv.gz")
        ids = []
        for path in paths:
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                ids.append({row[0] for row in csv.reader(file) if row and row[0].isdigit()})
        rows = desk("lists", "diff", *paths, "--json").done().rows
        found = {kind: {row["entity_id"] for row in rows if row["change"] == kind} for kind in ("added", "removed")}
        assert found == {"added": ids[1] - ids[0], "removed": ids[0] - ids[1]}


class TestLogs:
    @pytest.mark.parametrize(("name", "count"), [("invictus", 2_900), ("stratus", 310)])
    def test_no_record_is_lost(self, bare: Desk, shared_data: Path, name: str, count: int) -> None:
        """Every trace of an intrusion is stored or refused with its reason."""
        path = shared_data / "events" / f"{name}_cloudtrail.jsonl.gz"
        (told,) = bare("ingest", "--adapter", "cloudtrail", path, "--json").done().rows[:1]
        assert told["read"] == count == told["stored"] + told["duplicates"] + told["refused_count"]
        assert told["stored"] == bare.lake()["logs"] == told["known"] + told["other"]
        assert told["known"] / told["stored"] >= 0.5


def full(party: Party) -> str:
    """The first birth date that is known to the day, or nothing."""
    return next((day for day in party.birth_dates if len(day) == 10 and not day.endswith("-01-01")), "")


def persons(desk: Desk) -> list[tuple[str, Party]]:
    """Persons of both lists with a full birth date, one in a hundred, in a stable order.

    The first of January often stands for a year alone, so that it is compared as such.
    """
    from vedette import watchlists
    from vedette.app.opening import open_store

    store = open_store(desk.root)
    found = [
        (entry.entity_id, entry.party)
        for version in watchlists.current(store)
        for entry in watchlists.entries(store, version)
        if entry.party.kind.value == "person" and full(entry.party)
    ]
    store.close()
    return found[::100]


class TestCustomersWhoAreListed:
    def test_they_are_found_and_their_namesakes_are_not_stopped(self, desk: Desk, tmp_path: Path) -> None:
        """The listed are held with the list version in evidence; whoever only bears the name keeps the service."""
        chosen = persons(desk)
        assert len(chosen) >= 30
        rows = []
        for number, (_, party) in enumerate(chosen):
            name = party.names[0].text
            born = full(party)
            rows.append(customer(f"listed-{number}", name, birth_date=born))
            rows.append(customer(f"nameonly-{number}", name))
            other = f"{int(born[:4]) + 23}-{(int(born[5:7]) + 5) % 12 + 1:02}-{(int(born[8:]) + 11) % 27 + 1:02}"
            rows.append(customer(f"namesake-{number}", name, birth_date=other, country="NZ"))
        write_csv(tmp_path / "export" / "accounts.csv", rows)
        desk("run", tmp_path / "export").done()
        found = [row for row in desk.findings().values() if row["check"] == "screening/list_match"]
        by_account: dict[str, list[dict[str, Any]]] = {}
        for row in found:
            for account in row["accounts"]:
                by_account.setdefault(account, []).append(row)
        stopped = {account for account, held in by_account.items() if any(row["strength"] == "stop" for row in held)}
        versions = {row["version"] for row in desk("lists", "status", "--json").done().rows if row["in_force"]}

        assert {f"listed-{n}" for n in range(len(chosen))} <= stopped
        assert {f"nameonly-{n}" for n in range(len(chosen))} <= by_account.keys()
        assert not [account for account in stopped if not account.startswith("listed-")]
        for row in found:
            assert any(version in str(row["evidence"]) for version in versions)
