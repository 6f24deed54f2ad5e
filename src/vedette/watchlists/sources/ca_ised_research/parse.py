"""Reads Canada's list of named research organisations from a CSV form of this project, transcribed from the public page."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.base import NameQuality, PartyKind, Place, stable_id
from vedette.names import country_code
from vedette.watchlists.draft import Draft
from vedette.watchlists.reading import ListError, Piece, Reading, records_of
from vedette.watchlists.written import short_form

_HEADER = ("organization", "aliases", "country")


def recognise(name: str, head: bytes) -> str:
    """Whether the header is that of this form."""
    return "primary" if head.lstrip(b"\xef\xbb\xbf").startswith(",".join(_HEADER).encode()) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings with ids from country and name: the page has no numbers."""
    piece = pieces["primary"]
    drafts: dict[str, Draft] = {}
    for line, row in records_of(piece, _HEADER[0], _HEADER):
        place = Place(piece.name, line)
        code = country_code(row["country"] or "-")
        if not row["organization"] or not code:
            raise ListError("a row lacks its name, or a country that is known", place=place, remedy="Correct the row")
        draft = _draft(row, code)
        if draft.entity_id in drafts:
            raise ListError(f"{row['organization']} stands twice", place=place, remedy="Merge the rows")
        drafts[draft.entity_id] = draft
    return Reading(listings=tuple(draft.listing() for draft in drafts.values()))


def _draft(row: Mapping[str, str], code: str) -> Draft:
    number = stable_id("ent", "ca_ised_research", code, row["organization"])
    draft = Draft(number, PartyKind.ORGANIZATION, countries=[code], programmes=["STRAC"])
    draft.name([row["organization"]], NameQuality.PRIMARY)
    for text in (row["organization"], *row["aliases"].split(";")):
        draft.name([text])
        draft.names += short_form(text)
    return draft
