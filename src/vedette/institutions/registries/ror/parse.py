"""Reads the ROR dump: schema 1, schema 2, or condensed records; a JSON array or one record a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import msgspec

from vedette.institutions.model import InstitutionError, Organisation, Reading, Refused, refuse

_ID = "https://ror.org/"
_MOST_REFUSED = 0.01
_MOST_NAMES = 400


class _Country(msgspec.Struct):
    country_code: str = ""


class _Address(msgspec.Struct):
    city: str | None = None


class _Label(msgspec.Struct):
    label: str = ""


class _Name(msgspec.Struct):
    value: str
    types: list[str] = []


class _Details(msgspec.Struct):
    name: str | None = None
    country_code: str | None = None


class _Location(msgspec.Struct):
    geonames_details: _Details = msgspec.field(default_factory=_Details)


class _Relation(msgspec.Struct):
    type: str
    id: str


class _Link(msgspec.Struct):
    value: str = ""
    type: str = ""


class _Record(msgspec.Struct):
    """Every form at once: what a form lacks keeps its default, what is not needed here is passed over."""

    id: str
    status: str = "active"
    types: list[str] = []
    acronyms: list[str] = []
    domains: list[str] = []
    name: str = ""
    aliases: list[str] = []
    labels: list[_Label] = []
    addresses: list[_Address] = []
    country: _Country | str | None = None
    names: list[_Name | str] = []
    locations: list[_Location] = []
    relationships: list[_Relation] = []
    links: list[_Link | str] = []
    rel: list[tuple[str, str]] = []
    city: str | None = None


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes begin like records with ids of this registry."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{") and b"https://ror.org/" in head


def parse(name: str, data: bytes) -> Reading:
    """The organisations of the bytes; withdrawn ones are ignored. Raises InstitutionError where too much is broken."""
    found: dict[str, Organisation] = {}
    ignored: Counter[str] = Counter()
    refused: list[Refused] = []
    for line, raw in _raw(name, data):
        try:
            record = msgspec.json.decode(raw, type=_Record)
            organisation = _organisation(record)
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as fault:
            refused.append(Refused(line, str(fault)[:200]))
            continue
        if record.status == "withdrawn":
            ignored["withdrawn organisation"] += 1
        elif organisation.id in found:
            refused.append(Refused(line, f"the id {organisation.id} stands twice"))
        else:
            found[organisation.id] = organisation
    _believe(name, len(found), refused)
    return Reading(organisations=tuple(found.values()), ignored=dict(ignored), refused=tuple(refused))


def _believe(name: str, taken: int, refused: list[Refused]) -> None:
    if refused and len(refused) > _MOST_REFUSED * (taken + len(refused)):
        first = refused[0]
        raise refuse(
            f"{len(refused):,} of {taken + len(refused):,} records cannot be read; the first: {first.reason}",
            name,
            first.line,
            "Download the dump again",
        )


def _raw(name: str, data: bytes) -> Iterator[tuple[int, bytes | msgspec.Raw]]:
    """Each record's bytes, with its number (array) or line."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"[":
        try:
            records = msgspec.json.decode(data, type=list[msgspec.Raw])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            raise _damaged(name, fault) from None
        yield from enumerate(records, 1)
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, line


def _damaged(name: str, fault: Exception) -> InstitutionError:
    return refuse(f"is cut short or no JSON: {str(fault)[:200]}", name, remedy="Download the dump again")


def _organisation(record: _Record) -> Organisation:
    if not record.id.startswith(_ID):
        raise ValueError(f"the id {record.id[:60]!r} is none of this registry")
    shown, others, acronyms = _names(record)
    names = _distinct([shown, *others])
    if not names:
        raise ValueError(f"{record.id} has no name")
    relations = [(item.type.casefold(), item.id) for item in record.relationships]
    relations += [(kind.casefold(), target) for kind, target in record.rel]
    return Organisation(
        id=record.id,
        names=names[:_MOST_NAMES],
        acronyms=_distinct(acronyms)[:_MOST_NAMES],
        country=_country(record),
        cities=_distinct(_cities(record)),
        domains=_domains(record),
        parents=_distinct(target for kind, target in relations if kind == "parent"),
        children=_distinct(target for kind, target in relations if kind == "child"),
        types=tuple(kind.casefold() for kind in record.types),
        active=record.status == "active",
    )


def _names(record: _Record) -> tuple[str, list[str], list[str]]:
    """The name to show, the other names and the acronyms, of either schema."""
    if not record.names:
        return record.name, [*record.aliases, *(item.label for item in record.labels)], record.acronyms
    shown, others, acronyms = "", [], list(record.acronyms)
    for item in record.names:
        if isinstance(item, str):
            others.append(item)
        elif "ror_display" in item.types:
            shown = item.value
        elif "acronym" in item.types:
            acronyms.append(item.value)
        else:
            others.append(item.value)
    return shown, others, acronyms


def _country(record: _Record) -> str:
    if isinstance(record.country, str):
        code = record.country
    elif record.country is not None:
        code = record.country.country_code
    else:
        codes = (item.geonames_details.country_code for item in record.locations)
        code = next((code for code in codes if code), "")
    return code.upper() if len(code) == 2 and code.isalpha() and code.isascii() else ""


def _cities(record: _Record) -> Iterator[str]:
    yield record.city or ""
    yield from (item.city or "" for item in record.addresses)
    yield from (item.geonames_details.name or "" for item in record.locations)


def _domains(record: _Record) -> tuple[str, ...]:
    hosts = [domain.casefold() for domain in record.domains]
    for link in record.links:
        address = link if isinstance(link, str) else link.value if link.type in ("website", "") else ""
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            host = ""
        hosts.append(host.removeprefix("www."))
    return _distinct(hosts)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
