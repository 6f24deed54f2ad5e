"""What was imported: submissions, papers and profiles, sealed; equal content is known again without being opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, func, select

from vedette.audit import Act
from vedette.base import Json, canonical_json
from vedette.conference.model import (
    Paper,
    Profile,
    Submission,
    paper_json,
    profile_json,
    read_paper,
    read_profile,
    read_submission,
    submission_json,
)
from vedette.conference.store.tables import PAPER, PROFILE, SCREENING, SUBMISSION
from vedette.store import Store


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of unit is kept: its table, its key, its form."""

    table: Table
    key: str
    identity: Callable[[Any], str]
    told: Callable[[Any], dict[str, Json]]
    read: Callable[[Mapping[str, Any]], Any]


SUBMISSIONS = Kind(SUBMISSION, "submission_id", lambda item: str(item.submission_id), submission_json, read_submission)
PAPERS = Kind(PAPER, "stem", lambda item: str(item.stem), paper_json, read_paper)
PROFILES = Kind(PROFILE, "profile", lambda item: str(item.profile_id), profile_json, read_profile)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where units come from, when they came, and until when they are kept."""

    source: str
    file: str
    imported_at: str
    expires_at: str


@dataclass(slots=True)
class Shelf:
    """What one act stores for one venue; what the venue holds is looked up once."""

    act: Act
    store: Store
    venue: str
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def put(self, kind: Kind, origin: Origin, units: Iterable[Any]) -> tuple[int, int]:
        """Store what is new or changed. Returns (stored, duplicates): a unit with equal content is a duplicate."""
        rows: dict[str, dict[str, Any]] = {}
        stored = duplicates = 0
        for unit in units:
            known = self._contents(kind)
            told = kind.told(unit)
            key = _key(self.store, kind, unit)
            content = self.store.vault.token("conference", canonical_json(told).decode())
            if known.get(key) == content:
                duplicates += 1
                continue
            stored += 1
            known[key] = content
            rows[key] = {
                "venue": self.venue,
                kind.key: key,
                "content": content,
                "source": origin.source,
                "file": origin.file,
                "imported_at": origin.imported_at,
                "expires_at": origin.expires_at,
                "sealed": self.store.vault.seal(_subject(self.venue, key), told),
            }
        self.act.upsert(kind.table, rows.values())
        return stored, duplicates

    def _contents(self, kind: Kind) -> dict[str, str]:
        found = self._known.get(kind.table.name)
        if found is None:
            query = select(kind.table.c[kind.key], kind.table.c.content).where(kind.table.c.venue == self.venue)
            found = self._known[kind.table.name] = {row[0]: row[1] for row in self.act.connection.execute(query)}
        return found


def _key(store: Store, kind: Kind, unit: Any) -> str:
    """A profile's id is a name, so only its token is a key."""
    identity = kind.identity(unit)
    return store.vault.token("conference_profile", identity) if kind is PROFILES else identity


def _subject(venue: str, key: str) -> str:
    return f"conference/{venue}/{key}"


def submissions(store: Store, venue: str) -> Iterator[Submission]:
    """Every submission of a venue by import and id; opens the vault."""
    yield from _opened(store, SUBMISSIONS, venue)


def papers(store: Store, venue: str) -> list[Paper]:
    """Every paper's passages; opens the vault."""
    return list(_opened(store, PAPERS, venue))


def profiles(store: Store, venue: str) -> list[Profile]:
    """Every profile; opens the vault."""
    return list(_opened(store, PROFILES, venue))


def _opened(store: Store, kind: Kind, venue: str) -> Iterator[Any]:
    table = kind.table
    query = select(table.c[kind.key], table.c.sealed).where(table.c.venue == venue)
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(table.c.imported_at)).all()
    for row in sorted(rows, key=lambda row: _natural(row[0])):
        yield kind.read(store.vault.open(_subject(venue, row[0]), bytes(row[1])))


def _natural(key: str) -> tuple[int, int, str]:
    """Numbers by their size, then texts."""
    return (0, int(key), "") if key.isdecimal() and len(key) < 19 else (1, 0, key)


def knows(connection: Connection, venue: str, submission_id: str) -> bool:
    """Whether the venue holds a submission, a paper that stands for one, or a screening of it."""
    keys = (SUBMISSION.c.submission_id, PAPER.c.stem, SCREENING.c.submission_id)
    return any(
        connection.execute(select(key).where(key.table.c.venue == venue, key == submission_id).limit(1)).first()
        for key in keys
    )


def count(store: Store, venue: str) -> dict[str, int]:
    """How many submissions, papers and profiles are held."""
    with store.database.reading() as connection:
        return {
            name: connection.execute(
                select(func.count()).select_from(kind.table).where(kind.table.c.venue == venue)
            ).scalar_one()
            for name, kind in (("submissions", SUBMISSIONS), ("papers", PAPERS), ("profiles", PROFILES))
        }
