"""Answers for machines are JSON lines on standard output, and nothing else; answers for people cannot steer a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import ANNA
from vedette import doors
from vedette.doors.terminal import Progress


def session(*, json: bool) -> doors.Session:
    return doors.Session(Path("."), ANNA, lambda _root: pytest.fail("the store is not needed"), json=json)


class TestEmit:
    def test_json_lines_hold_every_field(self, capsys: pytest.CaptureFixture[str]) -> None:
        rows = [{"id": "é", "n": 1, "more": {"x": None}}, {"id": "line\nbreak"}]

        count = doors.emit(session(json=True), iter(rows), columns=["id"], title="Title")

        output = capsys.readouterr()
        assert count == 2
        assert [json.loads(line) for line in output.out.splitlines()] == rows
        assert "é" in output.out
        assert output.err == ""

    def test_no_rows_are_no_lines(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert doors.emit(session(json=True), [], columns=["id"], empty="Nothing.") == 0
        assert capsys.readouterr().out == ""

    def test_a_table_holds_the_columns_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        rows = [{"case_id": "c-1", "priority": 1234, "hidden": "no"}, {"case_id": "c-2"}]

        doors.emit(session(json=False), rows, columns=["case_id", "priority"], title="Cases")

        output = capsys.readouterr().out
        assert "Cases" in output
        assert "case id" in output
        assert "1,234" in output
        assert "hidden" not in output

    def test_an_empty_table_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert doors.emit(session(json=False), [], columns=["id"], empty="Nothing waits.") == 0
        assert "Nothing waits." in capsys.readouterr().out

    def test_markup_and_control_characters_are_only_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        doors.emit(session(json=False), [{"name": "[bold red]x[/] \x1b[31m\x07 \u202egnp"}], columns=["name"])

        output = capsys.readouterr().out
        assert "[bold red]x[/]" in output
        assert not any(character in output for character in "\x1b\x07\u202e")


class TestSay:
    def test_people_hear_it_machines_do_not(self, capsys: pytest.CaptureFixture[str]) -> None:
        doors.say(session(json=False), "done [ok] \x1b[2J")
        assert capsys.readouterr().out.strip() == "done [ok] \ufffd[2J"

        doors.say(session(json=True), "done")
        assert capsys.readouterr().out == ""


class TestWarn:
    def test_goes_to_standard_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        doors.warn("careful\x1b[2J")

        output = capsys.readouterr()
        assert (output.out, output.err) == ("", "careful\ufffd[2J\n")


class TestShown:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (None, ""),
            (True, "yes"),
            (False, "no"),
            (1234567, "1,234,567"),
            (0.123456, "0.123"),
            (12345.6, "12,346"),
            (["a", None, 2], "a, , 2"),
            ({"a": 1, "b": ["x"]}, "a=1 b=x"),
            ("line\nbreak\r", "line\nbreak\ufffd"),
            ("名前", "名前"),
        ],
    )
    def test_table(self, value: object, text: str) -> None:
        assert doors.shown(value) == text

    @given(st.text())
    def test_nothing_shown_can_steer(self, text: str) -> None:
        assert all(character.isprintable() or character == "\n" for character in doors.shown(text))


class TestProgress:
    def test_is_silent_where_stderr_is_no_terminal(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [0.0]
        monkeypatch.setattr("vedette.doors.terminal.monotonic", lambda: now[0])
        with doors.progress(session(json=False), "Reading", 10) as bar:
            now[0] = 60.0
            bar.advance(5)

        assert capsys.readouterr().err == ""

    def test_appears_only_after_two_seconds(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Terminal:
            def __init__(self, inner: Any) -> None:
                self._inner = inner

            def isatty(self) -> bool:
                return True

            def __getattr__(self, name: str) -> Any:
                return getattr(self._inner, name)

        import sys

        now = [0.0]
        monkeypatch.setattr("vedette.doors.terminal.monotonic", lambda: now[0])
        monkeypatch.setattr(sys, "stderr", Terminal(sys.stderr))
        bar = Progress("Reading", 10)
        now[0] = 1.9
        bar.advance()
        assert bar._bar is None
        now[0] = 2.1
        bar.advance()
        assert bar._bar is not None
        bar.finish()
        assert bar._bar is None

        output = capsys.readouterr()
        assert output.out == ""
        assert "Reading" in output.err
