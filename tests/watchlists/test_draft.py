"""An entry gathered piece by piece."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vedette.base import NameQuality
from vedette.watchlists.draft import Draft

NAMES = st.lists(st.tuples(st.text(min_size=1), st.sampled_from(NameQuality)), max_size=8)


class TestDraft:
    def test_blanks_add_nothing(self) -> None:
        draft = Draft("1")
        draft.name(["", " "])
        draft.address(["", " "], "")
        draft.number("passport", "  ")
        draft.births.append("")
        draft.websites.append("")
        listing = draft.listing()
        party = listing.party
        assert (party.names, party.addresses, party.identifiers, party.birth_dates, party.websites) == ((),) * 5
        assert (listing.remarks, listing.programmes) == ("", ())

    def test_parts_make_one_name_without_gaps(self) -> None:
        draft = Draft("1")
        draft.name(["Sample ", "", " Middle", "INVENTED"], NameQuality.PRIMARY)
        assert [name.text for name in draft.listing().party.names] == ["Sample Middle INVENTED"]

    def test_a_name_is_kept_once_at_its_best_quality(self) -> None:
        draft = Draft("1")
        for quality in (NameQuality.WEAK, NameQuality.PRIMARY, NameQuality.STRONG):
            draft.name(["SAMPLE"], quality)
        assert [(name.text, name.quality) for name in draft.listing().party.names] == [("SAMPLE", NameQuality.PRIMARY)]

    def test_where_none_is_primary_the_first_becomes_so(self) -> None:
        draft = Draft("1")
        draft.name(["WEAK"], NameQuality.WEAK)
        draft.name(["STRONG"])
        assert [name.quality for name in draft.listing().party.names] == [NameQuality.PRIMARY, NameQuality.WEAK]
        assert draft.listing().party.names[0].text == "STRONG"

    def test_the_country_of_an_address_is_the_partys(self) -> None:
        draft = Draft("1")
        draft.address(["1 Sample Street"], "Korea, North")
        draft.address(["2 Sample Street"], "Nowhere at all")
        party = draft.listing().party
        assert party.countries == ("KP",)
        assert [(place.text, place.country) for place in party.addresses] == [
            ("1 Sample Street, Korea, North", "KP"),
            ("2 Sample Street, Nowhere at all", ""),
        ]

    @given(NAMES)
    def test_no_name_is_lost_and_exactly_one_kind_leads(self, names: list[tuple[str, NameQuality]]) -> None:
        draft = Draft("1")
        for text, quality in names:
            draft.name([text], quality)
        found = draft.listing().party.names
        assert {name.text for name in found} == {text for raw, _ in names if (text := " ".join(raw.split()))}
        assert not found or found[0].quality is NameQuality.PRIMARY
