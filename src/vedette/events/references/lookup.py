"""What all lists in force say of many addresses at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vedette.events.references.addresses import Parsed, parse
from vedette.events.references.builtin import dprk_compiled, dprk_ranges, reserved
from vedette.events.references.compile import find, find_numbers, texts
from vedette.events.references.model import Compiled, IpClass, Kind

_CLASSES = tuple(item.value for item in IpClass)
_RANK = {name: number for number, name in enumerate(_CLASSES)}
_UNLISTED, _UNKNOWN = _RANK[IpClass.UNLISTED], _RANK[IpClass.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Found:
    """Answers in the order of the question. Country, number, holder and DPRK status are None where nothing is known.

    ``ip_class`` is ``unlisted`` where lists are loaded and none names the address, ``unknown`` where no list of classes
    is loaded or the text is no address. ``dprk`` is current, historic, or registry_only (only the country list says so).
    """

    country: NDArray[np.object_]
    asn: NDArray[np.object_]
    as_org: NDArray[np.object_]
    ip_class: NDArray[np.object_]
    dprk: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Lookup:
    """All lists of a workspace that are in force on one day. Later lists in ``lists`` win between equal ranges."""

    version: str
    day: str
    lists: tuple[Compiled, ...] = field(default=())

    def of(self, kind: Kind) -> tuple[Compiled, ...]:
        """The lists of one kind, oldest first."""
        return tuple(item for item in self.lists if item.kind is kind)

    def find(self, ips: Sequence[str | None]) -> Found:
        """Answer for each text. Meant for distinct texts: about a million in two seconds."""
        parsed = parse(ips)
        count = len(ips)
        special = _ranked(reserved(), parsed, count)
        nowhere = special < _UNLISTED
        asn, as_org = self._asn(parsed, count)
        classes = self._classes(parsed, count, asn, special)
        country = _narrowest(self.of(Kind.COUNTRY), parsed, count)
        asn[nowhere] = -1
        as_org[nowhere] = None
        country[nowhere] = None
        numbers = asn.astype(object)
        numbers[asn <= 0] = None
        return Found(country, numbers, as_org, classes, self._dprk(parsed, count, country))

    def _asn(self, parsed: Parsed, count: int) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        numbers = np.full(count, -1, np.int64)
        holders = np.full(count, None, dtype=object)
        widths = np.full(count, np.inf)
        for compiled in self.of(Kind.ASN):
            labels, found = find(compiled, parsed, count)
            better = (labels >= 0) & (found <= widths)
            split = [label.partition("\t") for label in compiled.labels]
            table = np.array([int(number) for number, _, _ in split], np.int64)
            numbers[better] = table[labels[better]]
            holders[better] = texts([holder or None for _, _, holder in split], labels[better])
            widths = np.where(better, found, widths)
        return numbers, holders

    def _classes(
        self, parsed: Parsed, count: int, asn: NDArray[np.int64], best: NDArray[np.int64]
    ) -> NDArray[np.object_]:
        ranges, systems = self.of(Kind.CLASS), self.of(Kind.ASN_CLASS)
        for compiled in ranges:
            best = np.minimum(best, _ranked(compiled, parsed, count))
        for compiled in systems:
            ranks = np.array([*(_RANK[label] for label in compiled.labels), _UNLISTED])
            by_system = ranks[find_numbers(compiled, asn)]
            best = np.where(best == _UNLISTED, by_system, best)
        blank = _UNLISTED if ranges or systems else _UNKNOWN
        best = np.where(best == _UNLISTED, blank, best)
        best[~_is_address(parsed, count)] = _UNKNOWN
        return np.array(_CLASSES, dtype=object)[best]

    def _dprk(self, parsed: Parsed, count: int, country: NDArray[np.object_]) -> NDArray[np.object_]:
        found = np.full(count, None, dtype=object)
        found[country == "KP"] = "registry_only"
        compiled = dprk_compiled(self.day)
        if compiled is not None:
            labels, _ = find(compiled, parsed, count)
            status = [dprk_ranges()[int(label)].status for label in compiled.labels]
            hit = labels >= 0
            found[hit] = texts(status, labels[hit])
        return found


def _ranked(compiled: Compiled, parsed: Parsed, count: int) -> NDArray[np.int64]:
    """The rank of the class that a list gives each address; ``unlisted`` where none."""
    ranks = np.array([*(_RANK[label] for label in compiled.labels), _UNLISTED])
    labels, _ = find(compiled, parsed, count)
    found: NDArray[np.int64] = ranks[labels]
    return found


def _narrowest(lists: Sequence[Compiled], parsed: Parsed, count: int) -> NDArray[np.object_]:
    answer = np.full(count, None, dtype=object)
    widths = np.full(count, np.inf)
    for compiled in lists:
        labels, found = find(compiled, parsed, count)
        better = (labels >= 0) & (found <= widths)
        answer[better] = texts(compiled.labels, labels[better])
        widths = np.where(better, found, widths)
    return answer


def _is_address(parsed: Parsed, count: int) -> NDArray[np.bool_]:
    found = np.zeros(count, np.bool_)
    found[parsed.v4_at] = True
    found[parsed.v6_at] = True
    return found
