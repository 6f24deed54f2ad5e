"""Dates as lists write them, read to ISO 8601 cut to what is known."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>[A-Za-z]{3,9})"
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FORMS = (
    re.compile(rf"(?P<day>\d{{1,2}})\.? {_MONTH}\.? (?P<year>\d{{4}})"),
    re.compile(rf"{_MONTH}\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"),
    re.compile(rf"{_MONTH}\.?,? (?P<year>\d{{4}})"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"),
)
_DAY_FIRST = re.compile(r"(\d{1,2}|dd)/(\d{1,2}|mm)/(\d{4})", re.IGNORECASE)
#: A range wider than this says too little about a birth to be held year by year.
_WIDEST = 10


def iso_date(text: str) -> str:
    """One date ("15 Jan 1955", "June 21, 2022", "November, 1975", "1951") as ISO; empty where it is none."""
    text = " ".join(text.split())
    if _ISO.fullmatch(text):
        return text if _possible(text) else ""
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _joined(found.groupdict())
    return ""


def day_first(text: str) -> str:
    """A British date ("29/06/2012", "dd/mm/1958", "00/00/1959", "1960") as ISO, cut to what is known; empty if none."""
    found = _DAY_FIRST.fullmatch(text.strip())
    if not found:
        return iso_date(text) if _ISO.fullmatch(text.strip()) else ""
    day, month, year = found.groups()
    known = [year] + ([month] if month.strip("0m") else []) + ([day] if day.strip("0d") and month.strip("0m") else [])
    return iso_date("-".join(part.zfill(2) for part in known))


def birth_dates(text: str) -> tuple[str, ...]:
    """The dates that a birth date may mean: one, or every year of a range ("1951 to 1953", "circa 1979-1982").

    "Circa" is dropped: the year stands alone, and the reader finds the word in the entry's remarks.
    """
    text = re.sub(r"^(circa|approximately|about)\s+", "", " ".join(text.split()), flags=re.IGNORECASE)
    if one := iso_date(text):
        return (one,)
    ends = re.split(r"\s*(?:\bto\b|-|/)\s*", text)
    if len(ends) != 2 or not all(map(iso_date, ends)):
        return ()
    return years(int(iso_date(ends[0])[:4]), int(iso_date(ends[1])[:4]))


def years(first: int, last: int) -> tuple[str, ...]:
    """Every year from first to last, or nothing where the span is empty or too wide to mean anything."""
    if not 0 <= last - first <= _WIDEST:
        return ()
    return tuple(str(year) for year in range(first, last + 1))


def day_or_none(text: str) -> date | None:
    """A whole calendar day, or None where the text is less than that."""
    found = iso_date(text)
    return date.fromisoformat(found) if len(found) == 10 else None


def _joined(parts: dict[str, str]) -> str:
    month = parts["month"]
    number = int(month) if month.isdigit() else _month_number(month)
    text = f"{parts['year']}-{number:02d}" + (f"-{int(parts['day']):02d}" if parts.get("day") else "")
    return text if _possible(text) else ""


def _month_number(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _possible(text: str) -> bool:
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
