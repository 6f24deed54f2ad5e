"""Re-screening what changed gives exactly what a full screening gives, in both directions."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.screening.people import EDITION, LISTINGS, PERSON, customer, listing
from vedette.screening import Edition, Index, Match, carried_over, changed_entries, score
from vedette.watchlists import Listing

_NEW = replace(EDITION, version="2026-02-01.abcdefabcdef")
_NAMES = ("Kim Jong Su", "Kim Jong Sok", "Ri Hyon Chol", "Pak Myong Ho", "Volkonskayev Bartholomew")
_STATES = st.dictionaries(st.sampled_from("abcde"), st.sampled_from(_NAMES), max_size=5)
_ASKED = tuple(customer(name) for name in _NAMES)


def _listings(state: dict[str, str]) -> tuple[Listing, ...]:
    return tuple(listing(entity_id, PERSON, name) for entity_id, name in sorted(state.items()))


def _bare(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Without the version: an unchanged entry is cited under the version in which it was judged."""
    return tuple(sorted((replace(match, list_version="") for match in matches), key=lambda match: match.entity_id))


def _screened(listings: tuple[Listing, ...], edition: Edition, asked: int) -> tuple[Match, ...]:
    return score(_ASKED[asked], against=Index.of(listings, edition), limit=50)


class TestChangedEntries:
    def test_names_what_was_added_changed_and_removed(self) -> None:
        changed = listing("p-2", PERSON, "Ri Hyon Chul")
        changes = changed_entries(LISTINGS, (*LISTINGS[2:], changed, listing("p-7", PERSON, "New One")))
        assert {one.entity_id for one in changes.entries} == {"p-2", "p-7"}
        assert changes.outdated == {"p-1", "p-2", "p-7"}

    def test_the_same_state_asks_for_nothing(self) -> None:
        changes = changed_entries(LISTINGS, LISTINGS)
        assert (changes.entries, changes.outdated) == ((), frozenset())

    @settings(max_examples=40, deadline=None)
    @given(_STATES, _STATES, st.integers(0, len(_ASKED) - 1))
    def test_equals_a_full_screening_both_ways(self, old: dict[str, str], new: dict[str, str], asked: int) -> None:
        for before, after in ((_listings(old), _listings(new)), (_listings(new), _listings(old))):
            changes = changed_entries(before, after)
            known = _screened(before, EDITION, asked)
            fresh = score(_ASKED[asked], against=changes.index(_NEW), limit=50)
            merged = carried_over(known, fresh, list_id=EDITION.list_id, changes=changes)
            assert _bare(merged) == _bare(_screened(after, _NEW, asked))


class TestCarriedOver:
    def test_matches_of_other_lists_stand(self, index: Index) -> None:
        known = score(customer("Kim Jong Su"), against=index)
        changes = changed_entries(LISTINGS, ())
        assert carried_over(known, (), list_id="yy_other", changes=changes) == known
        assert carried_over(known, (), list_id=EDITION.list_id, changes=changes) == ()
