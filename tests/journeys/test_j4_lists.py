"""J4: a list owner loads a new version of a sanctions list: only what changed is screened again, both ways."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import scene
from tests.journeys.scene import Desk, customer, ftm_person, write_csv, write_list

_OLD_GUARD = [ftm_person(f"X-{n:03}", f"Quendrith Ostervale {n:03}", f"19{50 + n}-03-04") for n in range(20)]
TAMSIN = ftm_person("X-900", "Tamsin Wexhollow", "1971-08-15", "RS")
BRAM = ftm_person("X-901", "Bram Okkerveld", "1966-02-28", "RU")
FIRST = [*_OLD_GUARD, TAMSIN]
SECOND = [*_OLD_GUARD, BRAM]
CUSTOMERS = [
    customer("tamsin", "Tamsin Wexhollow", birth_date="1971-08-15", country="RS"),
    customer("bram", "Bram Okkerveld", birth_date="1966-02-28", country="RU"),
    customer("ann", "Ann Example", birth_date="1990-01-01", country="US"),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three customers, one of whom is on the first version of the list."""
    folder = tmp_path_factory.mktemp("lists")
    write_csv(folder / "export" / "accounts.csv", CUSTOMERS)
    desk = Desk(shutil.copytree(scene.bare(tmp_path_factory.getbasetemp()), folder / "ws"))
    desk("lists", "load", write_list(folder / "first.ftm.json", FIRST)).done()
    desk("run", folder / "export").done()
    return desk.root


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    """A copy of it for the test."""
    return Desk(shutil.copytree(template, tmp_path / "ws"))


def stopped(desk: Desk) -> set[str]:
    return {
        account
        for row in desk.findings().values()
        if row["check"] == "screening/list_match" and row["strength"] == "stop"
        for account in row["accounts"]
    }


def in_force(desk: Desk) -> dict[str, Any]:
    (row,) = [row for row in desk("lists", "status", "--json").done().rows if row["in_force"]]
    return row


class TestNewVersion:
    def test_who_becomes_listed_is_found_and_who_is_delisted_is_let_go(self, desk: Desk, tmp_path: Path) -> None:
        """On the day a list changes a customer becomes untouchable, and another one's hold loses its ground."""
        assert stopped(desk) == {"tamsin"}
        loaded = desk("lists", "load", write_list(tmp_path / "second.ftm.json", SECOND), "--json").done().row
        assert (loaded["outcome"], loaded["added"], loaded["removed"], loaded["changed"]) == ("loaded", 1, 1, 0)
        steps = {row["step"]: row for row in desk("run", "--json").done().rows}
        assert stopped(desk) == {"bram"}
        assert steps["screening"]["due"] is True
        assert (steps["screening"]["findings_new"], steps["screening"]["findings_withdrawn"]) == (1, 1)

    def test_only_what_changed_is_done_again(self, desk: Desk, tmp_path: Path) -> None:
        """A list update costs a screening, not the night: rules over unchanged events do not run again."""
        desk("lists", "load", write_list(tmp_path / "second.ftm.json", SECOND)).done()
        steps = {row["step"]: row["due"] for row in desk("run", "--json").done().rows}
        assert steps["screening"] is True
        assert (steps["presence"], steps["detections"]) == (False, False)

    def test_the_case_of_the_delisted_says_that_its_ground_is_gone(self, desk: Desk, tmp_path: Path) -> None:
        """The reviewer is not left holding a customer for a list entry that no longer exists."""
        (before,) = desk.cases()
        assert before["accounts"] == ["tamsin"]
        desk("lists", "load", write_list(tmp_path / "second.ftm.json", SECOND)).done()
        desk("run").done()
        assert [case["accounts"] for case in desk.cases() if case["priority"] >= 50] == [["bram"]]
        (withdrawn,) = [
            row
            for row in desk("findings", "--withdrawn", "--account", "tamsin", "--json").done().rows
            if row["state"] == "withdrawn"
        ]
        assert withdrawn["id"] in before["findings"]

    def test_the_evidence_names_the_version_that_was_in_force(self, desk: Desk) -> None:
        """Years later it can be shown which list, of which day, held the customer."""
        version = in_force(desk)["version"]
        (row,) = [row for row in desk.findings().values() if row["strength"] == "stop"]
        assert any(version in str(item) for item in row["evidence"])
        assert version in row["summary"]

    def test_the_difference_between_two_versions_is_exact(self, desk: Desk, tmp_path: Path) -> None:
        """The list owner sees which entries came and went, and nothing else."""
        paths = [write_list(tmp_path / f"{n}.ftm.json", entries) for n, entries in enumerate((FIRST, SECOND))]
        rows = desk("lists", "diff", *paths, "--json").done().rows
        assert {(row["change"], row["entity_id"]) for row in rows} == {("removed", "X-900"), ("added", "X-901")}


class TestRefusedVersion:
    @pytest.mark.parametrize(
        ("name", "entries"),
        [("empty", []), ("shrunken", SECOND[:5])],
    )
    def test_an_empty_or_shrunken_list_is_refused_and_the_old_one_stays(
        self, desk: Desk, tmp_path: Path, name: str, entries: list[dict[str, Any]]
    ) -> None:
        """A half-downloaded file must not set sanctioned customers free."""
        before = in_force(desk)
        answer = desk("lists", "load", write_list(tmp_path / f"{name}.ftm.json", entries), "--as", "invented_list")
        assert answer.code == 1
        assert "refused" in answer.err
        assert in_force(desk) == before
        desk("run").done()
        assert stopped(desk) == {"tamsin"}

    def test_a_malformed_list_is_refused_with_its_line(self, desk: Desk, tmp_path: Path) -> None:
        """The list owner learns where the file is broken."""
        path = write_list(tmp_path / "broken.ftm.json", FIRST)
        path.write_text(path.read_text()[:-40])
        answer = desk("lists", "load", path)
        assert answer.code == 1
        assert "broken.ftm.json" in answer.err and "21" in answer.err
        assert in_force(desk)["entries"] == len(FIRST)

    def test_it_can_be_forced_with_a_reason_that_stays_on_record(self, desk: Desk, tmp_path: Path) -> None:
        """A publisher who really delists most entries can be followed, but somebody answers for it."""
        path = write_list(tmp_path / "shrunken.ftm.json", SECOND[:5])
        assert desk("lists", "load", path, "--force").code != 0
        loaded = desk("lists", "load", path, "--force", "--reason", "The publisher split the list in two.", "--json")
        assert loaded.done().row["outcome"] == "loaded"
        desk("run").done()
        assert stopped(desk) == set()
        (forced,) = [row for row in desk("lists", "status", "--all", "--json").done().rows if row["in_force"]]
        assert forced["forced"]
        desk("audit", "verify").done()
