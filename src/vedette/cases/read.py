"""Strict reading of the content of cases: when they open, how long things last, which reasons exist, what to look at next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from vedette.base import ContentError, Record, Strength, read_record, unique
from vedette.cases.model import Guidance, OpeningRule, Outcome, Reason, Source, Timers


def content(name: str) -> str:
    """The text of one content file of this room."""
    return (files("vedette.cases") / name).read_text("utf-8")


@cache
def opening_rule() -> OpeningRule:
    """The opening rule that ships with the program."""
    return read_opening(content("opening.yml"), "cases/opening.yml")


@cache
def timers() -> Timers:
    """The timers that ship with the program."""
    return read_timers(content("timers.yml"), "cases/timers.yml")


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason by code, in the order of the file."""
    return read_reasons(content("reasons.yml"), "cases/reasons.yml")


@cache
def _guidance() -> tuple[Mapping[str, Guidance], Guidance]:
    return read_guidance(content("families.yml"), "cases/families.yml")


def guidance(family: str) -> Guidance:
    """What a reviewer of this family looks at next, and what would close the case; a general word for unknown ones."""
    known, otherwise = _guidance()
    return known.get(family, otherwise)


def read_opening(text: str, file: str) -> OpeningRule:
    """Parse an opening rule. Raises ContentError where a single family could open a case, or numbers contradict."""
    record = read_record(text, file)
    _head(record)
    record.take_text("why")
    threshold = record.take_record("threshold")
    families = record.take_record("families")
    groups = record.take_record("groups")
    rule = OpeningRule(
        threshold=_positive(threshold, "bits"),
        needed=families.take_int("needed"),
        cap=_positive(families, "cap_bits"),
        sources=tuple(_source(item) for item in record.take_records("sources", optional=True)),
        bits=_bits(record),
        joins=frozenset(Strength(word) for word in groups.take_texts("joins")),
        most_accounts=groups.take_int("most_accounts"),
        most_accounts_stop=groups.take_int("most_accounts_stop"),
        share=groups.take_number("share"),
        text=text,
        version=_hash(text),
    )
    for part in (threshold, families, groups):
        part.take_text("why")
        part.finish()
    record.finish()
    _check(rule, record)
    return rule


def _check(rule: OpeningRule, record: Record) -> None:
    caps = [rule.cap, *(item.cap for item in rule.sources)]
    taken = [family for item in rule.sources for family in item.families]
    faults = (
        (max(caps) >= rule.threshold, "one family alone would reach the threshold", "Lower its cap_bits"),
        (rule.needed < 2, "'needed' must be at least 2: no single family attributes", "Write 2 or more"),
        (not 0 < rule.share <= 1, "'share' must lie between 0 and 1", "Write for example 0.25"),
        (rule.most_accounts < 2, "'most_accounts' must be at least 2", "Write for example 100"),
        (rule.most_accounts_stop < rule.most_accounts, "'most_accounts_stop' is below 'most_accounts'", "Raise it"),
        (Strength.CONTEXT in rule.joins or Strength.WEAK in rule.joins, "weak findings must not join", "Drop them"),
        (len(set(taken)) != len(taken), "a family belongs to two sources", "Name it once"),
    )
    for wrong, problem, remedy in faults:
        if wrong:
            raise ContentError(problem, place=record.place(), remedy=remedy)


def _bits(record: Record) -> Mapping[Strength, float]:
    where = record.place("strengths")
    found: dict[Strength, float] = {}
    choices = [item.value for item in Strength if item is not Strength.CONTEXT]
    for item in record.take_records("strengths"):
        found[Strength(item.take_choice("strength", choices))] = _positive(item, "bits")
        item.take_text("why")
        item.finish()
    if len(found) != len(choices):
        raise ContentError("'strengths' must name each strength but context", place=where)
    return {**found, Strength.CONTEXT: 0.0}


def _source(record: Record) -> Source:
    found = Source(
        name=record.take_text("name"),
        families=record.take_texts("families"),
        cap=_positive(record, "cap_bits"),
    )
    record.take_text("why")
    record.finish()
    return found


def read_timers(text: str, file: str) -> Timers:
    """Parse the timers; each is a positive whole number with its reason."""
    record = read_record(text, file)
    _head(record)
    names = ("hold_hours", "lease_minutes", "undo_seconds", "snooze_most_days")
    found = {name: _timer(record, name) for name in names}
    record.finish()
    return Timers(**found, version=_hash(text))


def _timer(record: Record, name: str) -> int:
    part = record.take_record(name)
    where = part.place("value")
    value = part.take_int("value")
    part.take_text("why")
    part.finish()
    if value < 1:
        raise ContentError("a timer must last", place=where, remedy="Write 1 or more")
    return value


def read_reasons(text: str, file: str) -> Mapping[str, Reason]:
    """Parse the reasons. Every outcome must have at least one."""
    record = read_record(text, file)
    _head(record)
    record.take_text("why")
    found = [(_reason(item), item.place()) for item in record.take_records("reasons")]
    record.finish()
    unique(((reason.code, place) for reason, place in found), "reason code")
    covered = {outcome for reason, _ in found for outcome in reason.outcomes}
    for outcome in Outcome:
        if outcome not in covered:
            raise ContentError(f"no reason fits the outcome {outcome.value!r}", place=record.place(), remedy="Add one")
    return {reason.code: reason for reason, _ in found}


def _reason(record: Record) -> Reason:
    where = record.place("outcomes")
    words = record.take_texts("outcomes")
    unknown = [word for word in words if word not in [item.value for item in Outcome]]
    if unknown:
        raise ContentError(f"unknown outcome {unknown[0]!r}", place=where)
    reason = Reason(
        code=record.take_text("code"),
        text=record.take_text("text"),
        outcomes=frozenset(Outcome(word) for word in words),
    )
    record.finish()
    return reason


def read_guidance(text: str, file: str) -> tuple[Mapping[str, Guidance], Guidance]:
    """Parse what reviewers are told per family, and what they are told otherwise."""
    record = read_record(text, file)
    _head(record)
    found = []
    for item in record.take_records("families"):
        found.append((item.take_text("family"), item.place(), _advice(item)))
    otherwise = _advice(record.take_record("otherwise"))
    record.finish()
    unique(((family, place) for family, place, _ in found), "family")
    return {family: advice for family, _, advice in found}, otherwise


def _advice(record: Record) -> Guidance:
    advice = Guidance(record.take_text("look_next"), record.take_text("closes"))
    record.finish()
    return advice


def _head(record: Record) -> None:
    record.take_text("caption")
    record.take_day("checked_on")
    record.take_texts("citation")


def _positive(record: Record, key: str) -> float:
    where = record.place(key)
    value = record.take_number(key)
    if value <= 0:
        raise ContentError(f"{key!r} must be above 0", place=where)
    return value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
