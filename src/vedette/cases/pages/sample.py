"""Pages: the weekly random sample of accounts without a case, judged without any finding or score in sight."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import cases, findings
from vedette.accounts import get as customer
from vedette.accounts.pages import SHOWN
from vedette.cases import store as state
from vedette.cases.pages.desk import choice, number_of
from vedette.cases.sample import draw, judge, missed, to_judge, week_of
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.store import Store

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_WEEKS = 12


@router.get("/duties/sample")
def sample(request: Request, person: _READER) -> Response:
    """The next account to judge, and what each week's sample says about what is missed."""
    return _page(request, person)


@router.post("/duties/sample/draw")
def draw_week(request: Request, person: _DECIDER, sent: _FORM) -> Response:
    """Draw this week's accounts, once: the seed is the head of the audit log."""
    place = person.place
    accounts = _accounts(place.store)
    draw(place.store, person.principal, _week(person), number_of(sent.get("size") or "30"), accounts, clock=place.clock)
    return _page(request, person)


@router.post("/duties/sample/judge")
def judge_one(request: Request, person: _DECIDER, sent: _FORM) -> Response:
    """Say what one account is, once; only then are its findings shown."""
    place = person.place
    item = judge(
        place.store,
        person.principal,
        sent.get("week", ""),
        sent.get("account", ""),
        choice(cases.Outcome, sent, "outcome", word("Choose what you believe")),
        sent.get("note", ""),
        clock=place.clock,
    )
    found = [stored.finding for stored in findings.standing(place.store, account=item.account_id)]
    opened = cases.of_account(place.store, item.account_id)
    return _page(request, person, judged=item, found=found, opened=opened.case_id if opened else "")


def _week(person: web.Person) -> str:
    return week_of(person.place.clock.now().date())


def _accounts(store: Store) -> list[str]:
    with store.engine(["accounts"]) as engine:
        return [str(row["account_id"]) for row in engine.dictionaries("SELECT account_id FROM accounts")]


def _page(request: Request, person: web.Person, *, judged: Any = None, found: Any = (), opened: str = "") -> Response:
    store, week = person.place.store, _week(person)
    with store.database.reading() as connection:
        drawn = state.samples(connection)
        told = [missed(item, state.sample_items(connection, item.week)).as_json() for item in drawn[-_WEEKS:]]
    now_drawn = any(one.week == week for one in drawn)
    waiting = to_judge(store, week) if now_drawn else []
    item = waiting[0] if waiting else None
    held = (customer(store, item.account_id) or {}) if item else {}
    return pages.show(
        request,
        person,
        "cases/sample.html",
        "Weekly sample",
        week=week,
        drawn=now_drawn,
        item=item,
        left=len(waiting),
        facts=[(name, held[name]) for name in SHOWN if held.get(name) not in (None, "")],
        purpose=held.get("declared_purpose_words") or "",
        outcomes=[one.value for one in cases.Outcome],
        weeks=list(reversed(told)),
        judged=judged,
        found=found,
        opened=opened,
        may=person.may(web.Permission.DECIDE),
    )
