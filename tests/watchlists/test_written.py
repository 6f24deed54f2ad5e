"""Other names inside one name cell."""

from __future__ import annotations

import pytest

from vedette.base import Name, NameQuality
from vedette.watchlists.written import short_form


class TestShortForm:
    @pytest.mark.parametrize(
        ("text", "long", "short"),
        [
            ("Emal Bilal Construction Company (EBCC)", "Emal Bilal Construction Company", "EBCC"),
            (
                "National Aerospace Technology Administration (NATA)",
                "National Aerospace Technology Administration",
                "NATA",
            ),
            (" Academy of Sciences (AoS) ", "Academy of Sciences", "AoS"),
        ],
    )
    def test_initials_in_brackets_are_a_weak_name(self, text: str, long: str, short: str) -> None:
        assert list(short_form(text)) == [Name(long, NameQuality.STRONG), Name(short, NameQuality.WEAK)]

    @pytest.mark.parametrize(
        "text",
        [
            "Sample Trading (UAE)",
            "Sample Trading (Hong Kong)",
            "Sample (2020)",
            "Sample",
            "(ABC)",
            "Chong Bong (Greenlight)",
            "",
        ],
    )
    def test_other_things_in_brackets_are_none(self, text: str) -> None:
        """A weak name "UAE" would match half the companies of a country."""
        assert list(short_form(text)) == []
