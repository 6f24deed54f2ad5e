"""What may stand in an exchanged object: each kind's value in one spelling, times, texts; everything else is refused with its reason."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from vedette.sharing.model import INDICATORS, Kind, stamp

LONGEST_VALUE, LONGEST_TITLE, LONGEST_TEXT = 2_000, 300, 5_000
MOST_REFS = 1_000
#: Kinds that have a value.
INDICATOR_KINDS = INDICATORS | {Kind.TYPOLOGY}
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}")
_CHECK = re.compile(r"[a-z0-9_]{1,60}(/[a-z0-9_]{1,80})?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_ID = re.compile(r"[a-z][a-z0-9-]{2,60}--" + _UUID)
_MAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[^\s@<>.]{2,}")
#: The widest network that may be an indicator: wider ones would accuse a whole provider or country.
_WIDEST = {4: 20, 6: 40}


class Unfit(ValueError):
    """A value that is none of its kind; the text is shown to people and repeats nothing of the input."""


def clean(text: object, most: int = LONGEST_TEXT, *, needed: bool = False) -> str:
    """A text without control characters, cut to nothing: too long is refused. Raises Unfit."""
    if text is None and not needed:
        return ""
    if not isinstance(text, str):
        raise Unfit("a text is missing or is no text")
    if len(text) > most:
        raise Unfit(f"a text is longer than {most:,} characters")
    if not text.isprintable():
        text = text.replace("\r\n", "\n")
        if any(not (letter.isprintable() or letter in "\n\t") for letter in text):
            raise Unfit("a text holds control characters, or is no Unicode")
    if needed and not text.strip():
        raise Unfit("a text is empty")
    return text


def moment(text: object, what: str) -> str:
    """A time in the one spelling. Raises Unfit for no time, another zone, or a day that is none."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise Unfit(f"{what} is no time such as 2026-01-31T09:00:00Z")
    try:
        found = datetime.fromisoformat(_to_micros(text))
    except ValueError:
        raise Unfit(f"{what} is no time such as 2026-01-31T09:00:00Z") from None
    if not 2000 <= found.year <= 2100:
        raise Unfit(f"{what} lies outside the years 2000 to 2100")
    return text if len(text) == 24 else stamp(found)


def _to_micros(text: str) -> str:
    head, _, part = text[:-1].partition(".")
    return f"{head}.{part[:6].ljust(6, '0')}+00:00" if part else f"{head}+00:00"


def object_id(text: object, *types: str) -> str:
    """A STIX id, of one of these types where any is named. Raises Unfit."""
    if not isinstance(text, str) or len(text) > 110 or not _ID.fullmatch(text):
        raise Unfit("an id is no STIX id")
    if types and text.partition("--")[0] not in types:
        raise Unfit(f"an id is not of the type {' or '.join(types)}")
    return text


_Word = TypeVar("_Word", bound=StrEnum)


def word(kind: type[_Word], text: object, what: str) -> _Word:
    """One of the known words. Raises Unfit."""
    try:
        return kind(str(text))
    except ValueError:
        raise Unfit(f"{what} is none of those known") from None


def value(kind: Kind, text: object) -> str:
    """A value of a kind in its one spelling. Raises Unfit."""
    given = clean(text, LONGEST_VALUE, needed=True).strip()
    return _KINDS.get(kind, _line)(given)


def _address(text: str) -> str:
    found: Any = _read(ipaddress.ip_address, text)
    found = getattr(found, "ipv4_mapped", None) or found
    if not found.is_global or found.is_multicast:
        raise Unfit("the address is not one of the public internet")
    return str(found)


def _range(text: str) -> str:
    found: Any = _read(ipaddress.ip_network, text)
    if found.prefixlen < _WIDEST[found.version]:
        raise Unfit(f"a range wider than /{_WIDEST[found.version]} would name everybody in it")
    if not found.is_global or found.is_multicast:
        raise Unfit("the range is not one of the public internet")
    return str(found)


def _read(make: Callable[[str], object], text: str) -> object:
    try:
        return make(text)
    except ValueError:
        raise Unfit("this is no address") from None


def _domain(text: str) -> str:
    found = text.lower().rstrip(".")
    if not _DOMAIN.fullmatch(found):
        raise Unfit("this is no domain name")
    return found


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or " " in text:
        raise Unfit("this is no web address")
    if parts.username or parts.password or _MAIL.search(text):
        raise Unfit("a web address with a login or a mail address names a person")
    return text


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text.lower()):
        raise Unfit("this is no MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal")
    return text.lower()


def _check(text: str) -> str:
    if not _CHECK.fullmatch(text):
        raise Unfit("this is no id of a check")
    return text


def _line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise Unfit("a value of this kind is one line")
    if _MAIL.search(text):
        raise Unfit("a mail address is personal data")
    return text


_KINDS: Mapping[Kind, Callable[[str], str]] = {
    Kind.ADDRESS: _address,
    Kind.RANGE: _range,
    Kind.DOMAIN: _domain,
    Kind.URL: _url,
    Kind.FILE_HASH: _hash,
    Kind.TYPOLOGY: _check,
}
