"""Turns a room's template and its values into a page within the frame, or into the part of one that a script asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from vedette.doors.pages import format as written
from vedette.doors.pages.assets import address
from vedette.doors.pages.catalogue import LANGUAGES, preferred, translator
from vedette.doors.pages.links import Link, Panel
from vedette.doors.web.form import CSRF_FIELD
from vedette.doors.web.person import Person

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
THEMES = ("auto", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE = "vedette_language", "vedette_theme"


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks at a page, how: language, theme, the time, and the links that their roles open."""

    person: Person | None
    language: str
    theme: str
    now: datetime
    links: tuple[Link, ...]
    path: str


def seen(request: Request, person: Person | None) -> Seen:
    """What a request says about its reader."""
    theme = request.cookies.get(THEME_COOKIE, "auto")
    links: tuple[Link, ...] = getattr(request.app.state, "links", ())
    return Seen(
        person=person,
        language=preferred(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")),
        theme=theme if theme in THEMES else "auto",
        now=request.app.state.workplace.clock.now(),
        links=tuple(link for link in links if person is not None and person.may(link.permission)),
        path=request.url.path,
    )


def show(
    request: Request, person: Person | None, template: str, title: str, *, status: int = 200, **values: Any
) -> Response:
    """A whole page: ``template`` is ``room/name.html`` in that room's ``pages/``, ``title`` a text of the catalogue."""
    return _answer(request, person, template, status, {}, title=title, **values)


def part(
    request: Request,
    person: Person | None,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """A part of a page, as a script swaps it in."""
    return _answer(request, person, template, status, dict(headers or {}), **values)


def whole_or_part(
    request: Request, person: Person | None, template: str, within: str, title: str, **values: Any
) -> Response:
    """The part where a script asked for it; else ``within``, the whole page that includes the part."""
    if request.headers.get("hx-request"):
        return part(request, person, template, **values)
    return show(request, person, within, title, **values)


def panels(request: Request, person: Person, kind: str) -> tuple[Panel, ...]:
    """What other rooms show about a kind of subject, as far as the person's roles open it."""
    held: tuple[Panel, ...] = getattr(request.app.state, "panels", ())
    return tuple(panel for panel in held if panel.kind == kind and person.may(panel.permission))


def _answer(
    request: Request, person: Person | None, template: str, status: int, headers: dict[str, str], **values: Any
) -> Response:
    reader = seen(request, person)
    _ = translator(reader.language)
    text = (
        environment()
        .get_template(template)
        .render(
            _=_,
            seen=reader,
            csrf_field=CSRF_FIELD,
            csrf=person.csrf if person is not None else "",
            languages=LANGUAGES,
            themes=THEMES,
            age=lambda value: written.age(value, reader.now, _),
            **values,
        )
    )
    return HTMLResponse(text, status, headers={"Content-Security-Policy": POLICY, "Vary": "Cookie", **headers})


@cache
def environment() -> Environment:
    """The templates of all rooms, escaped always; a name that is not given is a fault and never an empty text."""
    made = Environment(
        loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.update(address=address)
    made.filters.update(moment=written.moment, number=written.number, short=written.short)
    return made


def _source(name: str) -> str | None:
    room, _, file = name.partition("/")
    if not room.isidentifier() or "/" in file or file.startswith("."):
        return None
    found = files("vedette") / room / "pages" / file
    return found.read_text("utf-8") if found.is_file() else None
