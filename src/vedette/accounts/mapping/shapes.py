"""What values look like, and how they are read: times, days, numbers, addresses, mailboxes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from vedette.accounts.contacts import mailbox
from vedette.accounts.mapping.model import ASK
from vedette.accounts.zones import offsets
from vedette.base import iso

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?( ?(Z|UTC|[+-]\d{2}:?(\d{2})?))?", re.IGNORECASE
)
_ZONED = re.compile(r"\d{2}:\d{2}.*(Z|UTC|[+-]\d{2}:?(\d{2})?)$", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:,? +(\d{1,2}):(\d{2})(:\d{2})?( ?[AaPp]\.?[Mm]\.?)?)?")
_EPOCHS = (("epoch_s", 1), ("epoch_ms", 1_000), ("epoch_us", 1_000_000))
_EARLIEST, _LATEST = 631_152_000, 4_102_444_800
_NUMBER = re.compile(r"[+-]?\d[\d.,' \u00a0\u202f]*")
_MONEY = re.compile(r"^[^\d+-]*([+-]?[^\d]?\d.*?)[^\d]*$")
_PHONE = re.compile(r"\+?[\d ()/.-]{7,25}")
_COUNTRY = re.compile(r"[A-Za-z]{2,3}")
_AGENT = re.compile(r"[A-Za-z][\w.-]*[/_][\d.]+")
_URL = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(/.*)?")

ORDERS = ("day first", "month first")


@dataclass(frozen=True, slots=True)
class TimeShape:
    """How the times of a column are written: its format (``ask`` where day and month cannot be told apart).

    ``choices`` are the two formats to choose from then; ``zoned`` says that each time bears its zone.
    """

    format: str
    zoned: bool
    choices: tuple[str, ...] = ()


def time_shape(values: Sequence[str]) -> TimeShape | None:
    """The one way in which nearly all values are times, or None. Values must not be blank."""
    if not values:
        return None
    for name, unit in _EPOCHS:
        if all(_is_epoch(value, unit) for value in values):
            return TimeShape(name, True)
    if _most(bool(_ISO.fullmatch(value)) for value in values):
        return TimeShape("iso", all(bool(_ZONED.search(value)) for value in values))
    return _parted(values)


def _is_epoch(value: str, unit: int) -> bool:
    whole = value.removesuffix(".0")
    return whole.isdecimal() and whole.isascii() and len(whole) <= 17 and _EARLIEST <= int(whole) / unit < _LATEST


def _parted(values: Sequence[str]) -> TimeShape | None:
    found = [match for value in values if (match := _PARTS.fullmatch(value))]
    if len(found) < 0.98 * len(values) or not found:
        return None
    first = max(int(match[1]) for match in found)
    second = max(int(match[3]) for match in found)
    choices = tuple(_letters(found[0], day_first) for day_first in (True, False))
    if first > 12 and second <= 12:
        return TimeShape(choices[0], False)
    if second > 12 and first <= 12:
        return TimeShape(choices[1], False)
    return TimeShape(ASK, False, choices) if first <= 12 else None


def _letters(match: re.Match[str], day_first: bool) -> str:
    """The strptime letters of a matched value."""
    sign, year = match[2], "%Y" if len(match[4]) == 4 else "%y"
    text = sign.join(("%d", "%m", year) if day_first else ("%m", "%d", year))
    if match[5]:
        clock = "%I:%M" if match[8] else "%H:%M"
        text += f" {clock}{':%S' if match[7] else ''}{' %p' if match[8] else ''}"
    return text


def decimal_of(values: Sequence[str]) -> str:
    """``.`` or ``,`` as the decimal sign; ``ask`` where "1.234" could be either; empty where values are no numbers."""
    texts = [number for value in values if (number := money(value))]
    if len(texts) < 0.98 * len(values) or not texts:
        return ""
    votes = {sign for text in texts if (sign := _vote(text))}
    if len(votes) == 1:
        return votes.pop()
    return ASK if votes or any("," in text or "." in text for text in texts) else "."


def _vote(text: str) -> str:
    """The decimal sign that this number proves, or empty."""
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    sign = "." if dots else ","
    other = "," if dots else "."
    if dots + commas > 1:
        return other
    if dots + commas == 0:
        return ""
    whole, _, rest = text.partition(sign)
    grouped = len(rest) == 3 and 1 <= len(whole.lstrip("+-")) <= 3 and whole.lstrip("+-") != "0"
    return "" if grouped else sign


def money(value: str) -> str:
    """The number in an amount, without currency and spaces, as written; empty where there is none."""
    match = _MONEY.match(value.strip()[:60])
    if match is None:
        return ""
    sign = "-" if value.strip().startswith(("-", "(")) or "-" in value.split(match[1])[0] else ""
    text = re.sub(r"[^\d.,]", "", match[1]).rstrip(".,")
    return sign + text if text and text[0].isdigit() else ""


def number(value: str, decimal: str) -> str:
    """An amount with a decimal point; the text as it was where it is none."""
    text = money(value)
    if not text:
        return value
    other = "," if decimal == "." else "."
    return text.replace(other, "").replace(decimal, ".")


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def moment(value: str, form: str, zone: str) -> str:
    """A time in UTC; the text as it was where it cannot be read, so that the row is refused with its place."""
    try:
        return iso(_moment(value, form, zone))
    except (ValueError, OverflowError, OSError):
        return value


def _moment(value: str, form: str, zone: str) -> datetime:
    if form.startswith("epoch_"):
        unit = dict(_EPOCHS)[form]
        whole, rest = divmod(int(value.removesuffix(".0")), unit)
        return datetime.fromtimestamp(whole, UTC).replace(microsecond=rest * 1_000_000 // unit)
    read = datetime.fromisoformat(_colon(value)) if form == "iso" else datetime.strptime(_spaced(value), form)
    return read if read.tzinfo else read.replace(tzinfo=_zone(zone or "UTC"))


def _colon(value: str) -> str:
    return re.sub(r" ?UTC$", "Z", value.strip().replace(",", "."), flags=re.IGNORECASE).replace(" Z", "Z")


def _spaced(value: str) -> str:
    text = value.replace(", ", " ").replace("a.m.", "AM").replace("p.m.", "PM")
    return re.sub(r"(\d)([AaPp][Mm])$", r"\1 \2", text)


def day(value: str, form: str) -> str:
    """An ISO day; the text as it was where it cannot be read."""
    try:
        if form == "iso":
            return value[:10]
        if form.startswith("epoch_"):
            return _moment(value, form, "UTC").date().isoformat()
        return datetime.strptime(_spaced(value), form).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return value


def fit(kind: str, values: Sequence[str]) -> float:
    """How well values look like a kind of column, 0..1; 0.5 where any text will do."""
    test = _TESTS.get(kind)
    if test is None or not values:
        return 0.5
    return sum(1 for value in values if test(value)) / len(values)


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _is_time(value: str) -> bool:
    return bool(_ISO.fullmatch(value) or _PARTS.fullmatch(value)) or any(_is_epoch(value, unit) for _, unit in _EPOCHS)


def _is_offset(value: str) -> bool:
    whole = value.removesuffix(".0").lstrip("+-")
    return whole.isdecimal() and len(whole) <= 3 and int(whole) <= 840


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "email": lambda value: mailbox(value) is not None,
    "ip": _is_ip,
    "time": _is_time,
    "day": _is_time,
    "number": lambda value: bool(money(value)) and not _is_ip(value),
    "phone": lambda value: bool(_PHONE.fullmatch(value)),
    "country": lambda value: bool(_COUNTRY.fullmatch(value)) or value.replace(" ", "").isalpha(),
    "currency": lambda value: len(value) == 3 and value.isalpha(),
    "zone": lambda value: offsets(value, 2026) is not None,
    "agent": lambda value: bool(_AGENT.search(value)),
    "offset": _is_offset,
    "url": lambda value: bool(_URL.fullmatch(value)),
    "id": lambda value: " " not in value and len(value) <= 200,
    "flag": lambda value: value.lower() in ("true", "false", "yes", "no", "0", "1", "y", "n"),
}


def masked(value: str) -> str:
    """The shape of a value without its content: letters as x, digits as 9, at most 40 signs."""
    shown = (sign for sign in value[:40] if sign.isprintable())
    return "".join("9" if sign.isnumeric() else "x" if sign.isalpha() else sign for sign in shown)


def _most(answers: Iterable[bool]) -> bool:
    listed = list(answers)
    return sum(listed) >= 0.98 * len(listed)
