"""Pages: the compute ledger of actors, owners and accounts against thresholds, and what the compute of one case was."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette.base import from_micros, iso
from vedette.documents import csv
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.workloads import pictures
from vedette.workloads.desk import Desk, Glance, drawn
from vedette.workloads.forecast import Forecast
from vedette.workloads.model import Judged, Line, Scope
from vedette.workloads.store.integrity import Oddity

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/compute", word("Compute"), web.Permission.READ, "m", 36),)
PANELS = (pages.Panel("case", "compute", "/compute/about"),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_SCOPES = (Scope.ACTOR, Scope.OWNER, Scope.ACCOUNT)
_MOST_ROWS, _MOST_JOBS, _MOST_ACCOUNTS = 200, 100, 50
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_COLUMNS = (
    *("scope", "id", "from", "to", "flop_p5", "flop_p50", "flop_p95", "flop_bound", "training_flop_p50"),
    *("gpu_hours", "unknown_gpu_hours", "method", "coverage"),
)


@router.get("/compute")
def ledger(request: Request, person: _READER) -> Response:
    """Everybody's operations in a scope, the most first, with the thresholds of law, guidance and the house."""
    scope, held = _scope(request), _desk(person).glance(person.place.clock)
    wanted = request.query_params.get("contains", "").strip()[:100]
    lines = _fitting(held, scope, wanted)
    ahead = _nearest(held.forecasts[scope])
    classes = pictures.classes(held.look.judged, held.look.kept.work.hours.tolist()) if held.look.kept.jobs else None
    return pages.show(
        request,
        person,
        "workloads/ledger.html",
        "Compute",
        scope=scope.value,
        scopes=[item.value for item in _SCOPES],
        contains=wanted,
        query=urlencode({"scope": scope.value, "contains": wanted}),
        rows=[_row(line, ahead.get(line.id)) for line in lines[:_MOST_ROWS]],
        total=len(lines),
        thresholds=[
            {"id": item.policy, "title": item.title, "state": item.state, "operations": power(item.operations)}
            for item in (held.thresholds if held.look.kept.jobs else ())
        ],
        classes=[(mark.label, mark.value) for mark in classes.marks] if classes else [],
        begin=held.look.kept.begin,
        end=held.look.kept.end,
        taken_at=held.taken_at,
    )


@router.get("/compute.csv")
def ledger_csv(request: Request, person: _READER) -> Response:
    """The whole view as CSV that no spreadsheet runs."""
    held, scope = _desk(person).glance(person.place.clock), _scope(request)
    lines = _fitting(held, scope, request.query_params.get("contains", "").strip()[:100])
    rows = [["" if row[name] is None else str(row[name]) for name in _COLUMNS] for row in map(Line.as_json, lines)]
    return _csv(csv.write(_COLUMNS, rows), f"compute-{scope.value}")


@router.get("/compute/holder")
def holder(request: Request, person: _READER, id: str = "") -> Response:
    """One holder: its course with the band, the forecast, its jobs with their classes, and where telemetry is missing."""
    scope, held = _scope(request), _desk(person).glance(person.place.clock)
    line = _known(held, scope, id)
    figure, points = drawn(person.place.store, held, scope, id)
    values = _jobs(held, line.accounts)
    return pages.show(
        request,
        person,
        "workloads/holder.html",
        "Compute",
        scope=scope.value,
        id=id,
        query=urlencode({"scope": scope.value, "id": id}),
        row=_row(line, None),
        says=figure.description,
        numbers=figure.table(),
        points=points,
        ahead=[_ahead(item) for item in held.forecasts[scope] if item.id == id],
        **values,
    )


@router.get("/compute/holder.csv")
def holder_csv(request: Request, person: _READER, id: str = "") -> Response:
    """The numbers of one holder's picture."""
    scope, held = _scope(request), _desk(person).glance(person.place.clock)
    _known(held, scope, id)
    figure, _ = drawn(person.place.store, held, scope, id)
    return _csv(csv.of_table(figure.table()), "compute-course")


@router.get("/compute/about")
def about_case(request: Request, person: _READER, case: str = "") -> Response:
    """The compute of a case's accounts, as a tab of the case."""
    accounts = request.query_params.getlist("account")[:_MOST_ACCOUNTS]
    held = _desk(person).glance(person.place.clock)
    lines = [line for line in held.lines[Scope.ACCOUNT] if line.id in set(accounts)]
    ahead = _nearest(held.forecasts[Scope.ACCOUNT])
    values: dict[str, Any] = {
        "case": case,
        "rows": [_row(line, ahead.get(line.id)) for line in lines],
        "points": None,
        **_jobs(held, accounts),
    }
    if lines:
        figure, values["points"] = drawn(person.place.store, held, Scope.ACCOUNT, lines[0].id)
        values |= {"says": figure.description, "drawn_id": lines[0].id}
    return pages.whole_or_part(
        request, person, "workloads/about.html", "workloads/about_page.html", "Compute", **values
    )


