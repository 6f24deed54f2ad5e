"""Mailboxes, telephones and websites in the one form in which two spellings of the same thing are equal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_MAIL = re.compile(r"([^@\s<>\"]{1,128})@([^@\s<>\"]{1,253}\.[^@\s<>\".]{2,63})\.?")
_TRAILING = re.compile(r"^(.*?)(\d{1,15})$", re.DOTALL)
_SITE = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,10}://)?(?:[^@/\s]*@)?([^/:?#\s]{1,253}\.[^/:?#\s.]{2,63})\.?(?::\d{1,5})?(/[^?#\s]*)?.*"
)
_LONGEST_PHONE = 60
_LEAST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail address: as written, as delivered, and its local part split from the number at its end."""

    exact: str
    canonical: str
    domain: str
    stem: str
    trailing_number: int | None


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number. ``number`` is E.164 or, where its country is unknown, bare digits after ``local:``.

    ``region`` is the country of the calling code. ``stated`` says that the number itself was written with its
    calling code; only then may the region be North Korea, because "850" alone is also an area code of Florida.
    """

    number: str
    region: str
    stated: bool


def rows(name: str) -> list[list[str]]:
    """The tab-separated rows of ``data/<name>``, without comments and blank lines."""
    text = files("vedette.accounts").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def plain(text: str) -> str:
    """Compatibility forms joined (full-width letters and digits), ends trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


@lru_cache(maxsize=1)
def _domains() -> dict[str, tuple[str, bool]]:
    return {domain: (same, dots == "ignored") for domain, same, dots in rows("mail_domains.tsv")}


def mailbox(text: str) -> Mailbox | None:
    """Read an e-mail address; None where it is none."""
    found = _MAIL.fullmatch(plain(text).casefold())
    if found is None:
        return None
    local, domain = found[1], found[2]
    same, dotless = _domains().get(domain, (domain, False))
    bare = local.partition("+")[0] or local
    bare = (bare.replace(".", "") or bare) if dotless else bare
    split = _TRAILING.match(bare)
    stem, number = (split[1], int(split[2])) if split else (bare, None)
    return Mailbox(f"{local}@{domain}", f"{bare}@{same}", domain, stem, number)


def telephone(text: str, country: str) -> Telephone | None:
    """Read a telephone number. ``country`` lends its dialling rules only where no plus sign is written.

    A calling code after that country's own prefix for calls abroad ("00" in Germany, "011" in the US) is stated, too.
    """
    import phonenumbers

    text = plain(text)[:_LONGEST_PHONE]
    stated = has_calling_code(text)
    try:
        parsed = phonenumbers.parse(text, None if stated else country or None, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return _local(text)
    if not phonenumbers.is_possible_number(parsed):
        return _local(text)
    stated = stated or parsed.country_code_source == phonenumbers.CountryCodeSource.FROM_NUMBER_WITH_IDD
    region = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    if region == "001" or (region == "KP" and not stated):
        region = ""
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Telephone(str(number), str(region).replace("ZZ", ""), stated)


def has_calling_code(text: str) -> bool:
    """Whether a number is written in full, with a plus sign before its first digit."""
    return "+" in re.split(r"\d", plain(text), maxsplit=1)[0]


def _local(text: str) -> Telephone | None:
    digits = "".join(letter for letter in text if letter.isdecimal())
    return Telephone(f"local:{digits}", "", False) if len(digits) >= _LEAST_DIGITS else None


def website(text: str) -> tuple[str, str] | None:
    """(host, host with path) of a website, without scheme, ``www.`` and query; None where it is none."""
    found = _SITE.fullmatch(plain(text).casefold()[:2_000])
    if found is None:
        return None
    host = re.sub(r"^www\d?\.", "", found[1])
    return host, host + (found[2] or "").rstrip("/")
