"""Pages: one decision on exactly the filtered set, counted before anything happens, and a second person's answer to it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import cases
from vedette.cases import pane
from vedette.cases.pages.desk import asked_of, choice, wanted_of
from vedette.cases.versions import of_house
from vedette.doors import pages, web
from vedette.doors.pages import word

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_FORM = Annotated[web.Form, Depends(web.form)]
#: Why a bulk act leaves a case out, in the words of the domain.
LEFT_OUT = (
    word("merged into another case"),
    word("a decision waits for a second person"),
    word("already decided"),
    word("held by somebody else"),
    word("a stop is judged one by one"),
)
_NOTHING = {"outcome": "", "action": "none", "reason": "", "note": ""}


@router.get("/queue/bulk")
def ask(request: Request, person: _DECIDER) -> Response:
    """The form over a view of the queue: how many cases it holds, and what would be decided about all of them."""
    return _page(request, person, wanted_of(asked_of(request)), _NOTHING)


@router.post("/queue/bulk")
def decide(request: Request, person: _DECIDER, sent: _FORM) -> Response:
    """Without a fingerprint count only; with the one that was shown, decide exactly those cases."""
    place, given = person.place, {name: sent.get(name, "") for name in _NOTHING}
    selection = wanted_of(parse_qsl(sent.get("query", "")))
    wanted = cases.Wanted(
        selection=selection,
        outcome=choice(cases.Outcome, sent, "outcome", word("Choose what you believe")),
        action=choice(cases.Action, sent, "action", word("Choose what is done about it")),
        reason_code=given["reason"],
        note=given["note"],
    )
    counted = cases.plan(place.store, person.principal, wanted, now=place.clock.now())
    if not sent.get("fingerprint"):
        return _page(request, person, selection, given, plan=counted)
    versions = of_house(place.store, home=place.home, on=place.clock.now().date())
    try:
        done = cases.bulk(
            place.store,
            person.principal,
            wanted,
            fingerprint=sent["fingerprint"],
            clock=place.clock,
            versions=versions,
        )
    except cases.StaleCase:
        return _page(request, person, selection, given, plan=counted, stale=True)
    return pages.show(request, person, "cases/bulk_done.html", "Decide a whole view", done=done)


def _page(
    request: Request,
    person: web.Person,
    selection: cases.Selection,
    given: dict[str, str],
    *,
    plan: cases.Plan | None = None,
    stale: bool = False,
) -> Response:
    found = cases.view(person.place.store, selection, now=person.place.clock.now(), limit=1)
    values: dict[str, Any] = {
        "query": selection.query(),
        "parts": parse_qsl(selection.query()),
        "total": found.total,
        "choices": pane.choices(),
        "given": given,
        "plan": plan.as_json() if plan else None,
        "stale": stale,
    }
    return pages.show(request, person, "cases/bulk.html", "Decide a whole view", **values)