def power(value: float | None) -> str:
    """Operations for reading: two digits and a power of ten, such as ``3.2 × 10²¹``; empty where unknown."""
    if value is None:
        return ""
    if value < 1:
        return "0"
    digits, _, exponent = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(_RAISED)}"


def _desk(person: web.Person) -> Desk:
    return person.place.keep(Desk, lambda: Desk(person.place.store))


def _scope(request: Request) -> Scope:
    text = request.query_params.get("scope", Scope.ACTOR.value)
    return next((item for item in _SCOPES if item.value == text), Scope.ACTOR)


def _fitting(held: Glance, scope: Scope, wanted: str) -> list[Line]:
    return [line for line in held.lines[scope] if wanted in line.id or wanted in line.accounts]


def _known(held: Glance, scope: Scope, name: str) -> Line:
    line = next((line for line in held.lines[scope] if line.id == name), None)
    if line is None:
        raise web.Problem(
            404, "no-compute", word("Nothing of it is in the ledger"), remedy=word("Look it up in the ledger")
        )
    return line


def _csv(data: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(data, headers=headers, media_type="text/csv; charset=utf-8")


def _nearest(found: Any) -> dict[str, Forecast]:
    """For each holder the smallest threshold not yet crossed for sure, else the largest crossed."""
    nearest: dict[str, Forecast] = {}
    for item in sorted(found, key=lambda item: item.threshold.operations):
        if item.id not in nearest or nearest[item.id].crossed >= 0.95:
            nearest[item.id] = item
    return nearest


def _row(line: Line, ahead: Forecast | None) -> dict[str, Any]:
    return {
        "scope": line.scope.value,
        "id": line.id,
        "query": urlencode({"scope": line.scope.value, "id": line.id}),
        "accounts": line.accounts,
        "p5": power(line.p5),
        "p50": power(line.p50),
        "p95": power(line.p95),
        "bound": power(line.bound),
        "training": power(line.training_p50),
        "largest": power(line.largest_run_p50),
        "gpu_hours": line.gpu_hours,
        "unknown": line.unknown_gpu_hours,
        "method": line.method,
        "coverage": 100 * line.coverage,
        "ahead": _ahead(ahead) if ahead else None,
    }


def _ahead(item: Forecast) -> dict[str, Any]:
    return {
        "threshold": item.threshold.title,
        "policy": item.threshold.policy,
        "state": item.threshold.state,
        "effect": item.threshold.effect,
        "operations": power(item.threshold.operations),
        "weekly": power(item.weekly),
        "crossed": 100 * item.crossed,
        "within_90": 100 * item.within_90,
        "within_365": 100 * item.within_365,
        "earliest": item.earliest.isoformat() if item.earliest else "",
        "expected": item.expected.isoformat() if item.expected else "",
    }


def _jobs(held: Glance, accounts: Any) -> dict[str, Any]:
    """The jobs of some accounts, hours by class, and where their telemetry is missing or contradicts itself."""
    jobs = held.jobs(accounts)
    hours: dict[str, float] = {}
    for item, spent in jobs:
        hours[item.label.value] = hours.get(item.label.value, 0.0) + spent
    return {
        "jobs": [_job(item, spent) for item, spent in jobs[:_MOST_JOBS]],
        "jobs_total": len(jobs),
        "hours": sorted(hours.items(), key=lambda pair: -pair[1]),
        "dark": sum(item.coverage < 0.5 for item, _ in jobs),
        "odd": [_odd(item) for item in held.odd if item.account_id in set(accounts)],
    }


def _job(item: Judged, spent: float) -> dict[str, Any]:
    return {
        "id": item.job_id,
        "account": item.account_id,
        "label": item.label.value,
        "probability": 100 * item.probability,
        "tier": item.tier.value,
        "coverage": 100 * item.coverage,
        "hours": spent,
        "reasons": item.reasons,
    }


def _odd(item: Oddity) -> dict[str, Any]:
    return {
        "account": item.account_id,
        "what": item.what,
        "samples": item.samples,
        "of": item.of,
        "gpus": item.gpus,
        "first": iso(from_micros(item.first_us)),
        "last": iso(from_micros(item.last_us)),
    }
