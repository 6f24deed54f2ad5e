"""Where reports may go, and on what ground customer records may go to an authority: dated policy data, never a habit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from vedette import policy
from vedette.base import Record, read_record
from vedette.reports.model import Ground, ReportError

KINDS = ("compelled", "exception", "counsel")
_REFERENCE_MOST = 200


@dataclass(frozen=True, slots=True)
class Route:
    """Somewhere a report may go."""

    id: str
    name: str
    government: bool
    how: str
    citation: tuple[str, ...]


@cache
def routes() -> Mapping[str, Route]:
    """Every route by id, read once."""
    return read_routes((files("vedette.reports") / "routes.yml").read_text("utf-8"), "reports/routes.yml")


def read_routes(text: str, file: str) -> dict[str, Route]:
    """Parse strictly. Raises ContentError naming file and line."""
    record = read_record(text, file)
    record.take_text("caption")
    record.take_day("checked_on")
    found = [_route(item) for item in record.take_records("routes")]
    record.finish()
    return {route.id: route for route in found}


def _route(record: Record) -> Route:
    route = Route(
        record.take_text("id"),
        record.take_text("name"),
        record.take_bool("government"),
        record.take_text("how"),
        record.take_texts("citation"),
    )
    record.finish()
    return route


def available(home: str, on: date) -> dict[str, list[policy.Rule]]:
    """The rules that give each kind of ground to a provider at home there on that day."""
    known = home if home in policy.HOMES else "un"
    return {kind: list(policy.applying(f"disclosure:{kind}", known, on)) for kind in KINDS}


def choose(home: str, on: date, rule_id: str, reference: str) -> Ground:
    """The ground that a rule gives today. ``reference`` is the number of the order, request or opinion, never a name.

    Raises ReportError where the rule gives no ground here and now, or nothing is cited.
    """
    found = [(kind, rule) for kind, rules in available(home, on).items() for rule in rules if rule.id == rule_id]
    if not found:
        every = sorted(rule.id for rules in available(home, on).values() for rule in rules)
        raise ReportError(
            f"{rule_id!r} is no ground to hand records to an authority for a provider at home in {home!r} today",
            remedy=f"One of: {', '.join(every)}",
        )
    text = reference.strip()
    if not text or len(text) > _REFERENCE_MOST or not text.isprintable():
        raise ReportError(
            "a ground needs its paper", remedy="Give the number of the order, request, consent or counsel's opinion"
        )
    kind, rule = found[0]
    return Ground(kind, rule.id, rule.version, text)


def still_holds(ground: Ground, home: str, on: date) -> bool:
    """Whether the ground is still one on the day the report leaves, under the same text of its rule."""
    return any(
        rule.id == ground.rule and rule.version == ground.rule_version
        for rule in available(home, on).get(ground.kind, ())
    )
