"""What changed between two states of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from vedette.base import Name, Party
from vedette.watchlists.codec import FIELDS
from vedette.watchlists.diff import diff
from vedette.watchlists.model import Listing


def listing(entity_id: str, name: str = "SAMPLE") -> Listing:
    return Listing(entity_id=entity_id, party=Party(id=entity_id, names=(Name(name),)))


STATES = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["X", "Y"])).map(
    lambda names: [listing(entity_id, name) for entity_id, name in names.items()]
)


class TestDiff:
    def test_added_removed_and_changed_are_told_apart_by_id(self) -> None:
        found = diff([listing("a"), listing("b"), listing("c")], [listing("c", "OTHER"), listing("b"), listing("d")])
        assert (found.added, found.removed, found.changed) == (("d",), ("a",), (("c", ("names",)),))
        assert found.touched() == {"a", "c", "d"}

    def test_every_field_that_differs_is_named(self) -> None:
        old = listing("a")
        party = replace(old.party, birth_dates=("1955",), websites=("a.example",))
        new = replace(old, party=party, dprk=True, listed_on=date(2020, 1, 1), topics=("sanction",))
        assert diff([old], [new]).changed == (("a", ("birth_dates", "websites", "dprk", "listed_on", "topics")),)

    def test_every_field_of_a_listing_is_compared(self) -> None:
        held = {*Listing.__dataclass_fields__, *Party.__dataclass_fields__} - {"party", "id", "entity_id"}
        assert held == set(FIELDS)

    @given(STATES, STATES)
    def test_it_equals_the_plain_set_difference_and_mirrors(self, old: list[Listing], new: list[Listing]) -> None:
        before, after = ({item.entity_id for item in state} for state in (old, new))
        found, back = diff(old, new), diff(new, old)
        assert set(found.added) == after - before
        assert set(found.removed) == before - after
        assert (found.added, found.removed, found.changed) == (back.removed, back.added, back.changed)
        assert diff(old, old).empty
