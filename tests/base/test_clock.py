"""Times keep their microsecond and their zone on the way to integers and texts and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import FixedClock, SystemClock, from_micros, iso, parse_day, parse_time, to_micros

ZONES = st.timezones() | st.integers(-14 * 60 + 1, 14 * 60 - 1).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))


class TestMicros:
    @given(MOMENTS)
    def test_there_and_back(self, moment: datetime) -> None:
        assert from_micros(to_micros(moment)) == moment

    @given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=ZONES))
    def test_the_zone_changes_the_writing_not_the_moment(self, moment: datetime) -> None:
        assert to_micros(moment) == to_micros(moment.astimezone(UTC))

    @given(MOMENTS, MOMENTS)
    def test_order_is_kept(self, left: datetime, right: datetime) -> None:
        assert (to_micros(left) < to_micros(right)) is (left < right)

    def test_no_float_rounds_it(self) -> None:
        assert from_micros(9_007_199_254_740_993) - from_micros(9_007_199_254_740_992) == timedelta(microseconds=1)

    def test_a_time_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="without a zone"):
            to_micros(datetime(2026, 1, 1))


class TestIso:
    @given(MOMENTS)
    def test_there_and_back(self, moment: datetime) -> None:
        assert parse_time(iso(moment)) == moment

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z"),
            ("2026-01-31T18:00:00+09:00", "2026-01-31T09:00:00Z"),
            ("2026-01-31 09:00:00.5+00:00", "2026-01-31T09:00:00.500000Z"),
            (" 2026-01-31T09:00Z ", "2026-01-31T09:00:00Z"),
        ],
    )
    def test_table(self, text: str, shown: str) -> None:
        assert iso(parse_time(text)) == shown

    @pytest.mark.parametrize("text", ["", "2026-01-31", "2026-01-31T09:00:00", "31.01.2026 09:00", "yesterday"])
    def test_what_has_no_zone_or_form_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_time(text)


class TestParseDay:
    def test_reads_a_day(self) -> None:
        assert parse_day(" 2024-02-29 ").isoformat() == "2024-02-29"

    @pytest.mark.parametrize("text", ["2023-02-29", "2026-13-01", "01/02/2026", ""])
    def test_refuses_others(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_day(text)


class TestClocks:
    def test_a_fixed_clock_moves_only_when_told(self) -> None:
        clock = FixedClock(datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=9))))

        assert clock.now() == clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
        clock.advance(timedelta(days=1))
        assert clock.now().day == 2

    def test_a_clock_needs_a_zone(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            FixedClock(datetime(2026, 1, 1))

    def test_the_systems_clock_has_one(self) -> None:
        assert SystemClock().now().tzinfo is UTC
