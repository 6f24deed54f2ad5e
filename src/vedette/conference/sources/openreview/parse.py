"""Reads and writes OpenReview's notes and profiles, in the shapes of both versions of its interface."""

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
from vedette.conference.model import Author, Profile, Reading, Stay, Submission

_NOTE = re.compile(rb'"authorids"\s*:|"notes"\s*:\s*\[')
_PROFILE = re.compile(rb'"profiles"\s*:\s*\[|"(?:emailsConfirmed|preferredEmail|history|emails)"\s*:')
_KEPT = ("number", "forum", "cdate", "invitation", "invitations")
_STATEMENT = ("intended_use", "funders", "partners")


def recognise(name: str, head: bytes) -> bool:
    """JSON of notes with author ids, or of profiles with a history."""
    opens = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    return opens and b'"content"' in head and bool(_NOTE.search(head) or _PROFILE.search(head))


def parse(name: str, data: bytes) -> Reading:
    """Every note that is a submission and every profile; a faulty one is refused by line and field."""
    ignored: dict[str, int] = {}
    records = elements(decode(data, name), name, ("notes", "profiles"))
    made, refused = each(name, records, lambda line, value: _unit(name, line, value, ignored))
    return Reading(
        submissions=tuple(item for item in made if isinstance(item, Submission)),
        profiles=tuple(item for item in made if isinstance(item, Profile)),
        refused=tuple(refused),
        ignored=ignored,
    )


def write(submissions: Iterable[Submission], profiles: Iterable[Profile] = ()) -> bytes:
    """The same notes and profiles in the second version's shape; equal ones give equal bytes."""
    told = {"notes": [_note(item) for item in submissions], "profiles": [_told(item) for item in profiles]}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _unit(file: str, line: int, value: Any, ignored: dict[str, int]) -> Submission | Profile | None:
    record = mapping(value, "record")
    if not json_depth_holds(value):
        raise FieldFault("record", "is nested too deeply")
    content = mapping(record.get("content"), "content")
    if "title" in content or "authorids" in content or "authors" in content:
        return _submission(file, line, record, content)
    if "names" in content or "history" in content or "emails" in content:
        return _profile(record, content)
    ignored["neither a submission nor a profile"] = ignored.get("neither a submission nor a profile", 0) + 1
    return None


def _plain(value: Any) -> Any:
    """The second version wraps each value: {"value": ...}."""
    return value["value"] if isinstance(value, Mapping) and "value" in value else value


def _submission(file: str, line: int, record: Mapping[str, Any], content: Mapping[str, Any]) -> Submission:
    names = items(_plain(content.get("authors")), "authors")
    ids = items(_plain(content.get("authorids")), "authorids")
    places = [_plain(content.get("affiliations"))]
    affiliations = items(places[0], "affiliations") if isinstance(places[0], list) else []
    told = [_plain(content.get(key)) for key in _STATEMENT]
    return Submission(
        submission_id=text(record.get("id", record.get("forum")), "id", limit=200, needed=True),
        title=text(_plain(content.get("title")), "title"),
        abstract=long_text(_plain(content.get("abstract")), "abstract"),
        authors=authors(_author(place, names, ids, affiliations) for place in range(max(len(names), len(ids)))),
        topics=several(_plain(content.get("keywords")), "keywords"),
        status=text(_plain(content.get("venue")), "venue", limit=400),
        year=year(record.get("cdate")),
        statement=statement(*told),
        file=file,
        line=line,
        extra={key: record[key] for key in _KEPT if key in record},
    )


def _author(place: int, names: list[Any], ids: list[Any], affiliations: list[Any]) -> Author:
    identity = text(ids[place], "authorids") if place < len(ids) else ""
    return Author(
        name=text(names[place], "authors") if place < len(names) else "",
        email=identity if "@" in identity else "",
        affiliation=text(affiliations[place], "affiliations") if place < len(affiliations) else "",
        profile_id="" if "@" in identity else identity,
    )


def _profile(record: Mapping[str, Any], content: Mapping[str, Any]) -> Profile:
    names = [mapping(each, "names") for each in items(_plain(content.get("names")), "names")]
    emails = [text(each, "emails") for each in items(_plain(content.get("emails")), "emails")]
    confirmed = [text(each, "emailsConfirmed") for each in items(_plain(content.get("emailsConfirmed")), "emails")]
    preferred = text(_plain(content.get("preferredEmail")), "preferredEmail")
    return Profile(
        profile_id=text(record.get("id"), "id", limit=400, needed=True),
        name=_name(names[0]) if names else "",
        emails=tuple(dict.fromkeys(each for each in (preferred, *confirmed, *emails) if each)),
        history=tuple(_stay(mapping(each, "history")) for each in items(_plain(content.get("history")), "history")),
        relations=tuple(
            text(mapping(each, "relations").get("relation"), "relations")
            for each in items(_plain(content.get("relations")), "relations")
        ),
        state=text(record.get("state"), "state", limit=100),
    )


def _name(value: Mapping[str, Any]) -> str:
    whole = text(value.get("fullname"), "names.fullname")
    parts = (text(value.get(key), f"names.{key}") for key in ("first", "middle", "last"))
    return whole or " ".join(part for part in parts if part)


def _stay(value: Mapping[str, Any]) -> Stay:
    institution = mapping(value.get("institution") or {}, "history.institution")
    return Stay(
        institution=text(institution.get("name"), "history.institution.name"),
        domain=text(institution.get("domain"), "history.institution.domain", limit=300).casefold(),
        country=text(institution.get("country"), "history.institution.country", limit=100),
        position=text(value.get("position"), "history.position", limit=300),
        start=year(value.get("start")),
        end=year(value.get("end")),
    )


def _note(item: Submission) -> dict[str, Any]:
    told = item.statement
    content: dict[str, Any] = {
        "title": item.title,
        "authors": [author.name for author in item.authors],
        "authorids": [author.profile_id or author.email for author in item.authors],
        "abstract": item.abstract,
        "keywords": list(item.topics),
        "venue": item.status,
    }
    if any(author.affiliation for author in item.authors):
        content["affiliations"] = [author.affiliation for author in item.authors]
    if told is not None:
        content |= {"intended_use": told.intended_use, "funders": list(told.funders), "partners": list(told.partners)}
    return {"id": item.submission_id, **item.extra, "content": {key: {"value": each} for key, each in content.items()}}


def _told(item: Profile) -> dict[str, Any]:
    return {
        "id": item.profile_id,
        "state": item.state,
        "content": {
            "names": [{"fullname": item.name}] if item.name else [],
            "emails": list(item.emails),
            "history": [
                {
                    "position": stay.position,
                    "start": stay.start,
                    "end": stay.end,
                    "institution": {"name": stay.institution, "domain": stay.domain, "country": stay.country},
                }
                for stay in item.history
            ],
            "relations": [{"relation": each} for each in item.relations],
        },
    }
