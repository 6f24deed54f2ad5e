"""The index over several editions: every form leads to its bearers, whichever edition they stand in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.screening.people import EDITION, LISTINGS, PERSON, listing
from vedette.screening import Index, ScreeningError
from vedette.screening.question import keys, mark
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

    def test_every_form_leads_to_entries_that_bear_it(self, two: Index) -> None:
        number = two.forms.texts.index("jong kim su")
        both = {one for at, form in enumerate(two.forms.texts) if form == "jong kim su" for one in two.forms.owners[at]}
        assert both > set(two.forms.owners[number])
        assert {(two.edition(entry).list_id, two.listing(entry).entity_id) for entry, _ in both} == {
            ("xx_test_list", "p-3"),
            ("yy_other_list", "q-1"),
        }

    def test_a_mark_leads_to_names_that_read_alike(self, two: Index) -> None:
        korean = keys("김정수", PERSON).marks
        found = {entry for bearers in two.marked(korean) for entry, _ in bearers}
        assert {two.listing(entry).entity_id for entry in found} == {"p-3", "q-1"}

    def test_an_unknown_mark_leads_nowhere(self, two: Index) -> None:
        assert two.marked([mark("zh nobody"), mark("")]) == [[], []]

    def test_forms_and_skeletons_are_kept_apart(self, two: Index) -> None:
        assert not any(text.startswith("~") for text in (*two.forms.texts, *two.skeletons.texts))
        assert any(text in two.skeletons.texts for text in keys("Kim Jong Su", PERSON).skeletons)

    def test_every_entry_is_given_back_as_it_was_listed(self, two: Index) -> None:
        """Entries stand in the order of their ids, whatever the order of the publisher's file."""
        by_id = tuple(sorted(LISTINGS, key=lambda one: one.entity_id))
        assert tuple(two.listing(entry) for entry in range(len(LISTINGS))) == by_id

    def test_named_gives_the_written_names(self, two: Index) -> None:
        assert [name.text for name in two.named(2, [1])] == ["Bartolomey Volkonskaev"]

    def test_tags_lead_to_entries(self, two: Index) -> None:
        assert two.by_tag["imo:9187629"] == [5]

    def test_an_index_of_no_list_is_refused(self) -> None:
        with pytest.raises(ScreeningError, match="no list is loaded"):
            Index([]).require_lists()
