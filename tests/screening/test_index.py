"""The index over several editions: every form leads to its bearers, whichever edition they stand in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.screening.people import EDITION, LISTINGS, PERSON, listing
from vedette.screening import Index, ScreeningError
from vedette.screening.segment import build

_OTHER = replace(EDITION, list_id="yy_other_list")


@pytest.fixture(scope="module")
def two() -> Index:
    """Two editions that share a name."""
    return Index(
        [build(EDITION, LISTINGS), build(_OTHER, [listing("q-1", PERSON, "Kim Jong Su", "Someone Long Else")])]
    )


class TestIndex:
    def test_counts(self, two: Index) -> None:
        assert (len(two), two.names) == (len(LISTINGS) + 1, sum(len(one.party.names) for one in LISTINGS) + 2)

    def test_names_its_editions(self, two: Index) -> None:
        assert [edition.label for edition in two.editions] == [EDITION.label, _OTHER.label]

    def test_forms_stand_from_the_shortest(self, two: Index) -> None:
        assert [len(form) for form in two.forms] == sorted(len(form) for form in two.forms)

    def test_every_form_leads_to_entries_that_bear_it(self, two: Index) -> None:
        bearers = {
            (two.edition(entry).list_id, two.listing(entry).entity_id)
            for number, form in enumerate(two.forms)
            if form == "jong kim su"
            for entry, _ in two.bearers(number)
        }
        assert bearers == {("xx_test_list", "p-3"), ("yy_other_list", "q-1")}

    def test_every_entry_is_given_back_as_it_was_listed(self, two: Index) -> None:
        assert tuple(two.listing(entry) for entry in range(len(LISTINGS))) == LISTINGS

    def test_named_gives_the_written_names(self, two: Index) -> None:
        assert [name.text for name in two.named(0, [1])] == ["Bartolomey Volkonskaev"]

    def test_tags_lead_to_entries(self, two: Index) -> None:
        assert two.by_tag["imo:9187629"] == [5]

    @pytest.mark.parametrize(("shortest", "longest"), [(0, 0), (5, 11), (1, 99), (500, 900)])
    def test_forms_of_a_length_are_all_there(self, two: Index, shortest: int, longest: int) -> None:
        first, found = two.of_length(shortest, longest)
        assert len(found) % 8 == 0
        wanted = [form for form in two.forms if shortest <= len(form) <= longest]
        assert set(wanted) <= set(found)
        assert [two.forms[first + at] for at, form in enumerate(found) if form] == [form for form in found if form]

    def test_an_index_of_no_list_is_refused(self) -> None:
        with pytest.raises(ScreeningError, match="no list is loaded"):
            Index([]).require_lists()
