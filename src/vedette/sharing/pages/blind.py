"""Pages: epochs of blind matching, how much others asked, what was found here, and questions that two people open."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.sharing.blind import store as state
from vedette.sharing.blind.match import hits
from vedette.sharing.blind.store import Own
from vedette.sharing.blind.unmask import UnknownQuestion, agree, questions, unmask

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/sharing/blind", word("Blind queries"), web.Permission.SHARE, "b", 72),)
_OFFICER = Annotated[web.Person, Depends(web.needs_person(web.Permission.SHARE))]
_APPROVER = Annotated[web.Person, Depends(web.needs_person(web.Permission.APPROVE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_MOST = 200


@router.get("/sharing/blind")
def overview(request: Request, person: _OFFICER) -> Response:
    """Everything about blind matches that may be known here: counts and states, never an identifier."""
    return _page(request, person, None)


@router.post("/sharing/blind/opened/{question}")
def open_(request: Request, person: _OFFICER, question: str) -> Response:
    """Ask to open a question to the case behind it; once a second person has agreed, show the case."""
    place = person.place
    found = next((item for item in state.questions(place.store) if item["question_id"] == question), None)
    if found is None:
        raise UnknownQuestion(word("There is no question of this id"))
    own = state.own_epoch(place.store, found["epoch_id"])
    done = unmask(place.store, person.principal, own, question, clock=place.clock)
    return _page(request, person, done.as_json())


@router.get("/sharing/blind/questions/{question}")
def second(request: Request, person: _APPROVER, question: str) -> Response:
    """What the second person sees: who asks, and nothing of the case."""
    found = next((item for item in questions(person.place.store) if item["question"] == question), None)
    if found is None:
        raise UnknownQuestion(word("There is no question of this id"))
    return pages.show(request, person, "sharing/blind_question.html", "Open a blind question", row=found)


@router.post("/sharing/blind/questions/{question}")
def answer(person: _APPROVER, question: str, sent: _FORM) -> Response:
    """Agree or disagree, as the second person, that a question is opened."""
    place = person.place
    agree(place.store, person.principal, question, yes=sent.get("agree") == "yes", clock=place.clock)
    return RedirectResponse("/approvals", 303)


def _page(request: Request, person: web.Person, opened: dict[str, Any] | None) -> Response:
    store = person.place.store
    epochs = state.owns(store)
    quotas = {own.epoch_id: own.epoch.quota for own in epochs if own.epoch is not None}
    return pages.show(
        request,
        person,
        "sharing/blind.html",
        "Blind queries",
        epochs=[_epoch(own) for own in epochs],
        asked=[{**row, "quota": quotas.get(row["epoch_id"], 0)} for row in state.asked(store)[:_MOST]],
        hits=hits(store)[-_MOST:][::-1],
        questions=questions(store)[-_MOST:][::-1],
        opened=opened,
    )


def _epoch(own: Own) -> dict[str, Any]:
    agreed = own.epoch
    return {
        "purpose": own.purpose,
        "label": own.label,
        "state": own.state,
        "members": len(agreed.members) if agreed else 0,
        "pairwise": bool(agreed and agreed.pairwise),
        "relay": agreed.relay if agreed else "",
        "closes": agreed.closes if agreed else None,
        "shut_out": sorted(own.revoked),
    }
