"""Pages: what the law and the house set going: appeals, legal terms and freezes, and how well the queue is kept up."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette import cases
from vedette.cases.appeal import answer, appeals, redress
from vedette.cases.opened import appeal_words
from vedette.cases.quality import quality
from vedette.cases.read import timers
from vedette.doors import pages, web

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_APPROVER = Annotated[web.Person, Depends(web.needs_person(web.Permission.APPROVE))]
_REVEALER = Annotated[web.Person, Depends(web.needs_person(web.Permission.REVEAL))]
_FORM = Annotated[web.Form, Depends(web.form)]


@router.get("/duties")
def duties(person: _READER) -> Response:
    """The first of these pages."""
    return RedirectResponse("/duties/clocks", 303)


@router.get("/duties/clocks")
def clocks(request: Request, person: _READER) -> Response:
    """Terms that run, the one due first in front, and accounts that stand still by a block."""
    store, now = person.place.store, person.place.clock.now()
    everything = request.query_params.get("all") == "yes"
    return pages.show(
        request,
        person,
        "cases/clocks.html",
        "Legal terms",
        rows=[item.row(now) for item in cases.clocks(store, everything=everything)],
        frozen=[item.as_json() for item in cases.frozen(store, everything=everything)],
        everything=everything,
        may=person.may(web.Permission.DECIDE),
    )


@router.post("/duties/clocks/{clock_id}")
def met(person: _DECIDER, clock_id: str, sent: _FORM) -> Response:
    """Say that what was due has been done, with the number of the receipt or report."""
    cases.meet(person.place.store, person.principal, clock_id, sent.get("reference", ""), clock=person.place.clock)
    return RedirectResponse("/duties/clocks?all=yes", 303)


@router.get("/duties/appeals")
def all_appeals(request: Request, person: _READER) -> Response:
    """Appeals that wait, the one due first in front; their texts stay sealed."""
    return _appeals(request, person)


@router.post("/duties/appeals/{appeal_id}/open")
def open_appeal(request: Request, person: _REVEALER, appeal_id: str) -> Response:
    """Open what the customer wrote; the log keeps who read it."""
    place = person.place
    return _appeals(
        request, person, {appeal_id: appeal_words(place.store, person.principal, appeal_id, clock=place.clock)}
    )


@router.post("/duties/appeals/{appeal_id}")
def answer_appeal(person: _APPROVER, appeal_id: str, sent: _FORM) -> Response:
    """Uphold the decision or open the case again, with grounds; never by those who made or approved it."""
    place = person.place
    answer(
        place.store,
        person.principal,
        appeal_id,
        changed=sent.get("changed") == "yes",
        note=sent.get("note", ""),
        clock=place.clock,
    )
    return RedirectResponse("/duties/appeals?all=yes", 303)


def _appeals(request: Request, person: web.Person, words: dict[str, tuple[str, str | None]] | None = None) -> Response:
    now = person.place.clock.now()
    everything = request.query_params.get("all") == "yes"
    return pages.show(
        request,
        person,
        "cases/appeals.html",
        "Appeals",
        rows=[item.row(now) for item in appeals(person.place.store, everything=everything)],
        everything=everything,
        words=words or {},
        days=redress().answer_days,
        may={"approve": person.may(web.Permission.APPROVE), "reveal": person.may(web.Permission.REVEAL)},
    )


@router.get("/duties/quality")
def service(request: Request, person: _READER) -> Response:
    """The queue against what people can do, holds that end soon, precision of the checks, agreement between reviewers."""
    store, now = person.place.store, person.place.clock.now()
    told: dict[str, Any] = quality(store, now=now).as_json()
    held = cases.view(store, cases.parse("hold=yes"), now=now).cases
    soon = [case for case in held if case.hold_expires is not None and case.status is not cases.CaseStatus.MERGED]
    return pages.show(
        request,
        person,
        "cases/quality.html",
        "Service levels",
        told=told,
        holds=[
            {"case_id": case.case_id, "expires": case.hold_expires, "priority": case.priority}
            for case in sorted(soon, key=lambda case: (case.hold_expires or now, case.case_id))[:20]
        ],
        timers=timers(),
    )
