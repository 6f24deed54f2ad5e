"""The command line of address references."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.made import ANNA
from vedette import doors
from vedette.base import FixedClock
from vedette.events import fetch
from vedette.events.commands import app
from vedette.events.references.model import RangeListError
from vedette.store import Store

Write = Callable[[str, str], Path]
Run = Callable[..., "tuple[int, str]"]


@pytest.fixture
def run(place: Store, clock: FixedClock) -> Run:
    """Runs `vedette refs ...`; anticipated errors are raised as the cli room would meet them."""

    def invoke(*words: str) -> tuple[int, str]:
        session = doors.Session(place.workspace.root, ANNA, lambda _root: place, clock=clock)
        result = CliRunner().invoke(app, list(words), obj=session)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return invoke


class TestLoadAndStatus:
    def test_a_loaded_list_is_shown_by_contract(self, run: Run, written: Write) -> None:
        code, output = run("load", str(written("vpn.txt", "20.0.0.0/24\n")), "--json")
        row = json.loads(output)
        assert code == 0
        assert (row["name"], row["kind"], row["rows"], row["expires"], row["state"]) == (
            "vpn",
            "class",
            1,
            "2026-05-30",
            "in force",
        )
        assert json.loads(run("status", "--json")[1]) == row

    def test_what_is_missing_is_told(self, run: Run, written: Write) -> None:
        _, output = run("status")
        assert "No country list is in force" in output
        assert "class of every address is unknown" in output
        run("load", str(written("geo.csv", "20.0.0.0,20.0.0.255,US\n")))
        assert "No country list" not in run("status")[1]

    def test_an_expired_list_says_so(self, run: Run, written: Write, clock: FixedClock) -> None:
        from datetime import timedelta

        run("load", str(written("x.txt", "20.0.0.0/24\n")), "--kind", "tor", "--expires", "1")
        clock.advance(timedelta(days=2))
        assert json.loads(run("status", "--json")[1])["state"] == "expired"

    def test_a_list_that_does_not_tell_what_it_is_needs_a_kind(self, run: Run, written: Write) -> None:
        with pytest.raises(RangeListError, match="Give --kind"):
            run("load", str(written("x.txt", "20.0.0.0/24\n")))


class TestFetch:
    def test_packages_land_in_the_cache_with_their_attribution(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VEDETTE_CACHE", str(tmp_path / "cache"))
        asked: list[Path] = []

        def stand_in(folder: Path, **_: object) -> tuple[Path, ...]:
            asked.append(folder)
            return (folder / "one.tgz", folder / "two.tgz")

        monkeypatch.setattr(fetch, "fetch", stand_in)
        code, output = run("fetch", "--json")
        assert code == 0
        assert asked == [tmp_path / "cache"]
        assert any("DB-IP" in json.loads(line)["attribution"] for line in output.splitlines())
