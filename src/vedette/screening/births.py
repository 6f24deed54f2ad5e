"""Birth dates compared: agreement to the day, in the year only, nearly, or a contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from vedette.screening.model import Feature, Outcome, Side

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

_Parts = tuple[int, int, int]

_ABSENT = Feature("birth_date", Outcome.ABSENT, "birth date is missing on one side")
_DAY = Feature("birth_date", Outcome.AGREES, "birth date agrees to the day", bits=12, pull=0.7, second=True)
_MONTH = Feature("birth_date", Outcome.AGREES, "birth year and month agree; the day is not known", bits=8, pull=0.45)
_YEAR = Feature("birth_date", Outcome.AGREES, "birth year agrees; more is not known", bits=5, pull=0.3)
_SWAPPED = Feature("birth_date", Outcome.NEARLY, "birth date agrees with day and month exchanged", bits=8, pull=0.4)
_SLIP = Feature("birth_date", Outcome.NEARLY, "birth date is one slip of the pen away", bits=4, pull=0.2)
_YEAR_OFF = Feature("birth_date", Outcome.NEARLY, "birth year is one year away", bits=1, pull=0.02)
_OTHER_DAY = Feature(
    "birth_date", Outcome.DIFFERS, "birth year agrees but the day is another", bits=-4, pull=-0.32, grave=True
)
_OTHER = Feature("birth_date", Outcome.DIFFERS, "birth date is clearly another", bits=-12, pull=-0.5, grave=True)


def compare_births(customer: Iterable[str], listed: Iterable[str]) -> Feature:
    """The best that any pair of dates says. Texts that are no dates are treated as missing."""
    mine = [parts for text in customer if (parts := _parts(text))]
    theirs = [parts for text in listed if (parts := _parts(text))]
    found = [_pair(a, b) for a in mine for b in theirs]
    best = max(found, key=lambda feature: feature.bits) if found else _ABSENT
    return replace(best, customer=_side(mine), listed=_side(theirs))


def _side(dates: list[_Parts]) -> Side:
    """How exactly the best known of these dates is known."""
    known = max((sum(1 for part in parts if part) for parts in dates), default=0)
    return (Side.MISSING, Side.YEAR, Side.MONTH, Side.DAY)[known]


def _parts(text: str) -> _Parts | None:
    """Year, month, day; 0 for what is not known. The first of January is how registers write "some time that year"."""
    found = _DATE.fullmatch(text.strip()[:10])
    if not found:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    return (year, 0, 0) if (month, day) == (1, 1) else (year, month, day)


def _pair(one: _Parts, other: _Parts) -> Feature:
    if one[2] and other[2]:
        return _whole(one, other)
    years = abs(one[0] - other[0])
    if years == 0 and one[1] and other[1]:
        return _MONTH if one[1] == other[1] else _OTHER_DAY
    return _YEAR if years == 0 else _YEAR_OFF if years == 1 else _OTHER


def _whole(one: _Parts, other: _Parts) -> Feature:
    if one == other:
        return _DAY
    if one[0] == other[0]:
        if one[1:] == (other[2], other[1]):
            return _SWAPPED
        return _SLIP if one[1] == other[1] or one[2] == other[2] else _OTHER_DAY
    return _SLIP if one[1:] == other[1:] and _year_slip(one[0], other[0]) else _OTHER


def _year_slip(one: int, other: int) -> bool:
    """Whether two years differ by one, in one digit, or by two digits exchanged."""
    a, b = f"{one:04d}", f"{other:04d}"
    differing = [index for index in range(4) if a[index] != b[index]]
    return abs(one - other) == 1 or len(differing) == 1 or sorted(a) == sorted(b)
