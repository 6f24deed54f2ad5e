"""Places: small for persons, a second identifier for organisations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screening.people import COMPANY, PERSON, customer
from vedette.base import Address, Identifier
from vedette.screening.model import Outcome
from vedette.screening.places import compare_addresses, compare_countries, compare_places, compare_websites, site_of

_STREET = "88 Hongqi Road, Dandong, Liaoning 118000, China"


class TestCompareCountries:
    @pytest.mark.parametrize(
        ("mine", "theirs", "outcome"),
        [
            (("CN",), ("CN", "KP"), Outcome.AGREES),
            (("US",), ("CN",), Outcome.DIFFERS),
            ((), ("CN",), Outcome.ABSENT),
            (("US",), (), Outcome.ABSENT),
        ],
    )
    def test_outcomes(self, mine: tuple[str, ...], theirs: tuple[str, ...], outcome: Outcome) -> None:
        found = compare_countries(customer(countries=mine), customer(countries=theirs), organisation=False)
        assert found.outcome is outcome

    def test_a_country_neither_identifies_nor_clears_a_person(self) -> None:
        same = compare_countries(customer(countries=("KP",)), customer(countries=("KP",)), organisation=False)
        other = compare_countries(customer(countries=("DE",)), customer(countries=("KP",)), organisation=False)
        assert not same.second
        assert not other.grave
        assert abs(same.bits) < 2 and abs(other.bits) < 2


class TestCompareAddresses:
    @pytest.mark.parametrize(
        ("mine", "text"),
        [
            ("Hongqi Road 88, Dandong 118000, Liaoning", "address agrees"),
            ("Room 3, Dandong, CN", "town agrees"),
            ("somewhere in dandong city", "town agrees"),
            ("1 Main Street, Springfield", "no address in common"),
            ("88 Hongqi Road", "no address in common"),
            ("China", "no address in common"),
        ],
    )
    def test_nearness(self, mine: str, text: str) -> None:
        found = compare_addresses([Address(mine)], [Address(_STREET, "CN")], organisation=True)
        assert found.text == text

    def test_a_shared_town_is_a_second_identifier_of_an_organisation_only(self) -> None:
        pair = [Address("Dandong")], [Address(_STREET)]
        assert compare_addresses(*pair, organisation=True).second
        assert not compare_addresses(*pair, organisation=False).second

    @pytest.mark.parametrize("place", ["Industrial Zone", "P.O. Box 12", "District", "Russia", "118000"])
    def test_words_that_name_no_town_are_nothing_in_common(self, place: str) -> None:
        found = compare_addresses([Address(f"1 A, {place}")], [Address(f"2 B, {place}")], organisation=True)
        assert found.outcome is Outcome.ABSENT

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_any_texts_get_an_answer_that_repeats_neither(self, one: str, other: str) -> None:
        found = compare_addresses([Address(one)], [Address(other)], organisation=True)
        assert found.bits >= 0


class TestCompareWebsites:
    @pytest.mark.parametrize(
        ("address", "site"),
        [
            ("http://www.Zarvanitsa-hydro.example/en/", "zarvanitsa-hydro.example"),
            ("zarvanitsa-hydro.example", "zarvanitsa-hydro.example"),
            ("https://facebook.com/someone", "facebook.com/someone"),
            ("https://facebook.com/", ""),
            ("not a site", ""),
            ("", ""),
        ],
    )
    def test_site(self, address: str, site: str) -> None:
        assert site_of(address) == site

    def test_mail_at_the_listed_site_corroborates(self) -> None:
        mine = customer(kind=COMPANY, identifiers=(Identifier("email", "sales@zarvanitsa-hydro.example"),))
        theirs = customer(kind=COMPANY, websites=("www.zarvanitsa-hydro.example",))
        assert compare_websites(mine, theirs).second

    def test_pages_on_one_platform_are_nothing_in_common(self) -> None:
        mine, theirs = (customer(kind=COMPANY, websites=(f"facebook.com/{who}",)) for who in ("one", "other"))
        assert compare_websites(mine, theirs).outcome is Outcome.ABSENT


class TestComparePlaces:
    def test_every_field_is_accounted_for(self) -> None:
        fields = [feature.field for feature in compare_places(customer(kind=PERSON), customer(kind=COMPANY))]
        assert fields == ["country", "address", "website"]
