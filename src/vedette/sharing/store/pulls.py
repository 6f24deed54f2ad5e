"""How far this house has read the collections of others."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.store import Store

PULLED = Table(
    "sharing_pulled",
    MetaData(),
    Column("peer", Text, primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("until", Text, nullable=False),
)


def keep_pulled(act: Act, peer: str, collection: str, until: str) -> None:
    """Go on from this moment of addition, within an act."""
    act.upsert(PULLED, [{"peer": peer, "collection": collection, "until": until}])


def pulled_until(store: Store, peer: str, collection: str) -> str:
    """The last moment of addition that was read; empty before the first."""
    query = select(PULLED.c.until).where(PULLED.c.peer == peer, PULLED.c.collection == collection)
    with store.database.reading() as connection:
        return connection.execute(query).scalar_one_or_none() or ""
