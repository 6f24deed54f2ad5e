"""The words of address references: kinds of list, classes of use, rows as read and lists as compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vedette.base import VedetteError
from vedette.events.references.addresses import Addresses


class RangeListError(VedetteError):
    """A range list that cannot be read, holds nothing, or would expand beyond its limits."""


class Kind(StrEnum):
    """What a list tells: a country, an AS number with its holder, a class of ranges, or a class of AS numbers."""

    COUNTRY = "country"
    ASN = "asn"
    CLASS = "class"
    ASN_CLASS = "asn_class"


class IpClass(StrEnum):
    """How an address is used, most telling first: where lists disagree the earlier class wins."""

    PRIVATE = "private"
    CGNAT = "cgnat"
    TOR = "tor"
    RELAY = "relay"
    VPN = "vpn"
    EDUCATION = "education"
    MOBILE = "mobile"
    RESIDENTIAL = "residential"
    BUSINESS = "business"
    HOSTING = "hosting"
    UNLISTED = "unlisted"
    UNKNOWN = "unknown"


#: Classes that a list may give; the last two are answers, not claims.
LISTED_CLASSES = frozenset(IpClass) - {IpClass.UNLISTED, IpClass.UNKNOWN}


@dataclass(slots=True)
class RangeRows:
    """Rows of one list as read: inclusive first and last address as text, and a label. Numbers for AS lists."""

    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def add(self, start: str, end: str, label: str) -> None:
        """One more range."""
        self.starts.append(start)
        self.ends.append(end)
        self.labels.append(label)


@dataclass(frozen=True, slots=True)
class ReadList:
    """One list found in a file, before compilation. ``version`` is what the publisher calls it, or empty.

    ``expires`` is the last day (ISO) on which its ranges count, as the file says, or empty.
    """

    name: str
    kind: Kind
    rows: RangeRows
    version: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Segments:
    """Disjoint sorted ranges of one family: inclusive ends, index of the label, width of the range it came from."""

    starts: Addresses
    ends: Addresses
    labels: NDArray[np.int32]
    widths: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A list as disjoint segments per family, with its distinct labels. ``rows`` counts the ranges read."""

    kind: Kind
    labels: tuple[str, ...]
    v4: Segments
    v6: Segments
    rows: int
    refused: int


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """One version of one list in this workspace. ``expires`` is a day (ISO) or empty."""

    name: str
    kind: Kind
    content_hash: str
    version: str
    rows: int
    loaded_us: int
    expires: str
    file: str
    attribution: str

    def in_force(self, on: str) -> bool:
        """Whether the list may still be believed on that day (YYYY-MM-DD)."""
        return not self.expires or on <= self.expires
