"""Groups: thresholds, people's words, bridges, contradictions, and ways through an actor."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.linking import Judgement, Link, Verdict, weights
from vedette.linking.cluster import edges_of, groups, strongest_way

USED = weights()
STRONG, WEAK = USED.bridge + 5, USED.same


def link(pair: str, bits: float = STRONG) -> Link:
    left, right = sorted(pair)
    return Link(left, right, bits)


def word(pair: str, verdict: Verdict) -> Judgement:
    left, right = sorted(pair)
    return Judgement(left, right, verdict, "met in person", "person:anna", "2026-03-01T12:00:00Z")


def clique(letters: str, bits: float = STRONG) -> list[Link]:
    return [link(left + right, bits) for left, right in combinations(letters, 2)]


def members(found: list[Link], *words: Judgement) -> list[str]:
    return ["".join(group.accounts) for group in groups(found, words, USED)]


class TestGroups:
    @pytest.mark.parametrize(
        ("links", "expected"),
        [
            ([], []),
            ([link("ab", USED.same)], ["ab"]),
            ([link("ab", USED.same - 1 / 64)], []),
            ([link("ab"), link("bc")], ["abc"]),
            ([link("ab"), link("cd")], ["ab", "cd"]),
        ],
    )
    def test_components_over_the_threshold(self, links: list[Link], expected: list[str]) -> None:
        assert members(links) == expected

    def test_a_weak_bridge_between_two_groups_falls(self) -> None:
        assert members([*clique("abc"), *clique("xyz"), link("cx", WEAK)]) == ["abc", "xyz"]

    def test_a_strong_bridge_holds(self) -> None:
        assert members([*clique("abc"), *clique("xyz"), link("cx", STRONG)]) == ["abcxyz"]

    def test_two_weak_links_are_no_bridge(self) -> None:
        assert members([*clique("abc"), *clique("xyz"), link("cx", WEAK), link("by", WEAK)]) == ["abcxyz"]

    def test_an_account_at_the_rim_stays_by_its_only_link(self) -> None:
        assert members([*clique("abc"), link("cd", WEAK)]) == ["abcd"]

    @given(st.permutations([*clique("abcd", WEAK), *clique("wxyz", WEAK), link("dw", WEAK), link("pq")]))
    def test_order_does_not_matter(self, links: list[Link]) -> None:
        assert members(links) == ["abcd", "pq", "wxyz"]


class TestWords:
    def test_confirmed_pairs_join_without_evidence(self) -> None:
        assert members([], word("ab", Verdict.CONFIRM)) == ["ab"]

    def test_a_confirmed_bridge_holds(self) -> None:
        links = [*clique("abc"), *clique("xyz"), link("cx", WEAK)]
        assert members(links, word("cx", Verdict.CONFIRM)) == ["abcxyz"]

    def test_a_cut_pair_parts(self) -> None:
        assert members([link("ab")], word("ab", Verdict.CUT)) == []

    def test_no_chain_joins_what_was_cut(self) -> None:
        found = members([link("ab"), link("bc", STRONG + 1)], word("ac", Verdict.CUT))
        assert found == ["bc"]

    def test_a_cut_of_strangers_changes_nothing(self) -> None:
        assert members([link("ab")], word("cd", Verdict.CUT)) == ["ab"]

    @given(
        st.sets(st.sampled_from(list(combinations("abcdef", 2))), min_size=1),
        st.sampled_from(list(combinations("abcdef", 2))),
    )
    def test_a_cut_pair_is_never_in_one_group(self, pairs: set[tuple[str, str]], cut: tuple[str, str]) -> None:
        links = [link("".join(pair), STRONG + number) for number, pair in enumerate(sorted(pairs))]
        assert not any(set(cut) <= set(group) for group in members(links, word("".join(cut), Verdict.CUT)))


class TestReview:
    def test_different_verified_identities_contradict(self) -> None:
        found = groups([link("ab")], (), USED, {"a": "d-1", "b": "d-2"})
        assert found[0].review == ("2 different verified identities",)

    @pytest.mark.parametrize("identities", [{}, {"a": "d-1"}, {"a": "d-1", "b": "d-1"}])
    def test_one_identity_does_not(self, identities: dict[str, str]) -> None:
        assert groups([link("ab")], (), USED, identities)[0].review == ()

    def test_a_long_chain_goes_to_a_person(self) -> None:
        chain = [link(left + right) for left, right in zip("abcdefghi", "bcdefghij", strict=True)]
        assert groups(chain, (), USED)[0].review == ("only 20% of the pairs are linked",)


class TestStrongestWay:
    def test_prefers_the_detour_whose_weakest_link_is_stronger(self) -> None:
        edges = edges_of([link("ad", 7.0), link("ab", 20.0), link("bc", 18.0), link("cd", 19.0)], (), USED.same)
        assert strongest_way(edges, "a", "d") == ["a", "b", "c", "d"]

    def test_is_empty_without_a_way(self) -> None:
        assert strongest_way(edges_of([link("ab"), link("cd")], (), USED.same), "a", "d") == []


def test_a_very_long_chain_needs_no_recursion() -> None:
    names = [f"n{number:05d}" for number in range(3_000)]
    chain = [Link(left, right, STRONG) for left, right in zip(names, names[1:], strict=False)]
    assert [len(group.accounts) for group in groups(chain, (), USED)] == [3_000]
