"""Pages: the rule book with each rule's mode, and one rule with its reasons, limits, text and exceptions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import findings
from vedette.base import Strength
from vedette.detections.model import Rule
from vedette.detections.pack import rules
from vedette.detections.publish import book, listed
from vedette.detections.store.rulebook import exceptions, shadow
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.store import Store

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/rules", word("Rules"), web.Permission.READ, "r", 50),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]


@router.get("/rules")
def rule_book(request: Request, person: _READER) -> Response:
    """Every rule that counts or runs in shadow, with how many of its findings stand."""
    store, wanted = person.place.store, request.query_params.get("contains", "").strip().casefold()
    held = book(store)
    standing = _standing(store)
    lines = {line.rule_id: line for line in listed(store)}
    rows = [
        _row(rule, mode, standing.get(rule.id, 0), lines.get(rule.id))
        for mode, found in (("live", held.live), ("shadow", held.shadow))
        for rule in found
        if wanted in f"{rule.id} {rule.title}".casefold()
    ]
    return pages.show(request, person, "detections/rules.html", "Rules", rows=rows, broken=held.broken, contains=wanted)


@router.get("/rules/{family}/{name}")
def one_rule(request: Request, person: _READER, family: str, name: str) -> Response:
    """One rule: why it exists, what it cannot see, its text, its examples, who is excepted."""
    store, now = person.place.store, person.place.clock.now()
    held = book(store)
    known = {rule.id: rule for rule in (*rules(), *held.shadow, *held.live)}
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
        live=any(item.id == rule.id for item in held.live),
        spared=spared,
        aside=shadow(store, rule.id)[:50],
        found=[item.as_json() for item in findings.standing(store, check=rule.id)[:50]],
    )


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
