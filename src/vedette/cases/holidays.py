"""Business days: which days count, and the last day of a term, from public holidays held as data."""

from __future__ import annotations

from calendar import day_name, monthcalendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from vedette.base import ContentError, Record, read_record
from vedette.cases.read import content

_WEEKDAYS = [name.casefold() for name in day_name]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Fixed days (month, day, first year) and days by weekday (month, weekday 0..6, number, -1 the last)."""

    fixed: tuple[tuple[int, int, int], ...]
    weekdays: tuple[tuple[int, int, int], ...]

    def of(self, year: int) -> frozenset[date]:
        """The days kept for the holidays of a year; a New Year's Day on a Saturday is kept in the year before."""
        fixed = {_kept(date(year, month, day)) for month, day, since in self.fixed if year >= since}
        return frozenset(fixed | {_nth(year, month, weekday, number) for month, weekday, number in self.weekdays})

    def counts(self, day: date) -> bool:
        """Whether a day is a business day."""
        return day.weekday() < 5 and day not in self.of(day.year) and day not in self.of(day.year + 1)


def last_day(start: date, number: int, unit: str, holidays: Holidays) -> date:
    """The last day of a term that begins on the day after ``start``; ``unit`` as policy rules write it.

    Raises ValueError for a unit that is no term.
    """
    if unit in ("days", "calendar days"):
        return start + timedelta(days=number)
    if unit != "business days":
        raise ValueError(f"{unit!r} is no term in days")
    day = start
    for _ in range(number):
        day += timedelta(days=1)
        while not holidays.counts(day):
            day += timedelta(days=1)
    return day


@cache
def federal() -> Holidays:
    """The holidays of the United States' federal government."""
    return read_holidays(content("holidays.yml"), "cases/holidays.yml")


def read_holidays(text: str, file: str) -> Holidays:
    """Parse holidays strictly. Raises ContentError naming file and line."""
    record = read_record(text, file)
    for name in ("caption", "source", "why"):
        record.take_text(name)
    record.take_day("checked_on")
    record.take_texts("citation")
    found = Holidays(
        tuple(_fixed(item) for item in record.take_records("fixed")),
        tuple(_weekday(item) for item in record.take_records("weekdays")),
    )
    record.finish()
    return found


def _fixed(record: Record) -> tuple[int, int, int]:
    record.take_text("name")
    where = record.place("day")
    month, day, since = (record.take_int(name) for name in ("month", "day", "since"))
    record.finish()
    try:
        date(2001, month, day)
    except ValueError:
        raise ContentError("no such day in every year", place=where) from None
    return month, day, since


def _weekday(record: Record) -> tuple[int, int, int]:
    record.take_text("name")
    where = record.place("number")
    month = record.take_int("month")
    weekday = _WEEKDAYS.index(record.take_choice("weekday", _WEEKDAYS))
    number = record.take_int("number")
    record.finish()
    if not 1 <= month <= 12 or number not in (-1, 1, 2, 3, 4):
        raise ContentError("no such day in every year", place=where, remedy="1 to 4, or -1 for the last")
    return month, weekday, number


def _kept(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    days = [week[weekday] for week in monthcalendar(year, month) if week[weekday]]
    return date(year, month, days[number - 1 if number > 0 else number])
