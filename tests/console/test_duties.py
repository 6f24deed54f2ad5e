"""Merging, splitting, appeals, the blind sample, legal terms: on pages, by the right person, with the words sealed."""

from __future__ import annotations

import re

import pytest

from tests.console.desk import Desk
from vedette import cases

_APPEAL = re.compile(r'action="/duties/appeals/(app_[a-z0-9]+)/open')
_CLOCK = re.compile(r'action="/duties/clocks/(clk_[a-z0-9]+)"')
_ACCOUNT = re.compile(r'name="account" value="([^"]+)"')
_WEEK = re.compile(r'name="week" value="([^"]+)"')


def decided(desk: Desk, at: int, **changes: str) -> str:
    """A case that bea decided as a false alarm, or otherwise."""
    case, version = desk.case(at)
    made = {"outcome": "false", "action": "none", "reason": "namesake", "note": "Other birth date.", **changes}
    assert desk.post(f"/cases/{case}/decisions", version=version, **made).status_code == 200
    return case


def blocked(desk: Desk, at: int) -> str:
    """A case that ended in a block to which two people agreed; its terms run."""
    case = decided(desk, at, outcome="true", action="block-property", reason="listed_party")
    version = str(cases.get(desk.store, case).version)
    assert desk.post(f"/cases/{case}/answer", "carl", agree="yes", version=version).status_code == 200
    return case


class TestArranging:
    def test_cases_are_merged_and_split_with_a_reason(self, desk: Desk) -> None:
        """What a person put together only a person takes apart, and both say why."""
        (case, _), (other, _) = desk.case(1), desk.case(2)
        account = cases.get(desk.store, other).accounts[0]
        answer = desk.whole(f"/cases/{case}/merge", others=account, note="The same passport.")
        assert answer.status_code == 303
        whole = cases.get(desk.store, answer.headers["location"].rpartition("/")[2])
        assert account in whole.accounts and len(whole.accounts) == 2
        sent = {"account": account, "version": str(whole.version)}
        path = f"/cases/{whole.case_id}/split"
        assert desk.whole(path, **sent, note=" ").status_code == 422
        assert desk.whole(path, **{**sent, "version": "99"}, note="Brothers.").status_code == 412
        assert desk.whole(path, **sent, note="Brothers, met in person.").status_code == 303
        assert account not in cases.get(desk.store, whole.case_id).accounts

    def test_one_case_alone_is_not_merged(self, desk: Desk) -> None:
        case, _ = desk.case(1)
        assert desk.whole(f"/cases/{case}/merge", note="Alone.").status_code == 422

    @pytest.mark.parametrize("verb", ["merge", "split", "appeal", "term", "opinion"])
    def test_who_only_looks_arranges_nothing(self, desk: Desk, verb: str) -> None:
        case, _ = desk.case(1)
        assert desk.whole(f"/cases/{case}/{verb}", "vic", note="x").status_code == 403
        assert desk.get(f"/cases/{case}/more", "vic").status_code == 403


class TestAppeals:
    def test_another_person_answers_and_the_words_stay_sealed(self, desk: Desk) -> None:
        """Whoever took the service away never judges the complaint about it."""
        case = blocked(desk, 3)
        words = "You confuse me with <b>Orla</b>."
        assert desk.whole(f"/cases/{case}/appeal", text=words).status_code == 303
        page = desk.get("/duties/appeals").text
        found = _APPEAL.search(page)
        assert found is not None and "Orla" not in page
        appeal = f"/duties/appeals/{found[1]}"
        assert "with &lt;b&gt;Orla" in desk.whole(f"{appeal}/open").text
        assert desk.whole(f"{appeal}/open", "vic").status_code == 403
        assert desk.whole(appeal, "bea", changed="no", note="Fine.").status_code == 403
        assert desk.whole(appeal, "carl", changed="no", note="Fine.").status_code == 422  # carl approved the block
        assert desk.whole(appeal, "dora", changed="yes", note="").status_code == 422
        assert desk.whole(appeal, "dora", changed="yes", note="The passport differs.").status_code == 303
        assert cases.get(desk.store, case).status.value == "open"

    def test_an_undecided_case_takes_no_appeal(self, desk: Desk) -> None:
        case, _ = desk.case(1)
        assert desk.whole(f"/cases/{case}/appeal", text="No!").status_code == 422


class TestTerms:
    def test_a_block_starts_a_term_and_freezes(self, desk: Desk) -> None:
        case = blocked(desk, 4)
        page = desk.get("/duties/clocks").text
        assert case[:14] in page and "frozen" in page
        found = _CLOCK.search(page)
        assert found is not None
        assert desk.whole(f"/duties/clocks/{found[1]}", "vic", reference="R-1").status_code == 403
        assert desk.whole(f"/duties/clocks/{found[1]}", reference=" ").status_code == 422
        assert desk.whole(f"/duties/clocks/{found[1]}", reference="ORS-7").status_code == 303
        assert "ORS-7" in desk.get("/duties/clocks?all=yes").text


class TestSample:
    def test_drawn_once_judged_blind_and_told_with_an_interval(self, fresh: Desk) -> None:
        """A judge who saw the score would only confirm it. What should have been found opens a case."""
        desk = fresh
        assert "not drawn yet" in desk.get("/duties/sample").text
        assert desk.whole("/duties/sample/draw", "vic", size="3").status_code == 403
        page = desk.whole("/duties/sample/draw", size="3").text
        account, week = _ACCOUNT.search(page), _WEEK.search(page)
        assert account is not None and week is not None
        assert "3 left" in page and f"/customers/{account[1]}" not in page and "stands about it" not in page
        assert desk.whole("/duties/sample/draw", size="3").status_code == 422
        sent = {"week": week[1], "account": account[1], "outcome": "false"}
        assert desk.whole("/duties/sample/judge", **sent, note="").status_code == 422
        told = desk.whole("/duties/sample/judge", **sent, note="A student.").text
        assert f"You judged {account[1]}" in told and "2 left" in told and "0–97.5 %" in told
        found = _ACCOUNT.search(told)
        assert found is not None
        miss = {"week": week[1], "account": found[1], "outcome": "true", "note": "Same hand as the ring."}
        assert "Go to its case" in desk.whole("/duties/sample/judge", **miss).text
        assert cases.of_account(desk.store, found[1]) is not None


class TestQuality:
    def test_a_second_opinion_is_another_s(self, desk: Desk) -> None:
        case = decided(desk, 5, outcome="true", reason="false_identity", action="preserve")
        assert desk.whole(f"/cases/{case}/opinion", outcome="true").status_code == 422
        assert desk.whole(f"/cases/{case}/opinion", "bo", outcome="true").status_code == 303
        assert "network/odd" in desk.get("/duties/quality", "vic").text
