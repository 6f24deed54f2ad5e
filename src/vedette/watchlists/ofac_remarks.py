"""The remarks cell of OFAC's official CSV files: aliases, birth dates, numbers and addresses written as prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from vedette.base import Identifier, Name, NameQuality
from vedette.names import country_code
from vedette.watchlists.dates import birth_dates

#: Passages about where a person comes from. They are neither read nor kept: see Party in vedette.base.
_NEVER_READ = re.compile(
    r"(alt\. |previous |former )*(nationality|citizen(ship)?( of)?|pob|place of birth|gender|sex|ethnicity|religion)\b",
    re.IGNORECASE,
)
_ALT = re.compile(r"^(alt\.|previous|former|other) ", re.IGNORECASE)
_ALIAS = re.compile(r"^[afn]\.k\.a\. '(?P<name>.+)'$")
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s,]*)?", re.IGNORECASE)
_IMO = re.compile(r"\bIMO\s*(\d{7})\b")
_NUMBER = re.compile(
    r"^(?P<value>.+?)(?:\s*\((?P<country>[^()]+)\))?(?:\s*[,;]?\s*(?:issued|expires|expired|valid|dated|effective)\b.*)?$"
)
_PHONE = re.compile(r"\+?[\d(][\d\s().+/-]{5,}\d\)?")

# What the publisher calls a number, and what this project calls it. Longer labels stand before their beginnings.
_LABELS = (
    (r"Digital Currency Address - [A-Z0-9]+", "wallet"),
    (r"(?:[A-Z][a-z]+ )*Passport(?: No\.| Number| #)?", "passport"),
    (
        r"(?:Tax ID No\.|R\.?F\.?C\.?|N\.?I\.?T\.?|RUC|RIF|V\.A\.T\. Number|C\.U\.I\.T\.|Fiscal Code|N\.I\.F\.)(?: #)?",
        "tax",
    ),
    (r"(?:Italian|Romanian|Paraguayan|Uruguayan|Peruvian) (?:Fiscal Code|Tax|Permanent Resident)(?: #| No\.)?", "tax"),
    (
        r"(?:National ID No\.|Cedula No\.|C\.U\.R\.P\.|D\.N\.I\.|N\.I\.E\.|SSN|Personal ID Card|Identification Number"
        r"|National Foreign ID Number|Identity Card(?: No\.)?|Electoral Registry No\.|Numero de Identidad"
        r"|Afghan Money Service Provider License Number|Stateless Person ID Card|Turkish Identification Number)(?: #)?",
        "national_id",
    ),
    (r"Driver's License No\.", "drivers_licence"),
    (r"Legal Entity Number", "lei"),
    (r"D-U-N-S Number", "duns"),
    (r"SWIFT/BIC", "swift"),
    (r"MMSI", "mmsi"),
    (r"Aircraft Tail Number", "tail_number"),
    (r"(?:Vessel|Other Vessel) Call Sign", "call_sign"),
    (r"Aircraft (?:Manufacturer's Serial Number \(MSN\)|Construction Number \(also called L/N or S/N or F/N\))", "msn"),
    (
        r"(?:(?:Business |Company |Public )?Registration (?:Number|ID|Document)|Registered Charity No\.|C\.R\. No\."
        r"|Commercial Registry Number|Company Number|Government Gazette Number|Enterprise Number|Business Number"
        r"|(?:Trade )?License(?: No\.)?|Unified Social Credit Code \(USCC\)|Folio Mercantil No\.|Matricula Mercantil No\.?"
        r"|Economic Register Number \(CBLS\)|Central Registration System Number|(?:Istanbul )?Chamber of Comm(?:erce|\.)"
        r"(?: Number| No\.)|UK Company Number|Dubai Chamber of Commerce Membership No\.|Certificate of Incorporation Number)"
        r"(?: #)?",
        "registration",
    ),
)
#: Numbers that need not hold a digit.
_LETTERS_SUFFICE = {"swift", "tail_number", "call_sign"}
_LABEL = re.compile("|".join(f"(?P<g{index}>{label})" for index, (label, _) in enumerate(_LABELS)))


@dataclass(slots=True)
class Remarks:
    """What one remarks cell says. ``kept`` is the prose without the passages that are never read."""

    names: list[Name] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    websites: list[str] = field(default_factory=list)
    kept: str = ""


def read_remarks(text: str, *, cut: bool = False) -> Remarks:
    """Read a remarks cell. Where it is ``cut`` short, its last passage is kept as prose but not believed as a number."""
    parts = re.split(r";\s+", text.strip(" ;\r\n\t"))
    return read_passages([part.strip() for part in parts if part.strip()], cut=cut)


def read_passages(passages: Sequence[str], *, cut: bool = False) -> Remarks:
    """The same for passages that the publisher already told apart, such as "Passport 12345678 (Iran)"."""
    found, kept = Remarks(), []
    for index, passage in enumerate(passages):
        if _NEVER_READ.match(passage):
            continue
        kept.append(passage)
        if not (cut and index == len(passages) - 1):
            _read_passage(passage.removesuffix("."), found)
    found.kept = "; ".join(kept)
    return found


def _read_passage(passage: str, found: Remarks) -> None:
    passage = _ALT.sub("", passage)
    if alias := _ALIAS.match(passage):
        found.names.append(Name(alias["name"], NameQuality.WEAK))
        return
    first = passage.split(" ", 1)[0].rstrip(":").lower()
    reader = _BY_FIRST_WORD.get(first)
    if reader:
        reader(passage, found)
    if imo := _IMO.search(passage):
        _add_imo(passage, imo[1], found)
    elif not reader:
        _labelled(passage, found)


def _birth(passage: str, found: Remarks) -> None:
    found.birth_dates += birth_dates(passage[3:].lstrip(" :"))


def _email(passage: str, found: Remarks) -> None:
    found.identifiers += (Identifier("email", address) for address in _EMAIL.findall(passage))


def _website(passage: str, found: Remarks) -> None:
    found.websites += _SITE.findall(passage)


def _telephone(passage: str, found: Remarks, *, kind: str) -> None:
    found.identifiers += (Identifier(kind, number.strip()) for number in _PHONE.findall(passage))


_BY_FIRST_WORD: dict[str, Callable[[str, Remarks], None]] = {
    "dob": _birth,
    "email": _email,
    "website": _website,
    "phone": partial(_telephone, kind="phone"),
    "telephone": partial(_telephone, kind="phone"),
    "fax": partial(_telephone, kind="fax"),
}


def _add_imo(passage: str, number: str, found: Remarks) -> None:
    """A ship's IMO number identifies the ship; a company's is a registration in another series."""
    vessel = passage.lower().startswith("vessel")
    found.identifiers.append(Identifier("imo", number) if vessel else Identifier("registration", f"IMO {number}"))


def _labelled(passage: str, found: Remarks) -> None:
    label = _LABEL.match(passage)
    if not label or label.lastgroup is None:
        return
    number = _NUMBER.match(passage[label.end() :].lstrip(" :#"))
    kind = _LABELS[int(label.lastgroup[1:])][1]
    if number and (kind in _LETTERS_SUFFICE or any(char.isdigit() for char in number["value"])):
        country = country_code(number["country"]) if number["country"] else None
        found.identifiers.append(Identifier(kind, number["value"].strip(), country or ""))
