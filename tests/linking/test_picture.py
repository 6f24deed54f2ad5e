"""Graphs of actors for a page."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import JOB
from vedette import linking
from vedette.base import FixedClock
from vedette.linking import Link, Part, PictureError, weights
from vedette.linking.draw import svg
from vedette.linking.layout import places
from vedette.linking.model import Actor, Judgement, Verdict
from vedette.linking.picture import Picture, drawn, stars
from vedette.store import Store

KEY = Part("key", "key", 5, 20.0)
CARD = Part("instrument", "payment", 2, 12.0)


def clique(members: list[str], part: Part, bits: float = 12.0) -> list[Link]:
    return [Link(left, right, bits, (part,)) for left, right in combinations(sorted(members), 2)]


def actor(members: list[str], review: tuple[str, ...] = ()) -> Actor:
    return Actor("actor-1", tuple(members), review, "2026-01-01T00:00:00Z", dict.fromkeys(members, 12.0))


def shown(members: list[str], links: list[Link], words: tuple[Judgement, ...] = (), limit: int = 150) -> Picture:
    return drawn("actor-1", actor(members), links, words, limit=limit, used=weights())


class TestStars:
    def test_a_value_of_five_is_one_node_and_no_pairs(self) -> None:
        members = [f"a-{number}" for number in range(5)]
        picture = shown(members, clique(members, KEY))
        assert [node.sort for node in picture.nodes] == ["account"] * 5 + ["value"]
        assert [edge.standing for edge in picture.edges] == ["shares"] * 5
        assert picture.nodes[-1].label == "key: 5 holders"
        assert picture.nodes[-1].count == 5

    def test_values_of_the_same_accounts_are_one_node(self) -> None:
        phone = Part("phone", "contact", 3, 4.0)
        links = [Link(link.left, link.right, 20.0, (KEY, phone)) for link in clique(["a", "b", "c"], KEY)]
        picture = shown(["a", "b", "c"], links)
        assert picture.nodes[-1].label == "key, phone: 3 to 5 holders"
        assert [edge.bits for edge in picture.edges] == [24.0] * 3

    def test_three_values_of_two_holders_are_no_star(self) -> None:
        assert stars(clique(["a", "b", "c"], CARD)) == {}

    def test_a_pair_that_tells_otherwise_keeps_the_lines(self) -> None:
        links = clique(["a", "b", "c"], KEY)[:-1]
        assert stars(links) == {}
        assert len(shown(["a", "b", "c"], links).edges) == 2

    def test_what_a_pair_shares_beside_the_star_stays_a_line(self) -> None:
        links = clique(["a", "b", "c"], KEY)
        links[0] = Link("a", "b", 24.0, (KEY, CARD))
        lines = [edge for edge in shown(["a", "b", "c"], links).edges if edge.standing != "shares"]
        assert [(edge.source, edge.target, edge.bits, edge.parts) for edge in lines] == [("a", "b", 24.0, (CARD,))]


class TestPicture:
    def test_a_crowd_fits_and_says_how_many_it_stands_for(self) -> None:
        members = [f"a-{number:03d}" for number in range(300)]
        part = Part("instrument", "payment", 300, 9.0)
        picture = shown(members, clique(members, part))
        assert [(node.sort, node.count) for node in picture.nodes] == [("accounts", 300), ("value", 300)]
        assert picture.nodes[0].label == "300 accounts alike"
        assert picture.left_out == 0

    def test_never_more_nodes_than_the_limit_and_the_rest_is_told(self) -> None:
        members = [f"a-{number:04d}" for number in range(900)]
        links = [Link(one, other, 9.0, (CARD,)) for one, other in zip(members, members[1:], strict=False)]
        picture = shown(members, links, limit=40)
        assert len(picture.nodes) == 40
        assert picture.left_out == 900 - 160

    def test_related_accounts_stand_outside(self) -> None:
        picture = shown(["a", "b"], [Link("a", "b", 9.0, (CARD,)), Link("b", "c", 2.0, (CARD,))])
        assert {node.id: node.inside for node in picture.nodes} == {"a": True, "b": True, "c": False}
        assert [edge.standing for edge in picture.edges] == ["same", "related"]

    def test_a_persons_word_is_a_line(self) -> None:
        word = Judgement("a", "b", Verdict.CUT, "brothers", "person:x", "2026-01-01T00:00:00Z")
        picture = shown(["a", "b"], [Link("a", "b", 9.0, (CARD,))], (word,))
        assert [edge.standing for edge in picture.edges] == ["cut", "same"]

    def test_the_order_of_links_does_not_matter(self) -> None:
        members = [f"a-{number}" for number in range(6)]
        links = [*clique(members[:4], KEY), Link("a-4", "a-5", 8.0, (CARD,)), Link("a-3", "a-4", 7.0, (CARD,))]
        assert shown(members, links) == shown(members, links[::-1])

    def test_the_most_that_is_drawn_takes_less_than_a_second(self) -> None:
        members = [f"a-{number:04d}" for number in range(150)]
        links = [link for number in range(0, 150, 5) for link in clique(members[number : number + 5], CARD)]
        started = time.process_time()
        shown(members, links)
        assert time.process_time() - started < 1.5


class TestLayout:
    def test_linked_nodes_stand_nearer_than_others(self) -> None:
        spots = places(["a", "b", "c", "d"], [("a", "b"), ("c", "d")])

        def apart(one: int, other: int) -> float:
            return float(sum((x - y) ** 2 for x, y in zip(spots[one], spots[other], strict=True)) ** 0.5)

        assert max(apart(0, 1), apart(2, 3)) < min(apart(0, 2), apart(0, 3), apart(1, 2), apart(1, 3))

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 25), st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=30))
    def test_every_node_has_a_place_of_its_own_in_the_frame(self, count: int, lines: list[tuple[int, int]]) -> None:
        nodes = [f"n{number}" for number in range(count)]
        edges = [(f"n{a}", f"n{b}") for a, b in lines if a < count and b < count]
        spots = places(nodes, edges)
        assert spots == places(nodes, edges)
        assert all(0 <= x <= 1000 and 0 <= y <= 1000 for x, y in spots)
        assert len(set(spots)) == count


class TestSvg:
    def test_hostile_ids_stay_text(self) -> None:
        nasty = ["<script>alert(1)</script>", 'x"/><image href="http://evil.example/"', "line\nbreak\x00"]
        text = svg(shown(nasty, clique(nasty, KEY)))
        root = ElementTree.fromstring(text)  # our own text
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags == {"svg", "title", "rect", "text", "g", "line", "circle"}
        assert "\x00" not in text


class TestOfAStore:
    def test_an_actor_and_its_account_give_the_same_graph(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        (found,) = linking.actors(ringed)
        graph = linking.graph_json(ringed, found.actor_id)
        assert json.loads(json.dumps(graph)) == graph
        assert {node["id"] for node in graph["nodes"] if node["sort"] == "account"} == {"a-1", "a-2", "a-3"}  # type: ignore[union-attr, index, call-overload]  # JSON
        assert {**linking.graph_json(ringed, "a-1"), "about": ""} == {**graph, "about": ""}

    @pytest.mark.parametrize("about", ["nobody", "s-01", "", "' OR 1=1 --"])
    def test_what_is_not_linked_has_no_picture(self, ringed: Store, about: str, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        with pytest.raises(PictureError, match="no actor"):
            linking.graph_json(ringed, about)

    def test_a_limit_without_room_is_refused(self, ringed: Store) -> None:
        with pytest.raises(PictureError, match="two nodes"):
            linking.picture(ringed, "a-1", limit=1)
