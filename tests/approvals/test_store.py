"""The maker can never approve; one person has one voice; only a waiting request takes answers."""

from __future__ import annotations

import pytest

from tests.made import ANNA, BERT, JOB
from vedette import approvals, audit
from vedette.approvals import NotAllowed, Request, RequestState, UnknownAction, UnknownRequest
from vedette.base import FixedClock, Principal, PrincipalKind, Subject
from vedette.store import Store

CASE = Subject("case", "case_1")
CARL = Principal(PrincipalKind.PERSON, "carl")


def asked(store: Store, clock: FixedClock, action: str = "case.suspend", reference: str = "dec_1") -> Request:
    with audit.writing(store, ANNA, "ask", clock=clock) as act:
        return approvals.request(act, action, CASE, reference)


def answered(store: Store, clock: FixedClock, who: Principal, request: Request, verb: str = "approve") -> Request:
    with audit.writing(store, who, verb, clock=clock) as act:
        answer: Request = getattr(approvals, verb)(act, request.id)
    return answer


class TestRequest:
    def test_a_protected_action_waits(self, store: Store, clock: FixedClock) -> None:
        made = asked(store, clock)

        assert (made.state, made.needed, made.requested_by) == (RequestState.WAITING, 1, "person:anna")
        assert approvals.waiting(store) == [made]
        assert approvals.get(store, made.id) == made

    def test_a_free_action_is_approved_at_once(self, store: Store, clock: FixedClock) -> None:
        assert asked(store, clock, "case.none").state is RequestState.APPROVED
        assert approvals.waiting(store) == []

    def test_an_unlisted_action_is_refused_not_free(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(UnknownAction, match=r"case\.suspend"):
            asked(store, clock, "case.suspnd")

    def test_asking_twice_is_one_request(self, store: Store, clock: FixedClock) -> None:
        first = asked(store, clock)
        answered(store, clock, BERT, first)

        again = asked(store, clock)

        assert (again.id, again.state) == (first.id, RequestState.APPROVED), "an answer is not asked away"

    def test_another_reference_is_another_request(self, store: Store, clock: FixedClock) -> None:
        assert asked(store, clock, reference="dec_1").id != asked(store, clock, reference="dec_2").id


class TestAnswers:
    @pytest.mark.parametrize(("verb", "state"), [("approve", RequestState.APPROVED), ("reject", RequestState.REJECTED)])
    def test_a_second_person_settles_it(self, store: Store, clock: FixedClock, verb: str, state: RequestState) -> None:
        after = answered(store, clock, BERT, asked(store, clock), verb)

        assert after.state is state
        assert [(item.person, item.answered_at) for item in after.answers] == [("bert", "2026-03-01T12:00:00Z")]
        assert audit.verify(store).problems == []

    @pytest.mark.parametrize("verb", ["approve", "reject"])
    @pytest.mark.parametrize(
        ("who", "problem"),
        [
            (ANNA, "maker"),
            (Principal(PrincipalKind.COMMAND_LINE, "anna"), "maker"),
            (Principal(PrincipalKind.PERSON, "ANNA"), "maker"),
            (JOB, "no person"),
            (Principal(PrincipalKind.KEY, "bert"), "no person"),
        ],
    )
    def test_who_may_not(self, store: Store, clock: FixedClock, verb: str, who: Principal, problem: str) -> None:
        request = asked(store, clock)

        with pytest.raises(NotAllowed, match=problem):
            answered(store, clock, who, request, verb)

        assert approvals.get(store, request.id) == request

    def test_a_settled_request_takes_no_more(self, store: Store, clock: FixedClock) -> None:
        request = asked(store, clock)
        answered(store, clock, BERT, request)

        with pytest.raises(NotAllowed, match="already approved"):
            answered(store, clock, CARL, request, "reject")

    def test_two_approvals_need_two_people(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("vedette.approvals.store.needs", lambda _action, count=None: 2)
        request = asked(store, clock)

        assert answered(store, clock, BERT, request).state is RequestState.WAITING
        with pytest.raises(NotAllowed, match="already answered"):
            answered(store, clock, BERT, request)
        assert answered(store, clock, CARL, request).state is RequestState.APPROVED

    def test_one_rejection_outweighs(self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vedette.approvals.store.needs", lambda _action, count=None: 2)
        request = asked(store, clock)
        answered(store, clock, BERT, request)

        assert answered(store, clock, CARL, request, "reject").state is RequestState.REJECTED

    def test_only_the_maker_withdraws(self, store: Store, clock: FixedClock) -> None:
        request = asked(store, clock)

        with pytest.raises(NotAllowed, match="only the maker"):
            answered(store, clock, BERT, request, "withdraw")
        assert answered(store, clock, ANNA, request, "withdraw").state is RequestState.WITHDRAWN

    def test_an_unknown_request_is_said(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(UnknownRequest):
            approvals.get(store, "apr_nothing")


class TestAsJson:
    def test_everything_a_reader_needs(self, store: Store, clock: FixedClock) -> None:
        told = answered(store, clock, BERT, asked(store, clock)).as_json()

        assert told["subject"] == {"kind": "case", "id": "case_1"}
        assert told["answers"] == [{"person": "bert", "verdict": "approved", "answered_at": "2026-03-01T12:00:00Z"}]
