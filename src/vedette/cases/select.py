"""The filter of the queue: one small language for the list, for bulk acts, for exports and for the HTTP interface.

A selection is written as a query string, such as ``status=open&family=network&priority_min=60``; what stands there is
all that is asked. Pure: a selection in, yes or no for a case out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from vedette.base import VedetteError, iso, parse_time
from vedette.cases.model import Case, CaseStatus

_LONGEST = 4_000
_MOST_VALUES = 200


class WrongFilter(VedetteError):
    """A filter that cannot be read; it is refused rather than read as something wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which cases are asked for. Every named part must fit; within a part of several words, one of them must.

    ``updated_since`` is inclusive, so that a reader who asks again with the last time it saw misses nothing.
    ``assigned`` names people; ``unassigned`` asks for cases assigned to nobody. ``contains`` looks at the summary.
    """

    status: tuple[CaseStatus, ...] = ()
    family: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()
    unassigned: bool | None = None
    hold: bool | None = None
    supported: bool | None = None
    escalated: bool | None = None
    priority_min: int | None = None
    priority_max: int | None = None
    opened_since: datetime | None = None
    opened_before: datetime | None = None
    updated_since: datetime | None = None
    contains: str | None = None

    def query(self) -> str:
        """The query string that reads back as this selection, the same for the same selection."""
        pairs: list[tuple[str, str]] = []
        for item in fields(self):
            value = getattr(self, item.name)
            several = value if isinstance(value, tuple) else () if value is None else (value,)
            pairs.extend((item.name, _written(word)) for word in several)
        return urlencode(pairs)


def parse(text: str) -> Selection:
    """Read a query string. Raises WrongFilter for unknown or repeated names and for values that do not fit."""
    if len(text) > _LONGEST:
        raise WrongFilter(f"the filter is longer than {_LONGEST} characters", remedy="Ask for less at once")
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(text.strip("?")))
    except ValueError:
        raise WrongFilter(
            "the filter is no query string", remedy="Write for example status=open&family=network"
        ) from None
    return selection(pairs)


def selection(pairs: Sequence[tuple[str, str]]) -> Selection:
    """A selection from names with values, as a query string or the options of a command give them."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    unknown = sorted(set(given) - {*_WORDS, *_SINGLE})
    if unknown:
        known = ", ".join(sorted({*_WORDS, *_SINGLE}))
        raise WrongFilter(f"no filter {unknown[0][:40]!r}", remedy=f"One of: {known}")
    values: dict[str, Any] = {}
    for name, texts in given.items():
        values[name] = _several(name, texts) if name in _WORDS else _one(name, texts)
    return Selection(**values)


def fits(case: Case, wanted: Selection, now: datetime, assigned: Mapping[str, str]) -> bool:
    """Whether a case fits a selection at a moment. ``assigned`` says whom each case is assigned to."""
    person = assigned.get(case.case_id)
    return all(
        (
            not wanted.status or case.status_at(now) in wanted.status,
            not wanted.family or not set(wanted.family).isdisjoint(case.families),
            not wanted.account or not set(wanted.account).isdisjoint(case.accounts),
            not wanted.case or case.case_id in wanted.case,
            not wanted.assigned or person in wanted.assigned,
            not wanted.holder or (case.holder_at(now) or "").partition(":")[2] in wanted.holder,
            wanted.unassigned in (None, person is None),
            wanted.hold in (None, case.human_required),
            wanted.supported in (None, case.supported),
            wanted.escalated in (None, case.escalations > 0),
            _within(case, wanted),
            wanted.contains is None or wanted.contains.casefold() in case.summary.casefold(),
        )
    )


def _within(case: Case, wanted: Selection) -> bool:
    return (
        (wanted.priority_min is None or case.priority >= wanted.priority_min)
        and (wanted.priority_max is None or case.priority <= wanted.priority_max)
        and (wanted.opened_since is None or case.opened_at >= wanted.opened_since)
        and (wanted.opened_before is None or case.opened_at < wanted.opened_before)
        and (wanted.updated_since is None or case.changed_at >= wanted.updated_since)
    )


def _status(text: str) -> CaseStatus:
    return CaseStatus(text)


def _word(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError(text)
    return text


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _priority(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 100):
        raise ValueError(text)
    return int(text)


_WORDS: dict[str, Callable[[str], Any]] = {
    "status": _status,
    "family": _word,
    "account": _word,
    "case": _word,
    "assigned": _word,
    "holder": _word,
}
_SINGLE: dict[str, Callable[[str], Any]] = {
    "unassigned": _yes,
    "hold": _yes,
    "supported": _yes,
    "escalated": _yes,
    "priority_min": _priority,
    "priority_max": _priority,
    "opened_since": parse_time,
    "opened_before": parse_time,
    "updated_since": parse_time,
    "contains": _word,
}
_FORMS = {
    "status": "open, claimed, snoozed, waiting_approval, decided, closed or merged",
    "hold": "yes or no",
    "supported": "yes or no",
    "escalated": "yes or no",
    "unassigned": "yes or no",
    "priority_min": "a number from 0 to 100",
    "priority_max": "a number from 0 to 100",
    "opened_since": "a time such as 2026-01-31T00:00:00Z",
    "opened_before": "a time such as 2026-01-31T00:00:00Z",
    "updated_since": "a time such as 2026-01-31T00:00:00Z",
}


def _several(name: str, texts: Sequence[str]) -> tuple[Any, ...]:
    if len(texts) > _MOST_VALUES:
        raise WrongFilter(f"more than {_MOST_VALUES} values of {name!r}", remedy="Ask in portions")
    return tuple(dict.fromkeys(_read(_WORDS[name], name, text) for text in texts))


def _one(name: str, texts: Sequence[str]) -> Any:
    if len(texts) > 1:
        raise WrongFilter(f"{name!r} is given {len(texts)} times", remedy="Give it once")
    return _read(_SINGLE[name], name, texts[0])


def _read(reader: Callable[[str], Any], name: str, text: str) -> Any:
    try:
        return reader(text)
    except (ValueError, KeyError, OverflowError):
        raise WrongFilter(f"{name!r} cannot be {text[:40]!r}", remedy=f"Write {_FORMS.get(name, 'a word')}") from None


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return iso(value) if isinstance(value, datetime) else str(value)
