"""Pages: ask by hand whether somebody is listed, with a record of the answer to print, a nil result included."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette.base import Address, Identifier, Name, Party, PartyKind, VedetteError
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.names import country_code, fold
from vedette.screening.live import Held
from vedette.screening.model import Match
from vedette.screening.routes import live
from vedette.screening.search import score

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/screening", word("Screening"), web.Permission.READ, "s", 30),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_FORM = Annotated[web.Form, Depends(web.form)]
_FIELDS = ("name", "kind", "birth_date", "country", "identifier_kind", "identifier", "address")
_BIRTH = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_LONGEST = 400
_KINDS = ("person", "organization", "vessel", "unknown")
_IDENTIFIERS = ("passport", "registration", "tax", "wallet", "email", "phone", "imo", "lei")


@router.get("/screening")
def ask(request: Request, person: _READER) -> Response:
    """The empty form."""
    return _page(request, person, dict.fromkeys(_FIELDS, ""), None)


@router.post("/screening")
def answer(request: Request, person: _READER, sent: _FORM) -> Response:
    """Screen one party against every list in force. What was asked goes into no log and no address."""
    asked = {name: sent.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    held = live(person.place).current()
    if held is None:
        raise VedetteError(word("No list is loaded: nobody can be screened"), remedy=word("Load lists first"))
    return _page(request, person, asked, screened(party_of(asked), held, live(person.place).turn))


def party_of(asked: dict[str, str]) -> Party:
    """The party that a form describes. Raises VedetteError where it names nobody or a date cannot be read."""
    if not asked["name"] and not asked["identifier"]:
        raise VedetteError(word("A name or an identifier is needed"), remedy=word("Fill in one of them"))
    if asked["birth_date"] and not _BIRTH.fullmatch(asked["birth_date"]):
        raise VedetteError(word("The birth date cannot be read"), remedy=word("Write 1990-04-21, 1990-04 or 1990"))
    country = country_code(asked["country"]) or "" if asked["country"] else ""
    kind = asked["kind"] if asked["kind"] in _KINDS else "unknown"
    identified = asked["identifier"] and asked["identifier_kind"] in _IDENTIFIERS
    return Party(
        id="asked",
        kind=PartyKind(kind),
        names=(Name(asked["name"]),) if asked["name"] else (),
        birth_dates=(asked["birth_date"],) if asked["birth_date"] else (),
        countries=(country,) if country else (),
        addresses=(Address(asked["address"], country),) if asked["address"] else (),
        identifiers=(Identifier(asked["identifier_kind"], asked["identifier"], country),) if identified else (),
    )


def screened(party: Party, held: Held, turn: Any) -> dict[str, Any]:
    """The matches, and the editions that the answer rests on."""
    with turn:
        found = score(party, against=held.index, limit=20, threshold=0.6)
        rows = [_row(match, held) for match in found]
    editions = sorted(held.versions, key=lambda item: item.list_id)
    return {
        "matches": rows,
        "calls": sum(row["level"] == "identified" for row in rows),
        "editions": [
            {"list": e.list_id, "version": e.version, "entries": e.entries, "loaded_at": e.loaded_at} for e in editions
        ],
    }


def _row(match: Match, held: Held) -> dict[str, Any]:
    names: list[str] = []
    number = held.numbers.get((match.list, match.entity_id))
    if number is not None:
        names = [name.text for name in held.index.listing(number).party.names][:12]
    return {
        "entity_id": match.entity_id,
        "list": match.list,
        "list_version": match.list_version,
        "name": match.name,
        "names": [(text, "" if text.isascii() else fold(text)) for text in names if text != match.name],
        "score": match.score,
        "bits": match.bits,
        "level": match.level.value,
        "call": match.call.value,
        "explanation": list(match.explanation),
        "obligation": match.obligation,
        "programmes": list(match.programmes),
    }


def _page(request: Request, person: web.Person, asked: dict[str, str], found: dict[str, Any] | None) -> Response:
    return pages.show(
        request,
        person,
        "screening/search.html",
        "Screening",
        asked=asked,
        found=found,
        kinds=_KINDS,
        identifiers=_IDENTIFIERS,
        at=person.place.clock.now(),
    )
