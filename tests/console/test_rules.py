"""The rule page: an expired rule says so, a back-test is kept for whoever agrees, a change is answered by another person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.console.desk import Desk
from tests.detections.made import folder
from vedette.base import Principal, PrincipalKind, SystemClock
from vedette.detections import pages as rule_pages
from vedette.detections.pack import rules
from vedette.detections.publish import Book, publish, retire
from vedette.detections.read import read_rule
from vedette.detections.standing import Mode

RAY = Principal(PrincipalKind.PERSON, "ray")
SHIPPED = "network/console_from_dprk"
_REQUEST = re.compile(r'name="request" value="([^"]+)"')


@pytest.fixture(scope="module")
def tried(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A rule in shadow, back-tested by its author."""
    rule = read_rule(folder(tmp_path_factory.mktemp("rules"), "network", "odd"))
    publish(desk.store, RAY, rule, Mode.SHADOW, reason="trying", clock=SystemClock())
    assert desk.whole(f"/rules/{rule.id}/backtest", "ray", capacity="5").status_code == 303
    return rule.id


class TestExpired:
    def test_a_rule_whose_day_has_come_no_longer_looks_live(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody relies on a check that finds nothing any more."""
        rule = next(item for item in rules() if item.id == SHIPPED)
        old = Book(live=(replace(rule, expires=date(2026, 1, 1)),), shadow=(), broken={})
        monkeypatch.setattr(rule_pages, "book", lambda store: old)
        assert 'chip stop">expired' in desk.get("/rules").text
        page = desk.get(f"/rules/{SHIPPED}").text
        assert 'chip stop">expired' in page and "checked anew by 2026-01-01" in page


class TestBacktest:
    def test_its_figures_are_kept_for_everybody(self, desk: Desk, tried: str) -> None:
        page = desk.get(f"/rules/{tried}", "pia").text
        assert "person:ray" in page and "A day, 95th percentile" in page
        assert "rule.backtest" in desk.get("/audit", "carl").text

    @pytest.mark.parametrize("name", ["bea", "vic", "pia"])
    def test_only_authors_make_one(self, desk: Desk, tried: str, name: str) -> None:
        assert desk.whole(f"/rules/{tried}/backtest", name).status_code == 403
        assert "Back-test now" not in desk.get(f"/rules/{tried}", name).text

    def test_a_rule_that_is_not_there(self, desk: Desk) -> None:
        assert desk.whole("/rules/network/none/backtest", "ray").status_code == 422


class TestChange:
    def test_a_second_person_answers_exactly_what_was_shown(self, fresh: Desk) -> None:
        """A check is never switched off by one person, nor by an answer to another question."""
        desk = fresh
        retire(desk.store, RAY, SHIPPED, reason="Too <b>loud</b> here.", clock=SystemClock())
        page = desk.get(f"/rules/{SHIPPED}", "pia").text
        found = _REQUEST.search(page)
        assert found is not None and "Too &lt;b&gt;loud" in page
        path = f"/rules/{SHIPPED}/answer"
        assert 'name="agree"' not in desk.get(f"/rules/{SHIPPED}", "ray").text
        assert desk.whole(path, "ray", request=found[1], agree="yes").status_code == 403
        assert desk.whole(path, "pia", request="apr_other", agree="yes").status_code == 412
        assert f'href="/rules/{SHIPPED.replace("/", "%2F")}"' not in desk.get("/approvals", "pia").text
        assert f'href="/rules/{SHIPPED}"' in desk.get("/approvals", "pia").text
        assert desk.whole(path, "pia", request=found[1], agree="yes").status_code == 303
        assert "retired" in desk.get(f"/rules/{SHIPPED}").text
