"""Which of the fields that the proposed identification rule would ask for are held (KYC-01..03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from vedette.accounts.verification.model import Evidence, Record
from vedette.base import Json, Place, read_record, unique
from vedette.base import Record as Content

_KINDS = ("person", "organization")
#: Fields whose evidence can run out.
_DOCUMENTED = ("identity_document", "registration")


class FieldState(StrEnum):
    """How a field stands. ``expired``: it is held, but the newest evidence for it has run out."""

    PRESENT = "present"
    MISSING = "missing"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as ``fields.yml`` declares it."""

    id: str
    requirement: str
    kinds: tuple[str, ...]
    asked: bool
    sources: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """Each field's state, and which of the asked ones are missing."""

    states: Mapping[str, FieldState]
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The printed form."""
        return {name: state.value for name, state in self.states.items()}


@cache
def fields() -> tuple[Asked, ...]:
    """Every field, in the file's order."""
    name = "fields.yml"
    record = read_record((files("vedette.accounts.verification") / name).read_text("utf-8"), name)
    record.take_day("checked_on")
    found = tuple(_asked(item) for item in record.take_records("fields"))
    record.finish()
    unique(((item.id, Place(name)) for item in found), "field")
    return found


def _asked(item: Content) -> Asked:
    asked = Asked(
        id=item.take_text("id"),
        requirement=item.take_text("requirement"),
        kinds=item.take_texts("kinds"),
        asked=item.take_bool("asked"),
        sources=item.take_texts("from"),
        what=item.take_text("what"),
    )
    item.finish()
    return asked


def completeness(record: Record, on: date) -> Completeness:
    """How each field of a customer of this kind stands. Without a kind, every field is asked for."""
    kind = record.facts.kind
    wanted = [item for item in fields() if kind not in _KINDS or kind in item.kinds]
    found = {item.id: _state(item, record, on) for item in wanted}
    missing = tuple(item.id for item in wanted if item.asked and found[item.id] is FieldState.MISSING)
    return Completeness(found, missing)


def _state(item: Asked, record: Record, on: date) -> FieldState:
    if not record.facts.filled.intersection(item.sources):
        return FieldState.MISSING
    return FieldState.EXPIRED if item.id in _DOCUMENTED and _ran_out(record, on) else FieldState.PRESENT


def _ran_out(record: Record, on: date) -> bool:
    """Whether evidence about the customer is held and the newest of it has run out."""
    dated: list[Evidence] = [item for item in record.evidence if not item.about and item.expires is not None]
    newest = max(dated, key=lambda item: item.done_at, default=None)
    return newest is not None and newest.expires is not None and newest.expires < on
