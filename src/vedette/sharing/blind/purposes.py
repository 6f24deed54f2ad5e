"""Strict reading of the purposes and limits of blind matching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vedette.base import ContentError, Record, VedetteError, read_record, unique
from vedette.cases import Action, Outcome
from vedette.cases.model import Decision
from vedette.sharing.blind.identifiers import KINDS


class UnknownPurpose(VedetteError):
    """A purpose that the table does not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What every epoch keeps to. Counts of elements, days, minutes and seconds."""

    least_participants: int
    quota: int
    batch: int
    longest_days: int
    round_minutes: int
    skew_seconds: int
    shared_device_accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One purpose: which final decisions qualify, for which kinds of identifier, for how many days."""

    id: str
    caption: str
    outcomes: frozenset[Outcome]
    actions: frozenset[Action]
    reasons: frozenset[str]
    kinds: tuple[str, ...]
    valid_days: int
    why: str
    citation: tuple[str, ...]

    def covers(self, decision: Decision) -> bool:
        """Whether a decision is of the sort that this purpose tells; its age and state are judged elsewhere."""
        fits_action = not self.actions or decision.action in self.actions
        fits_reason = not self.reasons or decision.reason_code in self.reasons
        return decision.outcome in self.outcomes and fits_action and fits_reason


@dataclass(frozen=True, slots=True)
class Table:
    """Every purpose by id, and the limits."""

    purposes: Mapping[str, Purpose]
    limits: Limits


@cache
def table() -> Table:
    """The table that ships with the program."""
    text = (files("vedette.sharing.blind") / "purposes.yml").read_text("utf-8")
    return read_table(text, "sharing/blind/purposes.yml")


def purpose(name: str) -> Purpose:
    """One purpose. Raises UnknownPurpose."""
    found = table().purposes.get(name)
    if found is None:
        raise UnknownPurpose("unknown purpose", remedy=f"One of: {', '.join(table().purposes)}")
    return found


def read_table(text: str, file: str) -> Table:
    """Parse strictly. Raises ContentError naming file and line."""
    record = read_record(text, file)
    for name in ("caption", "why"):
        record.take_text(name)
    record.take_day("checked_on")
    record.take_texts("citation")
    limits = _limits(record.take_record("limits"))
    found = [(_purpose(item), item.place()) for item in record.take_records("purposes")]
    record.finish()
    unique(((item.id, place) for item, place in found), "purpose")
    return Table({item.id: item for item, _ in found}, limits)


def _limits(record: Record) -> Limits:
    place = record.place("least_participants")
    made = Limits(**{name: record.take_int(name) for name in Limits.__slots__})
    record.finish()
    if made.least_participants < 5:
        raise ContentError("fewer than five participants tell who holds", place=place, remedy="Write 5 or more")
    return made


def _purpose(record: Record) -> Purpose:
    place = record.place("kinds")
    made = Purpose(
        id=record.take_text("id"),
        caption=record.take_text("caption"),
        outcomes=frozenset(map(Outcome, record.take_texts("outcomes"))),
        actions=frozenset(map(Action, record.take_texts("actions", optional=True))),
        reasons=frozenset(record.take_texts("reasons", optional=True)),
        kinds=record.take_texts("kinds"),
        valid_days=record.take_int("valid_days"),
        why=record.take_text("why"),
        citation=record.take_texts("citation"),
    )
    record.finish()
    if set(made.kinds) - set(KINDS) or not made.actions | made.reasons:
        raise ContentError(
            "names an unknown kind, or neither actions nor reasons", place=place, remedy=", ".join(KINDS)
        )
    return made
