"""The words of the procedure: forms for questions, reason codes for decisions, what can never be a reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vedette.base import Record, read_record


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code; an adverse one takes something away and needs a second person."""

    id: str
    adverse: bool
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A neutral question."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """All words of the procedure."""

    appeal_days: int
    reasons: dict[str, Reason]
    never_reasons: tuple[str, ...]
    forms: dict[str, Form]
    your_rights: str


@cache
def procedure() -> Procedure:
    """What ships with the program."""
    text = files("vedette.conference").joinpath("procedure.yml").read_text(encoding="utf-8")
    return read_procedure(text, "conference/procedure.yml")


def read_procedure(text: str, file: str) -> Procedure:
    """Parse strictly. Raises ContentError naming file and line."""
    record = read_record(text, file)
    record.take_text("caption")
    record.take_day("checked_on")
    record.take_texts("citation")
    reasons = [_reason(each) for each in record.take_records("reasons")]
    forms = [_form(each) for each in record.take_records("forms")]
    found = Procedure(
        appeal_days=record.take_int("appeal_days"),
        reasons={each.id: each for each in reasons},
        never_reasons=record.take_texts("never_reasons"),
        forms={each.id: each for each in forms},
        your_rights=record.take_text("your_rights"),
    )
    record.finish()
    return found


def _reason(record: Record) -> Reason:
    made = Reason(record.take_text("id"), record.take_bool("adverse"), record.take_text("text"))
    record.finish()
    return made


def _form(record: Record) -> Form:
    made = Form(record.take_text("id"), record.take_text("title"), record.take_text("text"))
    record.finish()
    return made
