"""Careful taking of values out of records."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.fields import either, email, first, flag, mapping, moment, text
from vedette.events.model import RecordFault

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


class TestFields:
    @settings(deadline=None)
    @given(ANYTHING)
    def test_whatever_stands_there_nothing_breaks(self, value: object) -> None:
        assert text(value) is None or isinstance(text(value), str)
        assert isinstance(mapping(value), dict)
        assert flag(value) in (True, False, None)
        assert email(value) is None or "@" in str(value)
        first(value)

    def test_long_texts_are_cut_and_blanks_are_nothing(self) -> None:
        assert len(text("x" * 5000) or "") == 2000
        assert text("") is None

    def test_either_spelling_of_a_key(self) -> None:
        assert either({"eventtype": 1}, "eventType") == 1

    def test_machine_accounts_are_no_mailboxes(self) -> None:
        assert email("job@lab.iam.gserviceaccount.com") is None


class TestMoment:
    @pytest.mark.parametrize(
        ("value", "micros"),
        [
            ("2026-01-05T09:00:00Z", 1_767_603_600_000_000),
            ("2026-01-05T10:00:00+01:00", 1_767_603_600_000_000),
            ("2026-01-05 09:00:00.5", 1_767_603_600_500_000),
            ("2026-01-05T09:00:00.123456789Z", 1_767_603_600_123_456),
            (1_767_603_600, 1_767_603_600_000_000),
            (1_767_603_600_000, 1_767_603_600_000_000),
        ],
    )
    def test_texts_seconds_and_milliseconds(self, value: object, micros: int) -> None:
        assert moment(value) == micros

    @pytest.mark.parametrize(
        "value", [None, True, {}, "soon", "", "1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z", -1, 1e300, float("inf")]
    )
    def test_impossible_times_are_refused_with_the_reason(self, value: object) -> None:
        with pytest.raises(RecordFault, match="time"):
            moment(value)
