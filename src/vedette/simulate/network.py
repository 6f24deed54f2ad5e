"""Invented address space: every country gets blocks of 240.0.0.0/4 (reserved) and of 2001:db8::/32 (documentation).

The only real range is 175.45.176.0/22, which the planted leaks need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from random import Random

from vedette.simulate.places import places

_BASE = 240 << 24
_COUNTRY = 1 << 20
_SLICE = 1 << 16
_BASE_6 = int(IPv6Address("2001:db8::"))
_SLICE_6 = 1 << 80
_FIRST_ASN = 4_200_000_000
_KP_FIRST = int(IPv4Address("175.45.176.0"))

CLASSES = ("residential", "mobile", "business", "hosting", "vpn", "tor", "cgnat", "education")
_SLICES = {
    "residential": ((0, 3, "Hearth Broadband"), (3, 5, "Lantern Fibre")),
    "mobile": ((5, 7, "Swallow Mobile"),),
    "cgnat": ((7, 8, "Swallow Mobile gateway"),),
    "business": ((8, 11, "Keystone Business"),),
    "hosting": ((11, 13, "Rackmoor Hosting"),),
    "vpn": ((13, 14, "Harborlight VPN"),),
    "education": ((14, 15, "Campus Net"),),
    "tor": ((15, 16, "Onion Volunteers"),),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One row of the reference file: a range of addresses with what is said of it."""

    start: str
    end: str
    country: str
    asn: int
    as_name: str
    klass: str


class Network:
    """Draws addresses. An address is drawn once only, so that sharing one is always planted or meant."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._taken: set[int] = set()
        self._number = {each.country: number for number, each in enumerate(places())}

    def address(self, country: str, klass: str) -> str:
        """A fresh IPv4 address of that country and class."""
        base = _BASE + self._number[country] * _COUNTRY
        first, _, _ = _SLICES[klass][0]
        _, last, _ = _SLICES[klass][-1]
        while True:
            value = base + self._random.randrange(first * _SLICE, last * _SLICE)
            if value not in self._taken and value & 0xFF not in (0, 255):
                self._taken.add(value)
                return str(IPv4Address(value))

    def neighbours(self, country: str, klass: str, count: int) -> tuple[str, ...]:
        """Addresses of one /24 of that country and class."""
        first = int(IPv4Address(self.address(country, klass))) & ~0xFF
        hosts = self._random.sample(range(1, 255), count)
        return tuple(str(IPv4Address(first + host)) for host in hosts)

    def address_6(self, country: str, klass: str) -> str:
        """A fresh IPv6 address of that country and class."""
        block = _BASE_6 + (self._number[country] * len(CLASSES) + CLASSES.index(klass)) * _SLICE_6
        return str(IPv6Address(block + self._random.getrandbits(72)))

    def leak(self) -> str:
        """An address in the one true range of the DPRK."""
        return str(IPv4Address(_KP_FIRST + self._random.randrange(1, 1023)))


def references() -> Iterator[Reference]:
    """Every range of the invented space, IPv4 then IPv6, and the true range of the DPRK."""
    yield Reference("175.45.176.0", "175.45.179.255", "KP", 131_279, "DPRK national range (true)", "business")
    for number, each in enumerate(places()):
        for klass, parts in _SLICES.items():
            for first, last, name in parts:
                start = _BASE + number * _COUNTRY + first * _SLICE
                end = _BASE + number * _COUNTRY + last * _SLICE - 1
                yield _reference(str(IPv4Address(start)), str(IPv4Address(end)), each.country, first, name, klass)
    for number, each in enumerate(places()):
        for slot, klass in enumerate(CLASSES):
            begin = _BASE_6 + (number * len(CLASSES) + slot) * _SLICE_6
            name = _SLICES[klass][0][2]
            end_6 = str(IPv6Address(begin + _SLICE_6 - 1))
            yield _reference(str(IPv6Address(begin)), end_6, each.country, _SLICES[klass][0][0], name, klass)


def _reference(start: str, end: str, country: str, slot: int, name: str, klass: str) -> Reference:
    number = 0 if klass in ("vpn", "tor") else 1 + [each.country for each in places()].index(country)
    return Reference(start, end, country, _FIRST_ASN + number * 16 + slot, f"{name} {country} (invented)", klass)
