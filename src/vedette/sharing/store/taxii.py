"""What a peer may see of a collection, by TAXII's filters and pages; and taking back what it posted itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from vedette.audit import Act
from vedette.sharing.store.objects import MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Filters of TAXII 2.1. ``versions`` are ``first``, ``last``, ``all`` or times; ``after`` a place in the order."""

    collection: str
    peer: str
    limit: int
    after: int = 0
    added_after: str = ""
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[str, ...] = ("last",)
    spec_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One version as a peer sees it."""

    seq: int
    object_id: str
    version: str
    date_added: str
    body: str


def rows(connection: Connection, wanted: Wanted) -> list[Row]:
    """At most one more than the limit, in the order of addition; the one beyond says that there is more."""
    query = _seen(wanted).order_by(MEMBER.c.seq).limit(wanted.limit + 1)
    return [Row(*row) for row in connection.execute(query)]


def _seen(wanted: Wanted) -> Any:
    columns = (MEMBER.c.seq, MEMBER.c.object_id, MEMBER.c.version, MEMBER.c.date_added, MEMBER.c.body)
    query = select(*columns).where(*_visible(wanted), MEMBER.c.seq > wanted.after)
    if wanted.added_after:
        query = query.where(MEMBER.c.date_added > wanted.added_after)
    if wanted.ids:
        query = query.where(MEMBER.c.object_id.in_(wanted.ids))
    if wanted.types:
        query = query.where(MEMBER.c.type.in_(wanted.types))
    if wanted.spec_versions:
        query = query.where(MEMBER.c.spec_version.in_(wanted.spec_versions))
    return query if "all" in wanted.versions else query.where(_of_versions(wanted))


def _visible(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """What we published, and what this peer posted: nobody sees what another peer sent."""
    return MEMBER.c.collection == wanted.collection, MEMBER.c.owner.in_(["", wanted.peer])


def _of_versions(wanted: Wanted) -> ColumnElement[bool]:
    other = MEMBER.alias("other")
    same = and_(
        other.c.collection == MEMBER.c.collection,
        other.c.object_id == MEMBER.c.object_id,
        other.c.owner.in_(["", wanted.peer]),
    )
    found: ColumnElement[bool] = MEMBER.c.version.in_([text for text in wanted.versions if text[:1].isdigit()])
    if "last" in wanted.versions:
        found = found | ~exists().where(same, other.c.version > MEMBER.c.version)
    if "first" in wanted.versions:
        found = found | ~exists().where(same, other.c.version < MEMBER.c.version)
    return found


def take_back(act: Act, wanted: Wanted) -> tuple[int, bool]:
    """Drop versions that this peer posted, within an act. Returns how many, and whether the object is there at all."""
    query = select(MEMBER.c.object_id, MEMBER.c.version, MEMBER.c.owner).where(*_visible(wanted))
    query = query.where(MEMBER.c.object_id.in_(wanted.ids))
    if "all" not in wanted.versions:
        query = query.where(_of_versions(wanted))
    found: Sequence[tuple[str, str, str]] = [(row[0], row[1], row[2]) for row in act.connection.execute(query)]
    own = [
        {"collection": wanted.collection, "object_id": row[0], "version": row[1], "owner": row[2]}
        for row in found
        if row[2] == wanted.peer
    ]
    return act.delete(MEMBER, own), bool(found)
