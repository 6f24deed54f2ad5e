"""How far each server's telemetry was taken, so that the next call goes on from there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import stable_id
from vedette.store import Store

FETCHED = Table(
    "workload_fetched",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("adapter", Text, nullable=False),
    Column("step_seconds", BigInteger, nullable=False),
    Column("from_seconds", BigInteger, nullable=False),
    Column("until_seconds", BigInteger, nullable=False),
    Column("fetched_at", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """One server's telemetry of one kind, in one step."""

    url: str
    adapter: str
    step: int

    @property
    def id(self) -> str:
        """The same for the same origin."""
        return stable_id("fetched", self.url, self.adapter, str(self.step))


@dataclass(frozen=True, slots=True)
class Covered:
    """The stretch that was taken whole, in seconds since 1970, its end excluded. Empty where both are equal."""

    begin: int
    end: int

    def extended(self, begin: int, end: int) -> Covered:
        """With a further stretch: joined where they touch, else the further one alone."""
        if begin <= self.end and self.begin <= end:
            return Covered(min(begin, self.begin), max(end, self.end))
        return Covered(begin, end)

    def holds(self, begin: int, end: int) -> bool:
        """Whether a stretch lies within."""
        return self.begin <= begin and end <= self.end


def covered(store: Store, origin: Origin) -> Covered | None:
    """What was taken of an origin so far."""
    query = select(FETCHED.c.from_seconds, FETCHED.c.until_seconds).where(FETCHED.c.id == origin.id)
    with store.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Covered(int(row.from_seconds), int(row.until_seconds))


def remember(act: Act, origin: Origin, stretch: Covered) -> None:
    """Note how far an origin was taken."""
    row = {
        "id": origin.id,
        "url": origin.url,
        "adapter": origin.adapter,
        "step_seconds": origin.step,
        "from_seconds": stretch.begin,
        "until_seconds": stretch.end,
        "fetched_at": act.moment,
    }
    act.upsert(FETCHED, [row])
    act.fact("adapter", origin.adapter)
    act.fact("until", stretch.end)
