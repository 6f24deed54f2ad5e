"""Pages: the rule book with each rule's mode, and one rule with its reasons, limits, text and exceptions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette import findings
from vedette.base import Strength
from vedette.detections.model import Rule
from vedette.detections.pack import rules
from vedette.detections.publish import Book, answer, book, listed
from vedette.detections.store.backtests import backtest_of
from vedette.detections.store.rulebook import exceptions, shadow, standings
from vedette.detections.tried import try_rule
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.store import Store

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/rules", word("Rules"), web.Permission.READ, "r", 50),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_AUTHOR = Annotated[web.Person, Depends(web.needs_person(web.Permission.RULES_WRITE))]
_PUBLISHER = Annotated[web.Person, Depends(web.needs_person(web.Permission.RULES_PUBLISH))]
_FORM = Annotated[web.Form, Depends(web.form)]


@router.get("/rules")
def rule_book(request: Request, person: _READER) -> Response:
    """Every rule that counts or runs in shadow, with how many of its findings stand."""
    store, wanted = person.place.store, request.query_params.get("contains", "").strip().casefold()
    held = book(store).on(person.place.clock.now().date())
    standing = _standing(store)
    lines = {line.rule_id: line for line in listed(store)}
    rows = [
        _row(rule, mode, standing.get(rule.id, 0), lines.get(rule.id))
        for mode, found in (("live", held.live), ("shadow", held.shadow), ("expired", held.expired))
        for rule in found
        if wanted in f"{rule.id} {rule.title}".casefold()
    ]
    return pages.show(request, person, "detections/rules.html", "Rules", rows=rows, broken=held.broken, contains=wanted)


@router.get("/rules/{family}/{name}")
def one_rule(request: Request, person: _READER, family: str, name: str) -> Response:
    """One rule: why it exists, what it cannot see, its text, its examples, who is excepted, and its newest back-test."""
    store, now = person.place.store, person.place.clock.now()
    held = book(store).on(now.date())
    known = {rule.id: rule for rule in (*rules(), *held.shadow, *held.expired, *held.live)}
    rule = known.get(f"{family}/{name}")
    if rule is None:
        raise web.Problem(404, "no-rule", word("There is no such rule"), remedy=word("Look into the rule book"))
    spared = [item.as_json(now) for item in exceptions(store) if item.rule_id == rule.id]
    return pages.show(
        request,
        person,
        "detections/rule.html",
        "Rule",
        rule=rule,
        mode=_mode(rule, held),
        waits=_waits(store, person, rule.id),
        tried=backtest_of(store, rule.id),
        may={item.name.lower(): person.may(item) for item in web.Permission},
        spared=spared,
        aside=shadow(store, rule.id)[:50],
        found=[item.as_json() for item in findings.standing(store, check=rule.id)[:50]],
    )


@router.post("/rules/{family}/{name}/backtest")
def try_it(person: _AUTHOR, family: str, name: str, sent: _FORM) -> Response:
    """Run what counts and what is to come over the lake as it is, and keep the figures for whoever agrees."""
    place, text = person.place, sent.get("capacity", "")
    capacity = int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) else None
    try_rule(place.store, person.principal, f"{family}/{name}", capacity=capacity, clock=place.clock)
    return RedirectResponse(f"/rules/{family}/{name}#backtest", 303)


@router.post("/rules/{family}/{name}/answer")
def answer_change(person: _PUBLISHER, family: str, name: str, sent: _FORM) -> Response:
    """Agree or disagree, as a second person, with the change that was shown."""
    place, rule_id = person.place, f"{family}/{name}"
    line = standings(place.store).get(rule_id)
    if line is not None and line.request_id and line.request_id != sent.get("request"):
        detail = word("This change is no longer the one that you saw, so nothing was done")
        raise web.Problem(412, "changed", detail, remedy=word("Look at the rule as it is now"))
    answer(place.store, person.principal, rule_id, agree=sent.get("agree") == "yes", clock=place.clock)
    return RedirectResponse(f"/rules/{rule_id}", 303)


def _mode(rule: Rule, held: Book) -> str:
    places = (("live", held.live), ("expired", held.expired), ("shadow", held.shadow))
    return next((mode for mode, found in places if any(item.id == rule.id for item in found)), "retired")


def _waits(store: Store, person: web.Person, rule_id: str) -> dict[str, Any] | None:
    """The change of a rule that waits for a second person, with whether the reader asked for it."""
    line = standings(store).get(rule_id)
    if line is None or line.wanted_mode is None:
        return None
    by = line.changed_by.partition(":")[2]
    return {
        "mode": line.wanted_mode.value,
        "version": line.wanted_version or line.version,
        "reason": line.reason,
        "by": by,
        "at": line.changed_at,
        "request": line.request_id,
        "own": by.casefold() == person.principal.id.casefold(),
    }


def _standing(store: Store) -> dict[str, int]:
    with store.database.reading() as connection:
        counts: dict[str, int] = {}
        for item in findings.briefs(connection):
            counts[item.check] = counts.get(item.check, 0) + 1
    return counts


def _row(rule: Rule, mode: str, standing: int, line: Any) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "family": rule.family,
        "strength": rule.strength.value,
        "rank": list(Strength).index(rule.strength),
        "version": rule.version,
        "mode": mode,
        "standing": standing,
        "waits": line.wanted_mode.value if line is not None and line.wanted_mode is not None else "",
    }
