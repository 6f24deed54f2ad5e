"""Submissions from rows under headings: one row a submission, or one row an author, whatever the headings are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vedette.conference.fields import FieldFault, authors, each, long_text, several, statement, text, year
from vedette.conference.model import Author, Refused, Submission

Row = Mapping[str, Any]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "submission_id": (
        "submission id",
        "paper id",
        "submission",
        "submission number",
        "submission #",
        "paper number",
        "paper",
        "id",
        "#",
    ),
    "title": ("title", "paper title", "submission title"),
    "abstract": ("abstract", "summary"),
    "status": ("status", "decision"),
    "topics": ("topics", "keywords", "primary subject area", "subject areas", "track"),
    "submitted": ("submitted", "submitted at", "created", "submission date", "year"),
    "author": ("author", "author name", "name"),
    "first": ("first name", "given name", "first"),
    "last": ("last name", "family name", "surname", "last"),
    "email": ("email", "e-mail", "author email", "email address"),
    "affiliation": ("affiliation", "institution", "organization", "organisation", "author affiliation", "company"),
    "country": ("country", "author country"),
    "authors": ("authors", "author names", "author list"),
    "emails": ("emails", "author emails"),
    "affiliations": ("affiliations", "author affiliations"),
    "intended_use": ("intended use", "declared use", "intended application"),
    "funders": ("funders", "funding", "funding sources"),
    "partners": ("partners", "collaborating organisations", "collaborating organizations"),
}
_OF = {heading: name for name, headings in COLUMNS.items() for heading in headings}
_PARTS = re.compile(r"\s*;\s*")


def heading(value: Any) -> str:
    """The field that a heading means, or the heading itself in small letters."""
    folded = re.sub(r"[\s_]+", " ", str(value or "")).strip().casefold()
    return _OF.get(folded, folded)


def headings(cells: Sequence[Any]) -> list[str]:
    """The fields of a heading row; the second of two equal ones is set aside under its number."""
    found: list[str] = []
    for place, cell in enumerate(cells):
        name = heading(cell)
        found.append(name if name and name not in found else f"column {place + 1}")
    return found


def submissions(
    file: str, rows: Iterable[tuple[int, Row]], extra_authors: Mapping[str, Sequence[Author]] | None = None
) -> tuple[tuple[Submission, ...], tuple[Refused, ...]]:
    """Submissions of rows, in order of their ids' first row. Rows of one id add authors; ``extra_authors`` replaces them."""
    kept: dict[str, Submission] = {}
    order, refused = each(file, rows, lambda line, row: _submission(file, line, row))
    for item in order:
        known = kept.get(item.submission_id)
        if known is None:
            kept[item.submission_id] = item
        elif item.title and known.title and item.title != known.title:
            refused.append(
                Refused(file, item.line, "submission_id", "stands for two titles", "Give each paper its own id")
            )
        else:
            kept[item.submission_id] = _joined(known, item)
    if extra_authors:
        kept = {
            key: replace(item, authors=tuple(extra_authors[key])) if extra_authors.get(key) else item
            for key, item in kept.items()
        }
    return tuple(kept.values()), tuple(refused)


def _joined(known: Submission, more: Submission) -> Submission:
    fresh = tuple(author for author in more.authors if author not in known.authors)
    return replace(
        known,
        title=known.title or more.title,
        abstract=known.abstract or more.abstract,
        authors=known.authors + fresh,
        statement=known.statement or more.statement,
    )


def _submission(file: str, line: int, row: Row) -> Submission | None:
    if not any(str(value or "").strip() for value in row.values()):
        return None
    return Submission(
        submission_id=text(row.get("submission_id"), "submission_id", limit=200, needed=True),
        title=text(row.get("title"), "title"),
        abstract=long_text(row.get("abstract"), "abstract"),
        authors=_authors(row),
        topics=several(row.get("topics"), "topics"),
        status=text(row.get("status"), "status", limit=200),
        year=year(row.get("submitted")),
        statement=_statement(row),
        file=file,
        line=line,
    )


def _statement(row: Row) -> Any:
    told = [
        row.get(name) if str(row.get(name) or "").strip() else None for name in ("intended_use", "funders", "partners")
    ]
    return statement(*told)


def _authors(row: Row) -> tuple[Author, ...]:
    if str(row.get("authors") or "").strip():
        return _listed(row)
    return authors((author(row),))


def author(row: Row) -> Author:
    """The authorship entry of a row about one author."""
    name = text(row.get("author"), "author") or " ".join(
        part for part in (text(row.get("first"), "first"), text(row.get("last"), "last")) if part
    )
    return Author(
        name=name,
        email=text(row.get("email"), "email"),
        affiliation=text(row.get("affiliation"), "affiliation"),
        country=text(row.get("country"), "country", limit=100),
    )


def _listed(row: Row) -> tuple[Author, ...]:
    """Authors written into one cell: "Name (Affiliation)*; Name (Affiliation)", with lists of e-mails beside it."""
    written = long_text(row.get("authors"), "authors")
    parts = _apart(written)
    mails = _PARTS.split(long_text(row.get("emails"), "emails")) if row.get("emails") else []
    places = _PARTS.split(long_text(row.get("affiliations"), "affiliations")) if row.get("affiliations") else []
    found = []
    for place, part in enumerate(parts):
        name, affiliation = _bracketed(part)
        found.append(
            Author(
                name=text(name, "authors"),
                email=text(mails[place], "emails").rstrip("*") if place < len(mails) else "",
                affiliation=text(affiliation or (places[place] if place < len(places) else ""), "authors"),
            )
        )
    return authors(found)


def _apart(written: str) -> list[str]:
    """Split at semicolons outside brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(written):
        depth = max(0, depth + (sign == "(") - (sign == ")"))
        if sign == ";" and depth == 0:
            parts.append(written[start:place])
            start = place + 1
    parts.append(written[start:])
    return [part.strip() for part in parts if part.strip()]


def _bracketed(part: str) -> tuple[str, str]:
    """("Name", "Affiliation (inner)") of "Name (Affiliation (inner))*"."""
    whole = part.rstrip("* \t")
    start = whole.find("(")
    if start < 0 or not whole.endswith(")"):
        return whole, ""
    return whole[:start].strip(), whole[start + 1 : -1].strip()


def require(columns: Iterable[str], wanted: str, file: str) -> None:
    """Refuse a table without a column that everything hangs on."""
    if wanted not in columns:
        raise_missing(wanted, file)


def raise_missing(wanted: str, file: str) -> None:
    """Raise the refusal of a table without a needed column."""
    from vedette.conference.model import refuse

    names = ", ".join(COLUMNS.get(wanted, (wanted,))[:3])
    raise refuse(f"has no column {wanted}", file, line=1, field=wanted, remedy=f"Name one of its columns: {names}")


__all__ = ["COLUMNS", "FieldFault", "author", "heading", "headings", "raise_missing", "require", "submissions"]
