"""Pages: what is rarely done with a case: merging, splitting, a customer's objection, a term by hand, a second opinion."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette import cases, policy
from vedette.cases.appeal import appeal
from vedette.cases.explain import explain
from vedette.cases.model import SETTLED, UNDECIDED
from vedette.cases.pages.desk import choice, number_of
from vedette.cases.sample import second_opinion
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.store import Store

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_MOST = 40
_TERMS = ("days", "calendar days", "business days")


@router.get("/cases/{case_id}/more")
def more(request: Request, person: _DECIDER, case_id: str) -> Response:
    """The forms that fit where the case stands."""
    place = person.place
    case = cases.find(place.store, case_id)
    told = explain(place.store, case.case_id, clock=place.clock)
    return pages.show(
        request,
        person,
        "cases/more.html",
        "More about the case",
        case=told,
        undecided=case.status in UNDECIDED,
        settled=case.status in SETTLED and case.decision_id is not None,
        others=_others(place.store, case, told),
        terms=_terms(place.home),
        outcomes=[item.value for item in cases.Outcome],
    )


@router.post("/cases/{case_id}/merge")
def merge(person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Put this case together with others; the oldest stays."""
    place = person.place
    named = [*sent.getlist("case"), *sent.get("others", "").split()][:_MOST]
    ids = {case_id, *(cases.find(place.store, name).case_id for name in named)}
    whole = cases.merge(place.store, person.principal, ids, sent.get("note", ""), clock=place.clock)
    return RedirectResponse(f"/cases/{whole.case_id}", 303)


@router.post("/cases/{case_id}/split")
def split(person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Take accounts out into a case of their own; refused where the case has changed since it was shown."""
    place = person.place
    try:
        _, new = cases.split(
            place.store,
            person.principal,
            case_id,
            sent.getlist("account"),
            sent.get("note", ""),
            expected_version=number_of(sent.get("version")),
            clock=place.clock,
        )
    except cases.StaleCase:
        detail = word("This case has changed since you opened it, so nothing was split")
        raise web.Problem(412, "changed", detail, remedy=word("Look at it as it is now")) from None
    return RedirectResponse(f"/cases/{new.case_id}", 303)


@router.post("/cases/{case_id}/appeal")
def object_to(person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Take in a customer's objection; it gets a due day, and its text is sealed."""
    appeal(person.place.store, person.principal, case_id, sent.get("text", ""), clock=person.place.clock)
    return RedirectResponse("/duties/appeals", 303)


@router.post("/cases/{case_id}/term")
def term(person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """Start a term by hand, such as one of a proposed rule that the house keeps voluntarily."""
    cases.start(person.place.store, person.principal, case_id, sent.get("rule", ""), clock=person.place.clock)
    return RedirectResponse("/duties/clocks", 303)


@router.post("/cases/{case_id}/opinion")
def opinion(person: _DECIDER, case_id: str, sent: _FORM) -> Response:
    """A second opinion on a decided case: changes nothing and measures agreement."""
    said = choice(cases.Outcome, sent, "outcome", word("Choose what you believe"))
    second_opinion(person.place.store, person.principal, case_id, said, clock=person.place.clock)
    return RedirectResponse("/duties/quality", 303)


def _others(store: Store, case: cases.Case, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Undecided cases of accounts that share something with this one."""
    found: dict[str, dict[str, Any]] = {}
    for item in told["neighbours"][:_MOST]:
        other = cases.of_account(store, item["account_id"])
        if other is not None and other.case_id != case.case_id and other.status in UNDECIDED:
            found[other.case_id] = {"case_id": other.case_id, "accounts": other.accounts[:4], "says": other.summary}
    return list(found.values())


def _terms(home: str) -> list[dict[str, str]]:
    """Rules that set a term in days for a decision."""
    return [
        {"id": rule.id, "title": rule.title, "status": rule.status.value}
        for rule in policy.rules()
        if rule.number and rule.unit in _TERMS and any(text.startswith("decision:") for text in rule.applies_to)
    ]
