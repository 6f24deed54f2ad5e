"""Strict reading of one policy file: every key known, dates in order, proposals without an effective day."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import PurePath

from vedette.base import ContentError, Place, Record, read_record
from vedette.policy.model import HOMES, Period, PeriodState, Rule, Status

_JURISDICTIONS = (*HOMES, "own")


def read_rule(text: str, file: str) -> Rule:
    """The rule that a file holds. Raises ContentError that names file, line and remedy.

    ``file`` is a path whose stem must equal the id, as ``us_ofac_dprk_blocking.yml``.
    """
    record = read_record(text, file)
    number, unit = _number(record)
    rule = Rule(
        id=record.take_text("id"),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        jurisdiction=record.take_choice("jurisdiction", _JURISDICTIONS),
        homes=_homes(record),
        status=Status(record.take_choice("status", [word.value for word in Status])),
        effective_from=record.take_day("effective_from", optional=True),
        effective_to=record.take_day("effective_to", optional=True),
        citation=record.take_texts("citation"),
        source=record.take_text("source"),
        source_address=_address(record),
        checked_on=_day(record, "checked_on"),
        number=number,
        unit=unit,
        applies_to=_applies_to(record),
        effect=record.take_text("effect"),
        caveat=record.take_text("caveat", ""),
        periods=tuple(_period(item) for item in record.take_records("periods", optional=True)),
        text=text,
        version=hashlib.sha256(text.encode()).hexdigest()[:16],
    )
    record.finish()
    _check(rule, file)
    return rule


def _number(record: Record) -> tuple[float | None, str]:
    if not record.has("number"):
        if record.has("unit"):
            raise ContentError("'unit' without 'number'", place=record.place("unit"), remedy="Add number, or drop unit")
        record.take_text("unit", "")
        record.take_number("number", 0.0)
        return None, ""
    return record.take_number("number"), record.take_text("unit", remedy="Say what the number counts")


def _homes(record: Record) -> tuple[str, ...]:
    where = record.place("homes")
    homes = record.take_texts("homes")
    unknown = [home for home in homes if home not in (*HOMES, "all")]
    if unknown:
        raise ContentError(f"unknown home {unknown[0]!r}", place=where, remedy=f"One of: all, {', '.join(HOMES)}")
    return homes


def _address(record: Record) -> str:
    where = record.place("source_address")
    address = record.take_text("source_address")
    if not address.startswith("https://") and address != "none":
        raise ContentError("'source_address' is no https address", place=where, remedy="Give one, or write none")
    return address


def _applies_to(record: Record) -> tuple[str, ...]:
    where = record.place("applies_to")
    words = record.take_texts("applies_to")
    for word in words:
        kind, _, name = word.partition(":")
        if not kind or not name:
            raise ContentError(f"{word!r} is no kind:name", place=where, remedy="Write for example check:dprk_presence")
    return words


def _day(record: Record, key: str) -> date:
    day = record.take_day(key)
    assert day is not None  # only an optional day may be absent
    return day


def _period(record: Record) -> Period:
    period = Period(
        since=_day(record, "from"),
        until=record.take_day("to", optional=True),
        state=PeriodState(record.take_choice("state", [word.value for word in PeriodState])),
        note=record.take_text("note"),
    )
    if period.until is not None and period.until < period.since:
        raise ContentError("a period ends before it begins", place=record.place(), remedy="Swap from and to")
    record.finish()
    return period


def _check(rule: Rule, file: str) -> None:
    """The laws between keys; each fault names the key to mend."""
    stem = PurePath(file).stem
    proposal = rule.status in (Status.PROPOSED, Status.BILL)
    if rule.id != stem:
        raise _fault(file, "id", f"id {rule.id!r} is not the file's name {stem!r}", "Rename one of them")
    if not rule.id.startswith(f"{rule.jurisdiction}_"):
        raise _fault(file, "id", f"id {rule.id!r} does not begin with its jurisdiction", f"{rule.jurisdiction}_...")
    if proposal and (rule.effective_from or rule.periods):
        raise _fault(file, "effective_from", "a proposal has no day of effect", "Leave it null, and drop periods")
    if not rule.caveat and (proposal or rule.effective_from is None):
        raise _fault(file, "caveat", "a proposal, or a rule without a first day, owes its reader a caveat", "Say why")
    if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
        raise _fault(file, "effective_to", "the rule ends before it begins", "Swap the days")
    for earlier, later in zip(rule.periods, rule.periods[1:], strict=False):
        if earlier.until is None or later.since != earlier.until + timedelta(days=1):
            raise _fault(file, "periods", "periods leave a gap or overlap", "Let each begin the day after the last")


def _fault(file: str, key: str, problem: str, remedy: str) -> ContentError:
    return ContentError(problem, place=Place(file, None, key), remedy=remedy)
