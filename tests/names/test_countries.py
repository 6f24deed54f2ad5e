"""Country names as the lists write them."""

from __future__ import annotations

import pytest

from vedette.names import country_code
from vedette.names.tables import rows

CASES = [
    ("Korea, North", "KP"), ("North Korea", "KP"), ("Democratic People's Republic of Korea", "KP"),
    ("Korea, Democratic People's Republic of", "KP"), ("DPRK", "KP"), ("kp", "KP"), ("PRK", "KP"), ("북한", "KP"),
    ("Korea, South", "KR"), ("Republic of Korea", "KR"), ("Korea (Republic of)", "KR"),
    ("Burma", "MM"), ("Myanmar", "MM"), ("Congo, Democratic Republic of the", "CD"), ("Congo, Republic of the", "CG"),
    ("Iran (Islamic Republic of)", "IR"), ("Russian Federation", "RU"), ("Côte d'Ivoire", "CI"), ("Türkiye", "TR"),
    ("Taiwan, Province of China", "TW"), ("China, People's Republic of", "CN"), ("Republic of China", "TW"),
    ("Hong Kong", "HK"), ("Syrian Arab Republic", "SY"), ("Viet Nam", "VN"), ("UK", "GB"), ("U.S.A.", "US"), ("EL", "GR"),
    ("West Bank", "PS"), ("  united   KINGDOM ", "GB"),
]  # fmt: skip


class TestCountryCode:
    @pytest.mark.parametrize(("text", "code"), CASES)
    def test_reads(self, text: str, code: str) -> None:
        assert country_code(text) == code

    @pytest.mark.parametrize(
        "text", ["Korea", "Congo", "Region: Crimea", "Crimea", "Virgin Islands", "", "Atlantis", "X" * 5000]
    )
    def test_names_no_single_country(self, text: str) -> None:
        assert country_code(text) is None


class TestTable:
    def test_no_name_belongs_to_two_countries(self) -> None:
        owners: dict[str, str] = {}
        for code, *names in rows("countries.tsv"):
            for name in names:
                assert owners.setdefault(name.casefold(), code) == code

    def test_is_whole(self) -> None:
        codes = [row[0] for row in rows("countries.tsv")]
        assert len(codes) == len(set(codes)) == 250
        assert all(len(code) == 2 and code.isupper() for code in codes)
