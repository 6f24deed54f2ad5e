"""The curated content of the room: DPRK ranges, reserved space, well-known lists and fetchable packages."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from vedette.base import ContentError, Record, read_record
from vedette.events.references.compile import compile_list
from vedette.events.references.model import LISTED_CLASSES, Compiled, Kind, RangeRows, ReadList

_CONTENT = Path(__file__).with_name("content")
_STATUSES = ("current", "historic")


@dataclass(frozen=True, slots=True)
class DprkRange:
    """One curated range. ``expires`` is the last day on which the report may be used, or empty."""

    cidr: str
    status: str
    label: str
    source: str
    first_reported: str
    expires: str
    caveat: str
    citation: tuple[str, ...]

    def in_force(self, on: str) -> bool:
        """Whether the report may still be used on that day (YYYY-MM-DD)."""
        return not self.expires or on <= self.expires


@dataclass(frozen=True, slots=True)
class KnownList:
    """The class that a well-known list file gives, by a pattern on its name."""

    pattern: str
    ip_class: str


@dataclass(frozen=True, slots=True)
class Package:
    """A fetchable package of range lists, pinned by version and integrity."""

    name: str
    version: str
    integrity: str
    licence: str
    attribution: str


def _record(name: str) -> Record:
    path = _CONTENT / name
    return read_record(path.read_text(encoding="utf-8"), path.as_posix())


def _network(record: Record, key: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    where = record.place(key)
    try:
        return ipaddress.ip_network(record.take_text(key))
    except ValueError as fault:
        raise ContentError(f"is no range: {fault}", place=where, remedy="Write for example 192.0.2.0/24") from None


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


@lru_cache(maxsize=1)
def dprk_ranges() -> tuple[DprkRange, ...]:
    """Every curated DPRK range, as the content file gives them."""
    record = _record("dprk_ranges.yml")
    record.take_day("checked_on")
    found = tuple(_dprk(item) for item in record.take_records("ranges"))
    record.finish()
    return found


def _dprk(item: Record) -> DprkRange:
    found = DprkRange(
        cidr=str(_network(item, "cidr")),
        status=item.take_choice("status", _STATUSES),
        label=item.take_text("label"),
        source=item.take_text("source"),
        first_reported=_day(item.take_day("first_reported")),
        expires=_day(item.take_day("expires", optional=True)),
        caveat=item.take_text("caveat"),
        citation=item.take_texts("citation"),
    )
    item.finish()
    return found


@lru_cache(maxsize=1)
def reserved() -> Compiled:
    """Private, reserved and carrier-shared space as a compiled class list."""
    record = _record("reserved.yml")
    rows = RangeRows()
    for item in record.take_records("ranges"):
        network = _network(item, "cidr")
        rows.add(str(network[0]), str(network[-1]), item.take_choice("class", LISTED_CLASSES))
        item.take_text("source")
        item.finish()
    record.finish()
    return compile_list(ReadList("reserved", Kind.CLASS, rows))


@lru_cache(maxsize=64)
def dprk_compiled(on: str) -> Compiled | None:
    """The curated DPRK ranges in force on a day, each labelled with its place in ``dprk_ranges()``."""
    rows = RangeRows()
    for number, item in enumerate(dprk_ranges()):
        if item.in_force(on):
            network = ipaddress.ip_network(item.cidr)
            rows.add(str(network[0]), str(network[-1]), str(number))
    return compile_list(ReadList("dprk", Kind.CLASS, rows)) if rows.starts else None


@lru_cache(maxsize=1)
def known_lists() -> tuple[KnownList, ...]:
    """Well-known list files and the class each gives, in order of precedence."""
    record = _record("known_lists.yml")
    found = []
    for item in record.take_records("lists"):
        found.append(KnownList(item.take_text("pattern"), item.take_choice("class", LISTED_CLASSES)))
        item.take_text("why")
        item.finish()
    record.finish()
    return tuple(found)


@lru_cache(maxsize=1)
def packages() -> tuple[Package, ...]:
    """The packages that can be fetched."""
    record = _record("packages.yml")
    found = []
    for item in record.take_records("packages"):
        names = ("name", "version", "integrity", "licence")
        name, version, integrity, licence = (item.take_text(key) for key in names)
        attribution = str(item.take_plain("attribution") or "")
        item.finish()
        found.append(Package(name, version, integrity, licence, attribution))
    record.finish()
    return tuple(found)


@lru_cache(maxsize=1)
def content_bytes() -> bytes:
    """The curated ranges as bytes, for the archive: what must be kept to repeat a lookup."""
    return b"\n".join((_CONTENT / name).read_bytes() for name in ("dprk_ranges.yml", "reserved.yml"))


def expiry_step(on: str) -> str:
    """The last expiry before a day, or empty: days with the same answer ask the same curated ranges."""
    return max((item.expires for item in dprk_ranges() if item.expires and item.expires < on), default="")


def dprk_range(ip: str, on: str = "") -> DprkRange | None:
    """The curated range that holds the address, the narrowest of several, with its source and caveat.

    ``on`` (YYYY-MM-DD) leaves out reports that have expired by then; empty means that none has.
    """
    try:
        address = ipaddress.ip_address(ip.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    holding = [item for item in dprk_ranges() if item.in_force(on) and address in ipaddress.ip_network(item.cidr)]
    return max(holding, key=lambda item: ipaddress.ip_network(item.cidr).prefixlen, default=None)
