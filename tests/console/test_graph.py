"""The graph explorer and a person's word on two accounts: tables first, opened step by step, with a reason."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from tests.console.desk import Desk
from vedette import linking

_GRAPH = re.compile(r'data-graph="([^"]+)"')


class TestExplorer:
    def test_an_account_its_lines_and_how_to_go_on(self, desk: Desk) -> None:
        text = desk.get("/actors/explore?about=a-1").text
        assert text.index("<table") < text.index("data-graph=")
        found = _GRAPH.search(text)
        assert found is not None
        nodes = {item["data"].get("id"): item["data"] for item in json.loads(unescape(found[1]))}
        assert {"a-1", "a-2", "a-3"} <= set(nodes)
        assert any(data.get("href", "").startswith("/actors/explore?about=a-1&about=") for data in nodes.values())

    def test_a_kind_alone_shows_its_strongest_links(self, desk: Desk) -> None:
        assert "a-3" in desk.get("/actors/explore?kind=key").text
        assert "Nothing is linked there" in desk.get("/actors/explore?kind=wallet").text

    @pytest.mark.parametrize("query", ["about=%3Cscript%3E", "kind=x", "about=nobody&kind=key", "about=" + "a" * 900])
    def test_what_is_not_linked_says_so(self, desk: Desk, query: str) -> None:
        answer = desk.get(f"/actors/explore?{query}")
        assert answer.status_code == 200 and "Nothing is linked there" in answer.text and "<script>" not in answer.text

    def test_twenty_are_opened_at_most(self, desk: Desk) -> None:
        text = desk.get("/actors/explore?about=a-1" + "".join(f"&about=s-{n:02}" for n in range(30))).text
        assert text.count('aria-label="Close ') == 20 and "Open it, too" not in text


class TestWord:
    def test_a_cut_needs_a_reason_and_ends_the_actor(self, fresh: Desk) -> None:
        """Two brothers are taken apart by somebody who met them, and the next run does not join them again."""
        desk = fresh
        (actor,) = linking.actors(desk.store)
        assert 'value="cut"' not in desk.get(f"/actors/{actor.actor_id}", "vic").text
        sent = {"one": "a-1", "other": "a-2", "verdict": "cut"}
        assert desk.whole("/actors/judge", "vic", **sent, reason="x").status_code == 403
        assert desk.whole("/actors/judge", **sent, reason=" ").status_code == 422
        assert desk.whole("/actors/judge", **{**sent, "other": "nobody"}, reason="Brothers.").status_code == 422
        assert desk.whole("/actors/judge", **sent, reason="Brothers, met in person.").status_code == 303
        assert not any({"a-1", "a-2"} <= set(found.accounts) for found in linking.actors(desk.store))
        assert "cut by a person" in desk.get("/actors/explore?about=a-1").text
