"""Pages: everything that waits for a second person, and the answer to bulk acts, which have no page of their own."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import approvals, cases
from vedette.cases.opened import bulk_note
from vedette.cases.words import Bulk
from vedette.doors import pages, web
from vedette.store import Store

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_APPROVER = Annotated[web.Person, Depends(web.needs_person(web.Permission.APPROVE))]
_FORM = Annotated[web.Form, Depends(web.form)]
#: Where the thing that waits is looked at and answered, by the kind of its subject.
_ADDRESSES = {
    "case": "/cases/",
    "report": "/reports/",
    "rule": "/rules/",
    "blind_question": "/sharing/blind/questions/",
}
_CASES_SHOWN = 30


@router.get("/approvals")
def inbox(request: Request, person: _READER) -> Response:
    """What waits, oldest first, with who asked; one's own requests are shown and cannot be answered."""
    return _page(request, person)


@router.post("/bulks/{bulk_id}/answer")
def answer(request: Request, person: _APPROVER, bulk_id: str, sent: _FORM) -> Response:
    """Agree or disagree with a bulk act; agreed, it is carried out at once in its maker's name."""
    place = person.place
    done = cases.answer_bulk(
        place.store, person.principal, bulk_id, agree=sent.get("agree") == "yes", clock=place.clock
    )
    return pages.show(request, person, "cases/bulk_done.html", "Decide a whole view", done=done)


@router.post("/bulks/{bulk_id}/note")
def open_note(request: Request, person: _APPROVER, bulk_id: str) -> Response:
    """Open the sealed note of a bulk act; the log keeps who did."""
    place = person.place
    words = bulk_note(place.store, person.principal, bulk_id, clock=place.clock)
    return _page(request, person, notes={bulk_id: words})


def _page(request: Request, person: web.Person, notes: dict[str, str] | None = None) -> Response:
    store = person.place.store
    acts = {item.bulk_id: _bulk(item) for item in cases.waiting_bulks(store)}
    rows = [_row(store, item, person, acts) for item in approvals.waiting(store)]
    may = person.may(web.Permission.APPROVE)
    return pages.show(request, person, "cases/approvals.html", "Approvals", rows=rows, may=may, notes=notes or {})


def _row(store: Store, item: approvals.Request, person: web.Person, acts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    kind, name = item.subject.kind, item.subject.id
    me = person.principal.id.casefold()
    return {
        "action": item.action,
        "why": next((known.why for known in approvals.policy().actions.values() if known.id == item.action), ""),
        "kind": kind,
        "id": name,
        "address": f"{_ADDRESSES[kind]}{quote(name)}" if kind in _ADDRESSES else "",
        "says": _says(store, name) if kind == "case" else "",
        "bulk": acts.get(name),
        "by": item.requested_by.partition(":")[2],
        "at": item.requested_at,
        "needed": item.needed,
        "given": len(item.answers),
        "own": item.requested_by.partition(":")[2].casefold() == me,
        "answered": me in {answer.person for answer in item.answers},
    }


def _says(store: Store, case_id: str) -> str:
    try:
        return cases.get(store, case_id).summary
    except cases.CaseError:
        return ""


def _bulk(item: Bulk) -> dict[str, Any]:
    return {
        "id": item.bulk_id,
        "outcome": item.outcome.value,
        "action": item.action.value,
        "reason": cases.reasons()[item.reason_code].text,
        "count": len(item.items),
        "cases": [case_id for case_id, _ in item.items[:_CASES_SHOWN]],
        "more": max(0, len(item.items) - _CASES_SHOWN),
        "query": item.query,
    }
