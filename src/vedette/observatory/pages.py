"""Pages: what is published by year, partner, institution, subject and potential; numbers first, then the picture and its method."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from vedette.documents import csv
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.observatory.claims import COLUMNS
from vedette.observatory.drawing import Design, Material, designs
from vedette.observatory.drawing.countries import name_of
from vedette.observatory.report.gather import compared, material
from vedette.observatory.topics import Level
from vedette.observatory.window import Window

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/publications", word("Publications"), web.Permission.READ, "o", 59),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_MOST_ROWS, _MOST_WORKS = 25, 200


@router.get("/publications")
def first(request: Request, person: _READER) -> Response:
    """The course of the years."""
    return _figure(request, person, next(iter(designs())))


@router.get("/publications/claims")
def claims(request: Request, person: _READER) -> Response:
    """Published figures beside ours, with the difference and the reason."""
    asked, store = _asked(request), person.place.store
    base = material(store, Window(country=asked.country))
    rows = [dict(zip(COLUMNS, item.cells(), strict=True)) for item in compared(store, base)]
    return pages.show(request, person, "observatory/claims.html", "Publications", **_frame(asked, "claims"), rows=rows)


@router.get("/publications/works")
def works(request: Request, person: _READER, potential: str = "") -> Response:
    """The single works with the phrases that were found, newest first; only those of one potential where it is asked for."""
    asked = _asked(request)
    known = [level.value for level in Level]
    wanted = potential if potential in known else ""
    held = [work for work in material(person.place.store, asked).works if not wanted or work.potential == wanted]
    shown = sorted(held, key=lambda work: (-work.year, work.work_id))[:_MOST_WORKS]
    return pages.show(
        request,
        person,
        "observatory/works.html",
        "Publications",
        **_frame(asked, "works"),
        potential=wanted,
        levels=known,
        rows=[{**work.as_json(), "places": [name_of(code) for code in work.countries]} for work in shown],
        total=len(held),
    )


@router.get("/publications/{name}.csv")
def numbers(request: Request, person: _READER, name: str) -> Response:
    """All numbers of one figure, as CSV that no spreadsheet runs."""
    design = _known(name)
    rows = design.rows(material(person.place.store, _asked(request)))
    headers = {"Content-Disposition": f'attachment; filename="publications-{name}.csv"'}
    return Response(csv.write(design.columns, rows), headers=headers, media_type="text/csv; charset=utf-8")


@router.get("/publications/{name}")
def figure(request: Request, person: _READER, name: str) -> Response:
    """One figure: its numbers, its picture, how it is counted and what it cannot show."""
    _known(name)
    return _figure(request, person, name)


def _figure(request: Request, person: web.Person, name: str) -> Response:
    asked, design = _asked(request), designs()[name]
    held = material(person.place.store, asked)
    rows = design.rows(held)
    return pages.show(
        request,
        person,
        "observatory/figure.html",
        "Publications",
        **_frame(asked, name),
        **_summed(held),
        columns=design.columns,
        rows=rows[:_MOST_ROWS],
        left=max(len(rows) - _MOST_ROWS, 0),
        svg=Markup(design.svg(rows)),
    )


def _summed(held: Material) -> dict[str, Any]:
    """The main numbers above every figure."""
    counts = {level.value: sum(work.potential == level for work in held.works) for level in Level}
    return {
        "works": sum(row.works for row in held.years),
        "shared": sum(row.with_partner for row in held.years),
        "undecided": sum(row.undetermined for row in held.years),
        "partners": len(held.partners),
        "institutions": len(held.institutions),
        "counts": counts,
    }


def _frame(asked: Window, name: str) -> dict[str, Any]:
    """What every page of the room shows: its parts, the one that is open, and the window."""
    values = {"country": asked.country, "begin": asked.begin or "", "end": asked.end if asked.end < 9999 else ""}
    return {
        "parts": list(designs()),
        "name": name,
        "country": asked.country,
        "called": name_of(asked.country),
        "begin": values["begin"],
        "end": values["end"],
        "query": urlencode({key: value for key, value in values.items() if value != ""}),
    }


def _asked(request: Request) -> Window:
    """The window that the address names; whatever is no year or country is left out."""
    given = request.query_params
    country = given.get("country", "").strip().upper()
    begin, end = (_year(given.get(key, "")) for key in ("begin", "end"))
    known = country if len(country) == 2 and country.isascii() and country.isalpha() else Window().country
    return Window(country=known, begin=begin or 0, end=end if end is not None else 9999)


def _year(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else None


def _known(name: str) -> Design:
    if name not in designs():
        raise web.Problem(404, "no-figure", word("There is no such figure"), remedy=word("Choose one of the figures"))
    return designs()[name]
