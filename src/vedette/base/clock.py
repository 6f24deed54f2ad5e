"""Time as an argument: a clock to pass in, and exact conversion between ISO 8601 and integer microseconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Whatever tells the time. Rules and stores receive one; they never read the system's clock."""

    def now(self) -> datetime:
        """The present moment, with a zone."""
        ...


class SystemClock:
    """The machine's clock in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved, for replay and tests."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs a zone")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def advance(self, step: timedelta) -> None:
        """Move the clock on by one step."""
        self._moment += step


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC. A time without a zone is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("time without a zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The moment, in UTC, that lies this many microseconds after 1970-01-01."""
    return _EPOCH + timedelta(microseconds=micros)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a trailing Z; microseconds only where there are any."""
    text = moment.astimezone(UTC).isoformat()
    return text.replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Read ISO 8601 with a zone. Raises ValueError that says what is missing."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone; write for example 2026-01-31T09:00:00Z")
    return moment.astimezone(UTC)


def parse_day(text: str) -> date:
    """Read an ISO 8601 calendar day such as 2026-01-31."""
    return date.fromisoformat(text.strip())
