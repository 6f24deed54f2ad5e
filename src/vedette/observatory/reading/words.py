"""Texts made plain: titles, abstracts, addresses, DOIs, years and country codes, and the fault of one record."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NoReturn

from vedette.observatory.model import Refused

_RAW_KEPT = 1_000_000
_CORRECT = "Correct the record and import the file again"

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,300}")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_LOCAL_PART = re.compile(r"[A-Za-z0-9._%+'-]{1,80}@(?=[A-Za-z0-9-]+\.)")
_ATTRIBUTED = re.compile(r"^\s*(electronic address|e-?mail|email address)s?\s*:", re.IGNORECASE)


class RecordFault(Exception):
    """A record that cannot be taken: which field, why and what to do."""

    def __init__(self, field: str, reason: str, remedy: str = _CORRECT) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
        self.remedy = remedy

    def at(self, line: int, raw: str | bytes = "") -> Refused:
        """The refusal, with its place."""
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        return Refused(line, self.field, self.reason, self.remedy, text[:_RAW_KEPT])


def plain(text: object, most: int = 0, field: str = "") -> str:
    """A text without tags, entities, control characters and repeated spaces; RecordFault where longer than ``most``."""
    if not isinstance(text, str):
        return ""
    if most and len(text) > 4 * most:
        _too_long(field, len(text), most)
    if "<" in text or "&" in text:
        text = _TAG.sub("", html.unescape(_TAG.sub("", text)))
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    text = " ".join(text.split())
    if most and len(text) > most:
        _too_long(field, len(text), most)
    return text


def _too_long(field: str, found: int, most: int) -> NoReturn:
    raise RecordFault(field, f"{field} is {found:,} characters long; at most {most:,} are believable")


def title_of(text: object) -> str:
    """A title, made plain."""
    return plain(text, 5_000, "title")


def abstract_of(text: object) -> str:
    """An abstract, made plain."""
    return plain(text, 100_000, "abstract")


def address_of(text: object) -> str:
    """An affiliation string as written; of an e-mail address in it only the domain stays."""
    return _address(text) if isinstance(text, str) else ""


@lru_cache(maxsize=50_000)
def _address(text: str) -> str:
    """Kept, because the same address stands on many works."""
    found = plain(text, 20_000, "affiliation")
    if "@" in found:
        found = _LOCAL_PART.sub("[address]@", found)
    return "" if _ATTRIBUTED.match(found) and " " not in found.partition(":")[2].strip() else found.strip(" ;")


def addresses_of(texts: Iterable[object]) -> tuple[str, ...]:
    """Affiliation strings in order, each once."""
    return tuple(dict.fromkeys(found for text in texts if (found := address_of(text))))


def doi_of(text: object) -> str:
    """A DOI in lower case without its resolver; "" for what is none."""
    if not isinstance(text, str):
        return ""
    found = _DOI.search(text[:1_000])
    return found.group().rstrip(".,;)]}").lower() if found else ""


def year_of(text: object) -> int:
    """The first year from 1500 to 2099 that a text or number holds; 0 for none."""
    if isinstance(text, int):
        return text if 1500 <= text <= 2099 else 0
    found = _YEAR.search(text[:1_000]) if isinstance(text, str) else None
    return int(found.group()) if found else 0


def codes_of(texts: Iterable[object]) -> tuple[str, ...]:
    """ISO 3166 alpha-2 codes in upper case, each once, in order; anything else is left out."""
    codes = (text.upper() for text in texts if isinstance(text, str) and len(text) == 2 and text.isalpha())
    return tuple(dict.fromkeys(code for code in codes if code.isascii()))


def split(text: str, separator: str) -> tuple[str, ...]:
    """Parts of a cell, made plain; empty ones left out."""
    return tuple(part for raw in text.split(separator) if (part := plain(raw)))
