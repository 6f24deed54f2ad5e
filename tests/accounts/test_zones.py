"""Declared time zones and their offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts.zones import offsets, zone_name


class TestOffsets:
    @pytest.mark.parametrize(
        ("text", "span"),
        [
            ("Europe/Berlin", (60, 120)),
            ("europe/berlin", (60, 120)),
            ("America/New York", (-300, -240)),
            ("Asia/Pyongyang", (540, 540)),
            ("Asia/Kathmandu", (345, 345)),
            ("UTC+9", (540, 540)),
            ("GMT-03:30", (-210, -210)),
            ("+05:30", (330, 330)),
            ("../../etc/passwd", None),
            ("/etc/localtime", None),
            ("Mars/Olympus", None),
            ("UTC+99", None),
            ("", None),
        ],
    )
    def test_span(self, text: str, span: tuple[int, int] | None) -> None:
        assert offsets(text, 2026) == span

    @given(st.text(max_size=40))
    def test_any_text_is_survived(self, text: str) -> None:
        span = offsets(text, 2026)

        assert span is None or -840 <= span[0] <= span[1] <= 840

    def test_name_is_spelled_as_iana_does(self) -> None:
        assert zone_name(" asia/pyongyang ") == "Asia/Pyongyang"
        assert zone_name("Nowhere") == "Nowhere"
