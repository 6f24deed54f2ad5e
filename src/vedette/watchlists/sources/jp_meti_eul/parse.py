"""Reads Japan's End User List from a CSV form of this project, transcribed from the Ministry's document."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.base import NameQuality, PartyKind, Place, stable_id
from vedette.names import country_code
from vedette.watchlists.draft import Draft
from vedette.watchlists.reading import ListError, Piece, Reading, records_of
from vedette.watchlists.written import short_form

_HEADER = ("eul_number", "country", "name", "aliases", "concerns")


def recognise(name: str, head: bytes) -> str:
    """Whether the header is that of this form."""
    return "primary" if head.lstrip(b"\xef\xbb\xbf").startswith(",".join(_HEADER).encode()) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings with ids from country and name: the Ministry renumbers its rows at every revision."""
    piece = pieces["primary"]
    drafts: dict[str, Draft] = {}
    for line, row in records_of(piece, _HEADER[0], _HEADER):
        place = Place(piece.name, line)
        code = country_code(row["country"] or "-")
        if not row["name"] or not code:
            raise ListError("a row lacks its name, or a country that is known", place=place, remedy="Correct the row")
        draft = _draft(row, code)
        if draft.entity_id in drafts:
            raise ListError(f"{row['name']} stands twice under {row['country']}", place=place, remedy="Merge the rows")
        drafts[draft.entity_id] = draft
    return Reading(listings=tuple(draft.listing() for draft in drafts.values()))


def _draft(row: Mapping[str, str], code: str) -> Draft:
    draft = Draft(stable_id("ent", "jp_meti_eul", code, row["name"]), PartyKind.ORGANIZATION, countries=[code])
    draft.name([row["name"]], NameQuality.PRIMARY)
    for text in (row["name"], *row["aliases"].split(";")):
        draft.name([text])
        draft.names += short_form(text)
    draft.programmes += ("EUL", f"EUL-{code}")
    draft.remarks.append(f"Concern: {row['concerns']}" if row["concerns"] else "")
    return draft
