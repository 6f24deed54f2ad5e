"""The terminal's side: rows, exit codes, and what goes where."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.watchlists.conftest import PRINCIPAL, SOURCES, sdn_file
from tests.watchlists.server import Page, publisher
from vedette import doors
from vedette.base import FixedClock
from vedette.store import Store
from vedette.watchlists.commands import app
from vedette.watchlists.source import Download, source

FTM = SOURCES / "xx_any_ftm" / "sample.entities.ftm.json"


@pytest.fixture
def vedette(store: Store, clock: FixedClock, tmp_path: Path) -> Any:
    """Run ``vedette lists ...`` against the workspace."""

    def run(*arguments: str | Path) -> Result:
        session = doors.Session(tmp_path / "ws", PRINCIPAL, lambda _root: store, clock=clock)
        return CliRunner().invoke(app, list(map(str, arguments)), obj=session)

    return run


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestLoad:
    def test_a_loaded_list_exits_0_with_its_row(self, vedette: Any) -> None:
        result = vedette("load", "--json", FTM)
        assert result.exit_code == 0
        (row,) = lines(result)
        assert (row["list"], row["outcome"], row["entries"], row["dprk"]) == ("xx_sample", "loaded", 3, 1)
        assert row["ignored"] == {"Address": 1, "Sanction": 1, "CryptoWallet": 1, "Ownership": 1}

    def test_people_get_a_table_and_every_count_of_what_was_ignored(self, vedette: Any) -> None:
        result = vedette("load", FTM)
        assert "xx_sample" in result.stdout
        assert "1 Ownership: ignored" in result.stdout

    def test_a_refused_file_exits_1_and_says_why(self, vedette: Any, tmp_path: Path) -> None:
        (tmp_path / "sdn.csv").write_bytes(b"")
        for arguments in (["load"], ["load", "--json"]):
            result = vedette(*arguments, tmp_path / "sdn.csv")
            assert result.exit_code == 1
            assert "is empty" in result.stderr
        assert lines(result)[0]["outcome"] == "refused"

    def test_others_are_loaded_before_the_exit_with_1(self, vedette: Any, tmp_path: Path) -> None:
        (tmp_path / "sdn.csv").write_bytes(b"")
        result = vedette("load", "--json", tmp_path / "sdn.csv", FTM)
        assert result.exit_code == 1
        assert [row["outcome"] for row in lines(result)] == ["refused", "loaded"]

    def test_a_folder_without_any_list_exits_1(self, vedette: Any, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "readme.txt").write_text("nothing")
        assert vedette("load", tmp_path / "folder").exit_code == 1

    def test_a_wrong_day_is_wrong_usage(self, vedette: Any) -> None:
        assert vedette("load", FTM, "--published", "yesterday").exit_code == 2

    def test_day_and_name_are_handed_on(self, vedette: Any) -> None:
        (row,) = lines(vedette("load", "--json", FTM, "--published", "2026-01-31", "--as", "mine"))
        assert (row["list"], row["published"]) == ("mine", "2026-01-31")


class TestFetch:
    @pytest.mark.parametrize("arguments", [[], ["--all", "us_ofac_sdn"]])
    def test_lists_or_all_but_not_both(self, vedette: Any, arguments: list[str]) -> None:
        assert vedette("fetch", *arguments).exit_code == 2

    def test_a_list_without_an_address_exits_1_with_the_remedy(self, vedette: Any) -> None:
        result = vedette("fetch", "--json", "xx_any_ftm")
        assert result.exit_code == 1
        assert "has no address to fetch from" in result.stderr
        assert lines(result)[0]["outcome"] == "refused"

    @pytest.mark.enable_socket
    def test_what_was_fetched_is_shown_like_what_was_loaded(
        self, vedette: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with publisher() as site:
            site.pages["/list"] = Page(FTM.read_bytes(), kind="application/json")
            there = replace(source("xx_any_ftm"), download=(Download("primary", f"{site.address}/list"),))
            monkeypatch.setattr(import_module("vedette.watchlists.refresh"), "sources", lambda: (there,))
            result = vedette("fetch", "--all", "--json")
        assert result.exit_code == 0
        (row,) = lines(result)
        assert (row["list"], row["outcome"], row["entries"]) == ("xx_sample", "loaded", 3)


class TestStatus:
    def test_lists_in_force_and_gaps_are_shown(self, vedette: Any) -> None:
        vedette("load", FTM)
        result = vedette("status")
        assert "xx_sample" in result.stdout
        assert "Not loaded, so not screened against:" in result.stdout
        by_list = {row["list"]: row for row in lines(vedette("status", "--json"))}
        assert by_list["xx_sample"]["in_force"] is True
        assert by_list["us_ofac_sdn"]["version"] is None
        assert (by_list["us_ofac_sdn"]["duty"], by_list["xx_sample"]["duty"]) == ("block", "none")

    def test_all_versions_are_shown_on_demand(self, vedette: Any) -> None:
        vedette("load", FTM)
        (row,) = lines(vedette("status", "--all", "--json"))
        assert (row["list"], row["entries"], len(row["content_hash"])) == ("xx_sample", 3, 64)


class TestDiff:
    def test_two_files_are_compared_without_a_workspace(self, tmp_path: Path, clock: FixedClock) -> None:
        old, new = sdn_file(tmp_path / "a.csv", range(5)), sdn_file(tmp_path / "b.csv", range(1, 6), n2="OTHER, Name")
        session = doors.Session(tmp_path, PRINCIPAL, lambda _root: pytest.fail("opened the store"), clock=clock)
        result = CliRunner().invoke(app, ["diff", "--json", str(old), str(new)], obj=session)
        assert result.exit_code == 0
        assert lines(result) == [
            {"change": "added", "entity_id": "5", "name": "SAMPLE, Person 5", "fields": []},
            {"change": "removed", "entity_id": "0", "name": "SAMPLE, Person 0", "fields": []},
            {"change": "changed", "entity_id": "2", "name": "OTHER, Name", "fields": ["names"]},
        ]

    def test_people_get_a_sum(self, vedette: Any) -> None:
        vedette("load", FTM)
        result = vedette("diff", "xx_sample", FTM)
        assert "0 added, 0 removed, 0 changed" in result.stdout


class TestHelp:
    @pytest.mark.parametrize("command", ["load", "fetch", "status", "diff"])
    def test_each_command_shows_an_example(self, vedette: Any, command: str) -> None:
        assert "Example: vedette lists" in vedette(command, "--help").stdout
