"""Pages: the conference desk of the integrity officer. Results stay sealed until they are opened for a purpose."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.conference import decide, questions, run
from vedette.conference.model import Action
from vedette.conference.store import answers, held
from vedette.conference.store import venue as standing
from vedette.doors import pages, web
from vedette.doors.pages import word

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/conference", word("Conference desk"), web.Permission.CONFERENCE, "f", 62),)
_OFFICER = Annotated[web.Person, Depends(web.needs_person(web.Permission.CONFERENCE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_LONGEST = 200
_MOST_ROWS = 500


@router.get("/conference")
def desk(request: Request, person: _OFFICER) -> Response:
    """How the conference stands: what was screened, what is asked, what waits for a second person."""
    return _page(request, person, [], "")


@router.post("/conference/open")
def open_results(request: Request, person: _OFFICER, sent: _FORM) -> Response:
    """Open the sealed rows of one submission; the purpose is written to the log first."""
    submission = sent.get("submission", "").strip()[:_LONGEST]
    rows = run.results(_office(request, person), sent.get("purpose", "").strip()[:_LONGEST], submission)
    return _page(request, person, rows, submission)


@router.post("/conference/decisions/{decision_id}")
def second(request: Request, person: _OFFICER, decision_id: str, sent: _FORM) -> Response:
    """Agree or disagree as a second person."""
    if not person.may(web.Permission.APPROVE):
        raise web.Problem(403, "no-approval", word("Your role approves nothing"))
    decide.approve(_office(request, person), decision_id, agree=sent.get("verdict") == "agree")
    return RedirectResponse(f"/conference?venue={_venue(request)}", status_code=303)


def _venue(request: Request) -> str:
    name = request.query_params.get("venue", run.DEFAULT_VENUE)[:_LONGEST]
    return name if name.replace("-", "").replace("_", "").isalnum() else run.DEFAULT_VENUE


def _office(request: Request, person: web.Person) -> run.Office:
    return run.Office(person.place.store, person.principal, person.place.clock, _venue(request))


def _page(request: Request, person: web.Person, opened: list[dict[str, Any]], submission: str) -> Response:
    place = _office(request, person)
    screened = answers.screenings(place.store, place.venue)
    policy = run.policy_in_force(place)
    asking = [row for row in screened if row["strictest"] != Action.NONE.value]
    asking.sort(key=lambda row: (-Action(row["strictest"]).rank, row["submission_id"]))
    return pages.show(
        request,
        person,
        "conference/desk.html",
        "Conference desk",
        venue=place.venue,
        policy=policy,
        count=held.count(place.store, place.venue),
        announced=standing.venue(place.store, place.venue).announced_at,
        tally=sorted(Counter(row["strictest"] for row in screened).items()),
        asking=asking[:_MOST_ROWS],
        total=len(asking),
        questions=questions.listed(place)[:_MOST_ROWS],
        decisions=decide.decisions(place)[:_MOST_ROWS],
        may_approve=person.may(web.Permission.APPROVE),
        me=person.principal.id.casefold(),
        opened=[_row(row) for row in opened],
        submission=submission,
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people: where a tie was read, and which law speaks."""
    return {
        **row,
        "read_in": "; ".join(dict.fromkeys(f"{item['kind']}: {item['ref']}" for item in row["evidence"])),
        "laws": "; ".join(item["title"] for item in row["law"]),
        "named": ", ".join(dict.fromkeys(str(item["list"]) for item in row["lists"])),
    }
