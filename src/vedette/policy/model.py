"""The words of the policy room: a dated rule, its status, and the stretches of time in which its force changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vedette.base import VedetteError

HOMES = ("us", "eu", "uk", "kr", "un")
"""Home jurisdictions that may be asked for; ``un`` stands for a home without rules of its own."""


class UnknownHome(VedetteError):
    """A home jurisdiction that no rule knows: answering "nothing applies" would hide duties."""


class UnknownRule(VedetteError):
    """A rule id that is not in the register."""


class Status(StrEnum):
    """What kind of text a rule is. Only law and guidance can ever be in force."""

    LAW = "law"
    GUIDANCE = "guidance"
    PROPOSED = "proposed"
    BILL = "bill"
    SUSPENDED = "suspended"


class State(StrEnum):
    """How a rule stands on one day."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    PROPOSED = "proposed"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


class PeriodState(StrEnum):
    """How a rule stands in one stretch of time; ``expected`` is in force by the rule's own terms, not confirmed."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days, both ends included; ``until`` is None while it is open."""

    since: date
    until: date | None
    state: PeriodState
    note: str

    def holds(self, on: date) -> bool:
        """Whether the day lies within the period."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One dated rule of law, guidance or the house.

    ``homes`` holds home jurisdictions, or "all". ``effective_from`` is None for a text that never took effect, and for
    one in force since before the register began (its caveat says so); ``effective_to`` is the last day, inclusive.
    ``number`` comes with its ``unit`` (percent, years, business days ...). ``text`` is the file as it was read and
    ``version`` the first 16 hex digits of its SHA-256, so that the archive can return it for a replay.
    """

    id: str
    title: str
    caption: str
    jurisdiction: str
    homes: tuple[str, ...]
    status: Status
    effective_from: date | None
    effective_to: date | None
    citation: tuple[str, ...]
    source: str
    source_address: str
    checked_on: date
    number: float | None
    unit: str
    applies_to: tuple[str, ...]
    effect: str
    caveat: str
    periods: tuple[Period, ...]
    text: str
    version: str

    def binds(self, home: str) -> bool:
        """Whether the rule is addressed to a provider at home there."""
        return "all" in self.homes or home in self.homes
