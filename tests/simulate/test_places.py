"""Every country can be lived in: a zone that exists, names, towns, a weight."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from vedette.simulate.places import Place, agents, name_pools, native_form, place, places, words


@pytest.mark.parametrize("at", places(), ids=lambda at: at.country)
class TestPlace:
    def test_is_whole(self, at: Place) -> None:
        assert at.weight > 0
        assert all(ZoneInfo(zone) for zone in at.zones)
        assert at.dial.isdigit()
        assert len(at.currency) == 3
        assert all(at.cities)

    def test_has_names(self, at: Place) -> None:
        given, family = name_pools()[at.country]

        assert len(given) * len(family) >= 90
        assert all("," not in name for name in (*given, *family))


class TestPlaces:
    def test_nobody_honest_lives_in_the_dprk(self) -> None:
        assert "KP" not in {each.country for each in places()}

    def test_countries_come_once(self) -> None:
        assert len({each.country for each in places()}) == len(places())

    def test_unknown_country(self) -> None:
        with pytest.raises(KeyError):
            place("ZZ")


class TestNativeForm:
    @pytest.mark.parametrize(
        ("name", "country", "expected"),
        [
            ("Minjun Kim", "KR", "김민준"),
            ("Wei Zhang", "CN", "张伟"),
            ("Olga Volkov", "RU", "Ольга Волков"),
            ("Minjun Kim", "US", ""),
            ("Minjun P. Kim", "KR", ""),
            ("Minjun Smith", "KR", ""),
        ],
    )
    def test_cases(self, name: str, country: str, expected: str) -> None:
        assert native_form(name, country) == expected


class TestWords:
    @pytest.mark.parametrize("kind", ["mail_domain", "disposable_domain"])
    def test_domains_are_reserved(self, kind: str) -> None:
        assert all(word.endswith(".example") for word in words(kind))

    @pytest.mark.parametrize("kind", ["browser", "api", "ssh"])
    def test_agents(self, kind: str) -> None:
        assert agents(kind)
        assert all('"' not in agent for agent in agents(kind))
