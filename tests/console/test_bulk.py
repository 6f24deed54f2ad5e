"""Bulk decisions and approvals on pages: counted first, exactly the set that was shown, and another person over the limit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.console.desk import Desk, furnish, opened
from vedette import cases
from vedette.cases.pages import bulk

_PRINT = re.compile(r'name="fingerprint" value="([0-9a-f]+)"')
_BULK = re.compile(r'action="/bulks/(bulk_[a-z0-9]+)/answer"')
_NOTE = "One campaign, all confirmed by <b>phone</b>."


def form(**changes: str) -> dict[str, str]:
    """A decision that fits cases with a stop."""
    made = {"outcome": "true", "action": "preserve", "reason": "false_identity", "note": _NOTE, "query": ""}
    return {**made, **changes}


def counted(desk: Desk, **changes: str) -> str:
    """The fingerprint of a count."""
    found = _PRINT.search(desk.whole("/queue/bulk", **form(**changes)).text)
    assert found is not None
    return found[1]


def open_cases(desk: Desk) -> int:
    return len(desk.get("/queue.json?status=open").json()["cases"])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """More cases than one person decides at once."""
    folder = tmp_path_factory.mktemp("many") / "ws"
    with opened(folder, furnish(folder, 28)) as found:
        yield found


class TestCounting:
    def test_counting_decides_nothing(self, desk: Desk) -> None:
        before = open_cases(desk)
        text = desk.whole("/queue/bulk", **form()).text
        assert f"Decide {before} cases" in text and "&lt;b&gt;phone" in text and "<b>phone" not in text
        assert open_cases(desk) == before

    def test_a_stop_is_no_false_alarm_in_bulk(self, desk: Desk) -> None:
        """Nobody clears thirty customers on hold with one click."""
        text = desk.whole("/queue/bulk", **form(outcome="false", action="none", reason="namesake")).text
        assert "a stop is judged one by one" in text and 'name="fingerprint"' not in text

    @pytest.mark.parametrize("changes", [{"note": " "}, {"outcome": ""}, {"reason": "x"}, {"query": "nosuch=1"}])
    def test_what_is_no_decision_is_refused(self, desk: Desk, changes: dict[str, str]) -> None:
        assert desk.whole("/queue/bulk", **form(**changes)).status_code == 422

    def test_the_view_is_named_on_the_page(self, desk: Desk) -> None:
        text = desk.get("/queue/bulk?priority_min=60&contains=%3Ci%3E").text
        assert "priority at least: 60" in text and "<i>" not in text

    @pytest.mark.parametrize("name", ["vic", "carl"])
    def test_who_does_not_decide_has_no_such_page(self, desk: Desk, name: str) -> None:
        assert desk.get("/queue/bulk", name).status_code == 403
        assert desk.whole("/queue/bulk", name, **form()).status_code == 403
        assert "/queue/bulk" not in desk.get("/queue", name).text

    def test_left_out_reasons_are_those_of_the_domain(self) -> None:
        from inspect import getsource

        from vedette.cases.bulk import _unfit

        assert set(bulk.LEFT_OUT) == set(re.findall(r', "([a-z ]+)"\)', getsource(_unfit)))


class TestDeciding:
    def test_a_changed_view_decides_nothing(self, desk: Desk) -> None:
        before, text = open_cases(desk), desk.whole("/queue/bulk", **form(fingerprint="0" * 16)).text
        assert "has changed since it was counted" in text
        assert open_cases(desk) == before

    def test_exactly_the_view_is_decided_and_each_case_has_its_leaf(self, desk: Desk) -> None:
        wanted = desk.get("/queue.json?family=device").json()["cases"] or desk.get("/queue.json").json()["cases"][:1]
        query = "&".join(f"case={row['case_id']}" for row in wanted)
        text = desk.whole("/queue/bulk", **form(query=query, fingerprint=counted(desk, query=query))).text
        assert f"{len(wanted)} cases decided" in text
        history = desk.get(f"/cases/{wanted[0]['case_id']}?tab=audit").text
        assert "decided" in history and "does not hold" not in history

    def test_over_the_limit_another_person_agrees_first(self, many: Desk) -> None:
        """One reason for thirty customers is one mistake thirty times."""
        text = many.whole("/queue/bulk", **form(fingerprint=counted(many))).text
        assert "Waits for a second person" in text
        assert "another person answers" in many.get("/approvals").text
        inbox = many.get("/approvals", "carl").text
        found = _BULK.search(inbox)
        assert found is not None and _NOTE not in inbox
        assert many.whole(f"/bulks/{found[1]}/answer", "bea", agree="yes").status_code == 403
        assert "by &lt;b&gt;phone" in many.whole(f"/bulks/{found[1]}/note", "carl").text
        assert "cases decided" in many.whole(f"/bulks/{found[1]}/answer", "carl", agree="yes").text
        assert open_cases(many) == 0


class TestInbox:
    def test_a_decision_that_waits_leads_to_its_case(self, desk: Desk) -> None:
        case, version = desk.case(4)
        harm: dict[str, Any] = form(action="suspend", version=version, note="Reported stolen.")
        desk.post(f"/cases/{case}/decisions", **harm)
        assert f'href="/cases/{case}"' in desk.get("/approvals", "carl").text
        assert cases.get(desk.store, case).status.value == "waiting_approval"

    def test_who_only_looks_is_offered_no_answer(self, desk: Desk) -> None:
        assert 'name="agree"' not in desk.get("/approvals", "vic").text
