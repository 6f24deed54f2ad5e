"""Reads and writes HotCRP's JSON: one paper object, a list, a search answer, or the bare array of ``download=1``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from vedette.conference.fields import (
    FieldFault,
    authors,
    decode,
    each,
    elements,
    items,
    json_depth_holds,
    long_text,
    mapping,
    several,
    statement,
    text,
    year,
)
from vedette.conference.model import Author, Reading, Submission

_MARK = re.compile(rb'"(?:pid|paper_id)"\s*:')
_TAKEN = frozenset(
    ("object", "pid", "paper_id", "title", "abstract", "authors", "topics", "status")
    + ("intended_use", "funders", "partners")
)
# Whom an author names as a conflict is no tie of the paper, and files need no second home.
_LEFT = ("collaborators", "pc_conflicts", "contacts", "submission", "final")


def recognise(name: str, head: bytes) -> bool:
    """JSON whose records carry ``pid``."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and bool(_MARK.search(head))


def parse(name: str, data: bytes) -> Reading:
    """Every paper of the export; a faulty one is refused by line and field."""
    left: dict[str, int] = {}
    records = elements(decode(data, name), name, ("papers",))
    made, refused = each(name, records, lambda line, value: _submission(name, line, value, left))
    return Reading(submissions=tuple(made), refused=tuple(refused), ignored=left)


def write(submissions: Iterable[Submission]) -> bytes:
    """The same papers as the bare array that HotCRP takes back; equal papers give equal bytes."""
    return json.dumps([_paper(item) for item in submissions], ensure_ascii=False, indent=1).encode() + b"\n"


def _submission(file: str, line: int, value: Any, left: dict[str, int]) -> Submission:
    paper = mapping(value, "paper")
    if not json_depth_holds(value):
        raise FieldFault("paper", "is nested too deeply")
    for key in _LEFT:
        if key in paper:
            left[f"{key}: not a tie of the paper"] = left.get(f"{key}: not a tie of the paper", 0) + 1
    identity = paper.get("pid", paper.get("paper_id"))
    return Submission(
        submission_id=text(identity, "pid", limit=200, needed=True),
        title=text(paper.get("title"), "title"),
        abstract=long_text(paper.get("abstract"), "abstract"),
        authors=authors(_author(mapping(each, "authors")) for each in items(paper.get("authors"), "authors")),
        topics=_topics(paper.get("topics")),
        status=text(paper.get("status"), "status", limit=200),
        year=year(paper.get("submitted_at")),
        statement=statement(paper.get("intended_use"), paper.get("funders"), paper.get("partners")),
        file=file,
        line=line,
        extra={key: inner for key, inner in paper.items() if key not in _TAKEN and key not in _LEFT},
    )


def _topics(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(text(key, "topics") for key, on in value.items() if on)
    return several(value, "topics")


def _author(value: Mapping[str, Any]) -> Author:
    name = text(value.get("name"), "authors.name") or " ".join(
        part for part in (text(value.get(key), f"authors.{key}") for key in ("first", "last")) if part
    )
    return Author(
        name=name,
        email=text(value.get("email"), "authors.email"),
        affiliation=text(value.get("affiliation"), "authors.affiliation"),
        country=text(value.get("country"), "authors.country", limit=100),
    )


def _paper(item: Submission) -> dict[str, Any]:
    told = item.statement
    paper: dict[str, Any] = {
        "object": "paper",
        "pid": int(item.submission_id) if item.submission_id.isdecimal() else item.submission_id,
        "status": item.status,
        "title": item.title,
        "abstract": item.abstract,
        "authors": [_written(author) for author in item.authors],
        "topics": list(item.topics),
    }
    if told is not None:
        paper |= {
            "intended_use": told.intended_use,
            "funders": list(told.funders),
            "partners": list(told.partners),
        }
    return paper | dict(item.extra)


def _written(author: Author) -> dict[str, str]:
    fields = {
        "name": author.name,
        "email": author.email,
        "affiliation": author.affiliation,
        "country": author.country,
    }
    return {key: value for key, value in fields.items() if value}
