"""The register of completions: scores are marked again, names are kept by consent only, entries end and can be withdrawn."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from tests.made import ANNA
from vedette import doors
from vedette.audit import verify
from vedette.base import FixedClock, VedetteError
from vedette.conference.education import KitError, content
from vedette.conference.education import store as state
from vedette.conference.education.commands import app
from vedette.conference.education.statement import expiry, normal, read_statement
from vedette.store import Store

TODAY = date(2026, 3, 1)


def told(**changes: Any) -> bytes:
    """A statement as the quiz page saves it, with changes."""
    held = {
        "kind": "vedette-education-completion",
        "quiz": content.quiz_version(),
        "language": "ko",
        "completed_on": "2026-02-27",
        "person": "Kim Ada",
        "named": True,
        "answers": dict(content.answers()),
    }
    return json.dumps({**held, **changes}).encode()


def wrong(count: int) -> dict[str, str]:
    """Answers of which so many are wrong."""
    right = content.answers()
    return {id: letter if number >= count else "z" for number, (id, letter) in enumerate(right.items())}


class TestReadStatement:
    def test_a_full_statement(self) -> None:
        statement = read_statement(told(), "c.json")
        assert (statement.person, statement.named, statement.right, statement.questions) == ("Kim Ada", True, 14, 14)
        assert statement.completed_on == date(2026, 2, 27)

    def test_the_limit_itself_passes(self) -> None:
        needed = content.quiz("ko").needed
        assert read_statement(told(answers=wrong(14 - needed)), "c.json").right == needed
        with pytest.raises(KitError, match=f"{needed - 1} of 14 are right; {needed} pass"):
            read_statement(told(answers=wrong(15 - needed)), "c.json")

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"quiz": "0" * 8}, "another edition"),
            ({"language": "xx"}, "no language"),
            ({"answers": []}, "are no answers"),
            ({"answers": {"login": 1}}, "are no answers"),
            ({"person": " \n "}, "names nobody"),
            ({"person": "x" * 201}, "names nobody"),
            ({"person": 7}, "names nobody"),
            ({"completed_on": "yesterday"}, "is no day"),
            ({"score": 14}, "no statement"),
            ({"kind": "other"}, "no statement"),
        ],
    )
    def test_what_is_wrong_is_named(self, changes: dict[str, Any], problem: str) -> None:
        with pytest.raises(KitError, match=problem):
            read_statement(told(**changes), "c.json")

    @pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 50_000, b"{}", b"null", b" " * 70_000])
    def test_other_files_are_refused(self, data: bytes) -> None:
        with pytest.raises(KitError):
            read_statement(data, "c.json")

    def test_a_name_cannot_steer_a_terminal(self) -> None:
        assert read_statement(told(person="Ada\x1b[2J\n Kim"), "c.json").person == "Ada [2J Kim"

    @settings(max_examples=50)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused_by_name(self, data: bytes) -> None:
        with pytest.raises(KitError):
            read_statement(data, "c.json")


class TestExpiry:
    def test_the_last_day_still_counts(self) -> None:
        statement = read_statement(told(completed_on="2025-03-01"), "c.json")
        assert expiry(statement, TODAY, 365, "c.json") == TODAY

    @pytest.mark.parametrize(("day", "problem"), [("2025-02-28", "more than 365"), ("2026-03-03", "future")])
    def test_too_old_and_too_new(self, day: str, problem: str) -> None:
        with pytest.raises(KitError, match=problem):
            expiry(read_statement(told(completed_on=day), "c.json"), TODAY, 365, "c.json")

    def test_a_learner_further_east_may_be_a_day_ahead(self) -> None:
        assert expiry(read_statement(told(completed_on="2026-03-02"), "c.json"), TODAY, 1, "c.json") == date(2026, 3, 3)


class TestNormal:
    @pytest.mark.parametrize(("one", "other"), [("Kim  Ada", "kim ada"), ("ＡＤＡ", "ada"), ("김 아다", "김 아다")])
    def test_spellings_of_one_name(self, one: str, other: str) -> None:
        assert normal(one) == normal(other)


class TestRegister:
    def test_a_name_is_kept_where_its_owner_agreed(self, store: Store, clock: FixedClock) -> None:
        made = state.register(store, ANNA, read_statement(told(), "c"), TODAY, clock=clock)
        assert made.person == "Kim Ada"
        assert state.completions(store) == [made]

    def test_else_only_a_code_is_kept(self, store: Store, clock: FixedClock) -> None:
        """The name of someone who did not agree must stand nowhere, not even sealed."""
        state.register(store, ANNA, read_statement(told(named=False), "c"), TODAY, clock=clock)
        (entry,) = state.completions(store)
        assert entry.person is None
        assert "Kim" not in str(entry)

    def test_a_repeated_entry_takes_the_earlier_one_s_place(self, store: Store, clock: FixedClock) -> None:
        state.register(store, ANNA, read_statement(told(named=False), "c"), TODAY, clock=clock)
        state.register(store, ANNA, read_statement(told(person="KIM ada"), "c"), TODAY, clock=clock)
        assert [entry.person for entry in state.completions(store)] == ["KIM ada"]

    def test_withdrawal_leaves_nothing_but_a_provable_log(self, store: Store, clock: FixedClock) -> None:
        state.register(store, ANNA, read_statement(told(), "c"), TODAY, clock=clock)
        assert state.withdraw(store, ANNA, "kim  ADA", clock=clock) == 1
        assert state.withdraw(store, ANNA, "kim ada", clock=clock) == 0
        assert state.completions(store) == []
        assert verify(store).holds

    def test_only_expired_entries_are_forgotten(self, store: Store, clock: FixedClock) -> None:
        for person, until in (("old", TODAY), ("new", TODAY + timedelta(days=2))):
            state.register(store, ANNA, read_statement(told(person=person), "c"), until, clock=clock)
        clock.advance(timedelta(days=1))
        assert state.forget_expired(store, ANNA, clock=clock) == 1
        assert [entry.person for entry in state.completions(store)] == ["new"]


@pytest.fixture
def run(store: Store, clock: FixedClock) -> Any:
    """Runs ``vedette education ...`` against the workspace; anticipated errors are raised."""

    def invoke(*words: str | Path) -> Result:
        session = doors.Session(store.workspace.root, ANNA, lambda _root: store, clock=clock)
        result = CliRunner().invoke(app, list(map(str, words)), obj=session)
        if isinstance(result.exception, VedetteError):
            raise result.exception
        return result

    return invoke


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestCommands:
    def test_one_answer_a_file_in_order(self, run: Any, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(told())
        (tmp_path / "b.json").write_bytes(told(answers={}))
        result = run("register", tmp_path / "a.json", tmp_path / "b.json", tmp_path / "none.json", "--json")
        assert result.exit_code == 1
        found = rows(result)
        assert [row["outcome"] for row in found] == ["registered", "refused", "refused"]
        assert found[0]["expires_on"] == "2027-02-27"
        assert found[1]["problem"] == "0 of 14 are right; 11 pass"

    def test_the_register_is_shown_and_emptied(self, run: Any, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(told())
        assert run("register", tmp_path / "a.json").exit_code == 0
        (entry,) = rows(run("completions", "--json"))
        assert entry["counts"] is True
        assert rows(run("forget", "Kim Ada", "--json")) == [{"deleted": 1}]
        assert "Nobody is registered" in run("completions").stdout

    @pytest.mark.parametrize("words", [(), ("Kim", "--expired")])
    def test_forget_wants_one_of_two(self, run: Any, words: tuple[str, ...]) -> None:
        assert run("forget", *words).exit_code == 2

    def test_build_needs_no_workspace(self, tmp_path: Path) -> None:
        def nothing(_root: Path) -> Store:
            raise AssertionError("the kit is built without a store")

        session = doors.Session(tmp_path, ANNA, nothing, clock=FixedClock(datetime(2026, 3, 1, tzinfo=UTC)))
        words = ["build", "-o", str(tmp_path / "kit"), "--lang", "zh", "--topic", "advanced_physics", "--json"]
        result = CliRunner().invoke(app, words, obj=session)
        assert result.exit_code == 0
        assert rows(result)[0]["language"] == "zh"
        manifest = json.loads((tmp_path / "kit" / "manifest.json").read_text())
        assert manifest["topic"] == "advanced_physics"
        assert (tmp_path / "kit" / "zh" / "quiz.html").is_file()

    def test_an_unknown_language_is_an_error_with_a_remedy(self, run: Any, tmp_path: Path) -> None:
        with pytest.raises(KitError, match="One of: en, ko"):
            run("build", "-o", tmp_path / "kit", "--lang", "tlh")
        assert not (tmp_path / "kit").exists()
