"""Ids that stay: births, growth, merges, splits and ends, each told once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import stable_id
from vedette.linking.model import Actor, Group
from vedette.linking.succeed import Succession, born_id, succeed


def step(before: Succession | None, *groups: str, at: str = "t", used: set[str] | None = None) -> Succession:
    bits = {account: 10.0 for group in groups for account in group}
    old = before.actors if before else ()
    made = [Group(tuple(group)) for group in sorted(groups)]
    return succeed(old, made, bits, used=used or set(), at=at)


def told(found: Succession) -> list[tuple[str, str]]:
    return sorted((event.what, "".join(event.accounts)) for event in found.events)


def id_of(found: Succession, account: str) -> str:
    return next(actor.actor_id for actor in found.actors if account in actor.accounts)


class TestSucceed:
    def test_birth_takes_the_smallest_account(self) -> None:
        found = step(None, "bc")
        assert id_of(found, "b") == stable_id("actor", "b")
        assert told(found) == [("born", "bc")]

    def test_nothing_changes_nothing(self) -> None:
        first = step(None, "ab", "cd", at="t1")
        again = step(first, "ab", "cd", at="t2")
        assert again.actors == first.actors
        assert again.events == ()

    def test_growth_keeps_the_id_even_under_a_smaller_account(self) -> None:
        first = step(None, "bc")
        found = step(first, "abc")
        assert id_of(found, "a") == id_of(first, "b")
        assert told(found) == [("changed", "abc")]

    def test_a_merge_keeps_the_larger_and_points_to_it(self) -> None:
        first = step(None, "abc", "xy")
        found = step(first, "abcxy")
        assert id_of(found, "x") == id_of(first, "a")
        assert told(found) == [("changed", "abcxy"), ("merged", "")]
        merged = next(event for event in found.events if event.what == "merged")
        assert (merged.actor_id, merged.other) == (id_of(first, "x"), id_of(first, "a"))

    def test_a_split_leaves_the_id_with_the_larger_part(self) -> None:
        first = step(None, "abcxy")
        found = step(first, "ab" + "c", "xy")
        assert id_of(found, "a") == id_of(first, "a")
        assert id_of(found, "x") != id_of(first, "a")
        assert told(found) == [("changed", "abc"), ("split", "xy")]

    def test_an_end_is_told(self) -> None:
        first = step(None, "ab")
        found = step(first)
        assert (found.actors, told(found)) == ((), [("ended", "")])

    def test_an_id_of_the_past_is_never_given_again(self) -> None:
        first = step(None, "ab")
        past = {event.actor_id for event in first.events}
        found = step(None, "ac", used=past)
        assert id_of(found, "a") not in past

    def test_the_older_wins_a_tie(self) -> None:
        old = Actor("actor_z", ("a", "b"), (), "2026-01-01", {})
        new = Actor("actor_a", ("c", "d"), (), "2026-02-01", {})
        found = succeed([new, old], [Group(("a", "b", "c", "d"))], dict.fromkeys("abcd", 9.0), used=(), at="t")
        assert found.actors[0].actor_id == "actor_z"
        assert found.actors[0].since == "2026-01-01"


PARTITIONS = st.lists(st.integers(0, 3), min_size=8, max_size=8)


@given(st.lists(PARTITIONS, min_size=1, max_size=5))
def test_every_account_has_one_actor_and_ids_are_unique(history: list[list[int]]) -> None:
    found, used = None, set[str]()
    for turn, labels in enumerate(history):
        by_label = {
            label: "".join(a for a, owner in zip("abcdefgh", labels, strict=True) if owner == label) for label in labels
        }
        groups = [group for group in by_label.values() if len(group) > 1]
        found = step(found, *groups, at=f"t{turn}", used=used)
        used |= {event.actor_id for event in found.events}
        assert len({actor.actor_id for actor in found.actors}) == len(groups)
        assert sorted("".join(actor.accounts) for actor in found.actors) == sorted(groups)


@pytest.mark.parametrize(("taken", "turn"), [((), 0), ((stable_id("actor", "a"),), 2)])
def test_born_id(taken: tuple[str, ...], turn: int) -> None:
    assert born_id("a", taken) == (stable_id("actor", "a", str(turn)) if turn else stable_id("actor", "a"))
