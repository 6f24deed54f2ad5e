"""Whose compute it is: shares multiply through companies, and never make more of an account than there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.workloads.holders import Holding, Stake, actors, owners


class TestOwners:
    def test_an_account_without_owners_is_its_own(self) -> None:
        assert owners([], ["a"]) == {"a": {"a": Stake(1.0, 1.0, 1.0)}}

    def test_shares_multiply_through_a_company(self) -> None:
        held = [Holding("a", "firm", "", 60, 60), Holding("a", "person", "firm", 50, 50)]
        found = owners(held, ["a"])
        assert found["firm"]["a"].expected == pytest.approx(0.6)
        assert found["person"]["a"].expected == pytest.approx(0.3)

    def test_several_ways_to_one_owner_add_up(self) -> None:
        held = [Holding("a", "x", "", 30, 30), Holding("a", "firm", "", 70, 70), Holding("a", "x", "firm", 50, 50)]
        assert owners(held, ["a"])["x"]["a"].expected == pytest.approx(0.65)

    def test_an_unknown_share_is_anything(self) -> None:
        assert owners([Holding("a", "x", "", None, None)], ["a"])["x"]["a"] == Stake(0.0, 0.5, 1.0)

    def test_a_circle_ends(self) -> None:
        held = [Holding("a", "x", "", 50, 50), Holding("a", "y", "x", 100, 100), Holding("a", "x", "y", 100, 100)]
        assert owners(held, ["a"])["x"]["a"].expected == pytest.approx(0.5)

    @given(
        st.lists(
            st.builds(
                Holding,
                st.sampled_from("ab"),
                st.sampled_from("wxyz"),
                st.sampled_from(["", "w", "x", "y"]),
                st.one_of(st.none(), st.floats(0, 100)),
                st.one_of(st.none(), st.floats(0, 100)),
            ),
            max_size=8,
        )
    )
    def test_stakes_are_ordered_and_within_the_whole(self, held: list[Holding]) -> None:
        for stakes in owners(held, ["a", "b"]).values():
            for stake in stakes.values():
                assert 0 <= stake.least <= stake.expected + 1e-9
                assert stake.expected <= stake.most + 1e-9 <= 1 + 2e-9


class TestActors:
    def test_what_is_not_sure_counts_at_most_and_in_part(self) -> None:
        found = actors({"act": {"a": 1.0, "b": 0.9}})
        assert found["act"] == {"a": Stake(1.0, 1.0, 1.0), "b": Stake(0.0, 0.9, 1.0)}
