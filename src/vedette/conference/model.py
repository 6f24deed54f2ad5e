"""Submissions, what authors disclose and state, and what screening says about a tie: frozen words with their laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from vedette.base import Json, Place, VedetteError


class ConferenceError(VedetteError):
    """A file that is refused whole, or an act that the procedure does not allow."""


class Service(StrEnum):
    """What a conference does for a paper or a person; each is screened and decided separately."""

    PAPER = "paper"
    REVIEW = "review"
    ATTENDANCE = "attendance"
    MONEY = "money"
    COMPUTE = "compute"


class Action(StrEnum):
    """What a policy asks for, mildest first. ``stop`` holds the service for a person; it never refuses by itself."""

    NONE = "none"
    INFORM = "inform"
    ASK = "ask"
    COUNSEL = "counsel"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Action).index(self)


class TextKind(StrEnum):
    """Where in a paper a passage stands."""

    AFFILIATION = "affiliation"
    FOOTNOTE = "footnote"
    ACKNOWLEDGEMENT = "acknowledgement"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One line of a venue profile's history: an institution, its domain, and the years; ``end`` is None while it lasts."""

    institution: str
    domain: str = ""
    country: str = ""
    position: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One authorship entry as disclosed. ``country`` is what the form says; no check reads it, nor the name."""

    name: str
    email: str = ""
    affiliation: str = ""
    country: str = ""
    profile_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a venue's own profile holds of one author."""

    profile_id: str
    name: str = ""
    emails: tuple[str, ...] = ()
    history: tuple[Stay, ...] = ()
    relations: tuple[str, ...] = ()
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The one statement that every author is asked for: intended use, funders and partners, as written."""

    intended_use: str = ""
    funders: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a paper that speaks of ties: affiliation block, footnote, acknowledgement or funding."""

    kind: TextKind
    text: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission as the venue's system holds it. ``year`` is the year in which it was submitted, if told."""

    submission_id: str
    title: str = ""
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    topics: tuple[str, ...] = ()
    status: str = ""
    year: int | None = None
    statement: Statement | None = None
    file: str = ""
    line: int | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The passages read from one paper's file; ``stem`` is the file's name without its ending."""

    stem: str
    passages: tuple[Passage, ...]
    title: str = ""
    affiliations: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be taken: where it stands, why, and what to do."""

    file: str
    line: int | None
    field: str
    reason: str
    remedy: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field or None,
            "reason": self.reason,
            "remedy": self.remedy or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a source read from one file. ``ignored`` counts what is left out on purpose, by reason."""

    submissions: tuple[Submission, ...] = ()
    profiles: tuple[Profile, ...] = ()
    papers: tuple[Paper, ...] = ()
    refused: tuple[Refused, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many units the file holds, the refused ones included."""
        return len(self.submissions) + len(self.profiles) + len(self.papers) + len(self.refused)


def refuse(problem: str, file: str, *, line: int | None = None, field: str = "", remedy: str = "") -> ConferenceError:
    """An error about a file, with its place."""
    return ConferenceError(problem, place=Place(file, line, field or None), remedy=remedy)


def author_json(author: Author) -> dict[str, Json]:
    """An authorship entry in the form that is sealed."""
    return {
        "name": author.name,
        "email": author.email,
        "affiliation": author.affiliation,
        "country": author.country,
        "profile_id": author.profile_id,
    }


def submission_json(item: Submission) -> dict[str, Json]:
    """A submission in the form that is sealed; the place in the file is not part of it."""
    told = item.statement
    return {
        "submission_id": item.submission_id,
        "title": item.title,
        "abstract": item.abstract,
        "authors": [author_json(author) for author in item.authors],
        "topics": list(item.topics),
        "status": item.status,
        "year": item.year,
        "statement": None
        if told is None
        else {"intended_use": told.intended_use, "funders": list(told.funders), "partners": list(told.partners)},
        "extra": dict(item.extra),
    }


def profile_json(item: Profile) -> dict[str, Json]:
    """A profile in the form that is sealed."""
    return {
        "profile_id": item.profile_id,
        "name": item.name,
        "emails": list(item.emails),
        "history": [
            {
                "institution": stay.institution,
                "domain": stay.domain,
                "country": stay.country,
                "position": stay.position,
                "start": stay.start,
                "end": stay.end,
            }
            for stay in item.history
        ],
        "relations": list(item.relations),
        "state": item.state,
    }


def paper_json(item: Paper) -> dict[str, Json]:
    """A paper's passages in the form that is sealed."""
    return {
        "stem": item.stem,
        "title": item.title,
        "affiliations": list(item.affiliations),
        "file": item.file,
        "passages": [{"kind": each.kind.value, "text": each.text, "where": each.where} for each in item.passages],
    }


def read_submission(value: Mapping[str, Any]) -> Submission:
    """The submission that ``submission_json`` told."""
    told = value["statement"]
    statement = told and Statement(
        intended_use=told["intended_use"], funders=tuple(told["funders"]), partners=tuple(told["partners"])
    )
    return Submission(
        submission_id=value["submission_id"],
        title=value["title"],
        abstract=value["abstract"],
        authors=tuple(Author(**each) for each in value["authors"]),
        topics=tuple(value["topics"]),
        status=value["status"],
        year=value["year"],
        statement=statement or None,
        extra=dict(value["extra"]),
    )


def read_profile(value: Mapping[str, Any]) -> Profile:
    """The profile that ``profile_json`` told."""
    return Profile(
        profile_id=value["profile_id"],
        name=value["name"],
        emails=tuple(value["emails"]),
        history=tuple(Stay(**each) for each in value["history"]),
        relations=tuple(value["relations"]),
        state=value["state"],
    )


def read_paper(value: Mapping[str, Any]) -> Paper:
    """The passages that ``paper_json`` told."""
    return Paper(
        stem=value["stem"],
        title=value["title"],
        affiliations=tuple(value["affiliations"]),
        file=value["file"],
        passages=tuple(Passage(TextKind(each["kind"]), each["text"], each["where"]) for each in value["passages"]),
    )
