"""A venue's standing: which policy was tried and adopted, and whether decisions were announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from vedette.audit import Act
from vedette.conference.store.tables import VENUE
from vedette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Empty texts where nothing was adopted, tried or announced yet."""

    venue: str
    policy_text: str = ""
    policy_version: str = ""
    adopted_at: str = ""
    adopted_by: str = ""
    tried_version: str = ""
    announced_at: str = ""


def venue(store: Store, name: str) -> Venue:
    """How the venue stands."""
    with store.database.reading() as connection:
        return of(connection, name)


def of(connection: Connection, name: str) -> Venue:
    """How the venue stands, inside a transaction."""
    row = connection.execute(select(VENUE).where(VENUE.c.venue == name)).mappings().one_or_none()
    return Venue(venue=name) if row is None else Venue(**dict(row))


def keep(act: Act, changed: Venue) -> None:
    """Store the venue's standing."""
    row: dict[str, Any] = {name: getattr(changed, name) for name in Venue.__slots__}
    act.upsert(VENUE, [row])
