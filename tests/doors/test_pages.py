"""The frame's small parts: how times, ages and numbers are written, and which files are served under which address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vedette.doors.pages import format as written
from vedette.doors.pages.assets import address, assets
from vedette.doors.pages.catalogue import translator

_NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_ = translator("en")


class TestWritten:
    @pytest.mark.parametrize(
        ("back", "text"),
        [
            (timedelta(seconds=30), "0 min"),
            (timedelta(minutes=59), "59 min"),
            (timedelta(hours=1), "1 h"),
            (timedelta(hours=47, minutes=59), "47 h"),
            (timedelta(days=2), "2 d"),
            (timedelta(days=400), "400 d"),
            (timedelta(hours=-3), "3 h"),
        ],
    )
    def test_an_age_is_told_in_its_largest_unit(self, back: timedelta, text: str) -> None:
        assert written.age(_NOW - back, _NOW, _) == text

    @pytest.mark.parametrize(
        ("value", "text"),
        [(None, ""), ("", ""), (_NOW, "2026-03-01 12:00"), ("2026-03-01T12:00:30.5Z", "2026-03-01 12:00")],
    )
    def test_a_moment_is_told_to_the_minute(self, value: datetime | str | None, text: str) -> None:
        assert written.moment(value) == text

    @pytest.mark.parametrize(
        ("value", "text"), [(None, ""), (0, "0"), (12345, "12,345"), (7.265625, "7.27"), (8.0, "8"), (-6.0, "-6")]
    )
    def test_numbers(self, value: float | None, text: str) -> None:
        assert written.number(value) == text

    @pytest.mark.parametrize(
        ("identity", "text"),
        [("case_3kkvm47olxfxqdtwtitr", "case_3kkvm47ol"), ("a-1", "a-1"), ("case_3k", "case_3k"), (None, "")],
    )
    def test_ids_are_cut_for_reading_only(self, identity: str | None, text: str) -> None:
        assert written.short(identity) == text


class TestAssets:
    def test_addresses_name_the_content(self) -> None:
        """A browser keeps a file for good and still gets the next version at once."""
        assert address("console.css") == f"/static/console.css?v={assets()['console.css'].mark}"

    def test_a_file_that_was_not_built_has_an_address_all_the_same(self) -> None:
        assert address("vendor/none.js") == "/static/vendor/none.js"

    def test_only_files_for_browsers_are_packed(self) -> None:
        assert {name.rpartition(".")[2] for name in assets()} <= {"css", "js", "svg"}

    def test_no_stylesheet_asks_another_host(self) -> None:
        assert all(
            b"http" not in held.body.replace(b"http://www.w3.org/2000/svg", b"")
            for name, held in assets().items()
            if name.endswith((".css", ".svg"))
        )
