"""Dates as lists write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.watchlists.dates import birth_dates, day_first, day_or_none, iso_date, years


class TestIsoDate:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("15 Jan 1955", "1955-01-15"),
            ("04 Sep 1957", "1957-09-04"),
            ("1946", "1946"),
            ("Mar 1962", "1962-03"),
            ("June 21, 2022", "2022-06-21"),
            ("November, 1975", "1975-11"),
            ("1 Jan. 1953", "1953-01-01"),
            ("10 October 1969", "1969-10-10"),
            ("03/28/2025", "2025-03-28"),
            ("16.7.2009", "2009-07-16"),
            ("2026-02-27", "2026-02-27"),
            ("2026-02", "2026-02"),
            ("  15   Jan  1955 ", "1955-01-15"),
            ("31 Feb 1955", ""),
            ("15 Foo 1955", ""),
            ("2026-13", ""),
            ("0000", ""),
            ("unknown", ""),
            ("", ""),
        ],
    )
    def test_reads_a_date_cut_to_what_is_known(self, written: str, read: str) -> None:
        assert iso_date(written) == read

    @given(st.dates(min_value=date(1000, 1, 1)))
    def test_every_day_survives_both_of_its_spellings(self, day: date) -> None:
        assert (
            iso_date(day.isoformat()) == iso_date(f"{day.day:02d} {day.strftime('%b')} {day.year}") == day.isoformat()
        )

    @given(st.text(max_size=40))
    def test_whatever_it_reads_is_the_beginning_of_a_real_day(self, text: str) -> None:
        found = iso_date(text)
        assert found == "" or date.fromisoformat((found + "-01-01")[:10])


class TestBirthDates:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("circa 1951", ("1951",)),
            ("1951 to 1953", ("1951", "1952", "1953")),
            ("circa 1979-1982", ("1979", "1980", "1981", "1982")),
            ("15 Jan 1955", ("1955-01-15",)),
            ("1 Jan 1960 to 31 Dec 1961", ("1960", "1961")),
            ("1900 to 1999", ()),
            ("1953 to 1951", ()),
            ("before the war", ()),
        ],
    )
    def test_reads_every_year_that_may_be_meant(self, written: str, read: tuple[str, ...]) -> None:
        assert birth_dates(written) == read

    def test_a_span_too_wide_to_mean_anything_gives_no_year(self) -> None:
        assert len(years(1950, 1960)) == 11
        assert years(1950, 1961) == ()


class TestDayOrNone:
    def test_a_day_needs_all_its_parts(self) -> None:
        assert day_or_none("2017-08-05") == date(2017, 8, 5)
        assert day_or_none("2017-08") is None
        assert day_or_none("") is None


class TestDayFirst:
    @pytest.mark.parametrize(
        ("text", "iso"),
        [
            ("29/06/2012", "2012-06-29"),
            ("1/2/2012", "2012-02-01"),
            ("dd/mm/1958", "1958"),
            ("00/00/1959", "1959"),
            ("dd/03/1958", "1958-03"),
            ("29/mm/1958", "1958"),
            ("1960", "1960"),
            ("2012-06-29", "2012-06-29"),
            ("31/02/2012", ""),
            ("29/13/2012", ""),
            ("soon", ""),
            ("", ""),
        ],
    )
    def test_british_dates_are_cut_to_what_is_known(self, text: str, iso: str) -> None:
        assert day_first(text) == iso
