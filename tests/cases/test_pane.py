"""What the console shows of cases, as values: rows, choices of the decision form, hits, and a drawing that never grows too large."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.cases import pane
from vedette.cases.model import ACTIONS_OF_FALSE, Action
from vedette.cases.read import reasons
from vedette.linking import Link


def shared(thing: str, *accounts: str) -> dict[str, Any]:
    return {"subject": {"kind": "device", "id": thing}, "accounts": list(accounts), "summary": "one device"}


class TestSpoken:
    @pytest.mark.parametrize(
        ("summary", "says"),
        [
            ("One device. [2 accounts, 1 finding, 1 family]", "One device."),
            ("No counts", "No counts"),
            ("Odd [name] twice [1 account, 1 finding, 1 family]", "Odd [name] twice"),
        ],
    )
    def test_a_row_shows_counts_in_its_own_way(self, summary: str, says: str) -> None:
        assert pane.spoken(summary) == says


class TestChoices:
    def test_every_digit_names_a_reason_once(self) -> None:
        """A reviewer's fingers learn the digits; two reasons under one would be a trap."""
        assert len(pane.DIGITS) == 9
        assert set(pane.DIGITS) <= set(reasons())
        found = [item["digit"] for item in pane.choices()["reasons"] if item["digit"]]
        assert found == list(range(1, 10))

    def test_every_reason_can_be_chosen_with_an_outcome(self) -> None:
        offered = pane.choices()
        assert {item["code"] for item in offered["reasons"]} == set(reasons())
        assert all(set(item["outcomes"].split()) <= set(offered["outcomes"]) for item in offered["reasons"])

    def test_what_harms_is_marked(self) -> None:
        marked = {item["id"] for item in pane.choices()["actions"] if item["harms"]}
        assert marked == {item.value for item in Action if item not in ACTIONS_OF_FALSE}


class TestHits:
    def test_only_list_entries_with_fields_are_laid_side_by_side(self) -> None:
        fields = [
            {"field": "name", "outcome": "agrees", "score": 0.9},
            {"field": "kind", "outcome": "absent", "listed": "given"},
        ]
        piece = {"kind": "list_entry", "ref": "l@1#e", "listed_name": "Volk", "fields": fields}
        told = {"evidence": [{"id": "f", "subject": {"id": "a-1"}, "evidence": [piece, {"kind": "event", "ref": "e"}]}]}
        (hit,) = pane.hits(told)
        assert (hit["account"], [field["listed"] for field in hit["fields"]]) == ("a-1", ["Volk", "given"])


class TestDrawn:
    def test_a_shared_thing_is_a_star_and_its_pairs_get_no_line(self) -> None:
        found = pane.drawn(["a", "b"], [Link("a", "b", 7.0)], [shared("d-1", "a", "b")])
        assert [item["data"].get("target") for item in found if "source" in item["data"]] == ["device d-1"] * 2

    def test_a_link_alone_is_a_line_with_its_bits(self) -> None:
        (line,) = [
            item["data"] for item in pane.drawn(["a", "b"], [Link("a", "b", 7.25)], []) if "source" in item["data"]
        ]
        assert line == {"source": "a", "target": "b", "label": "7.2"}

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 400), st.integers(0, 40))
    def test_never_more_nodes_than_a_person_can_read(self, accounts: int, joined: int) -> None:
        """And every line ends at nodes that are drawn."""
        names = [f"a-{number:03}" for number in range(accounts)]
        links = [Link(left, right, 6.5) for left, right in combinations(names[:joined], 2)]
        found = pane.drawn(names, links, [shared("d-1", *names)])
        nodes = {item["data"]["id"] for item in found if "id" in item["data"]}
        ends = {item["data"][end] for item in found if "source" in item["data"] for end in ("source", "target")}
        assert len(nodes) <= pane.MOST_NODES
        assert ends <= nodes
