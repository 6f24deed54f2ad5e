"""The words every room shares: who acts, what is spoken of, what was found and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vedette.base.ids import Json, stable_id


class PrincipalKind(StrEnum):
    """The kinds of actor that may write."""

    PERSON = "person"
    KEY = "key"
    JOB = "job"
    COMMAND_LINE = "command_line"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. Every write of state names one."""

    kind: PrincipalKind
    id: str

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ValueError("a principal needs an id")

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding, a case or an audit leaf is about, such as account "a-17" or device "d-3"."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Strength(StrEnum):
    """How much a finding weighs. ``stop`` means "hold for a person now", never a refusal by itself."""

    STOP = "stop"
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    CONTEXT = "context"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(Strength).index(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a reader can check: its kind, a reference into the lake, a list or a file, and the compared values.

    ``kind`` is for example ``event``, ``list_entry``, ``field`` or ``reference``. ``values`` never holds direct personal
    identifiers in the clear: tokens, country codes, times and counts only.
    """

    kind: str
    ref: str
    values: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The form used in files and on the wire."""
        return {"kind": self.kind, "ref": self.ref, **self.values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found about a subject in a window, explained. Stored once; the same finding folds in.

    ``bits`` is the measured weight (log2 of how much likelier the observation is for the sought behaviour), or None.
    ``window`` tells recurrences apart that must not fold; empty means "one finding per check and subject".
    """

    check: str
    version: str
    subject: Subject
    accounts: tuple[str, ...]
    family: str
    strength: Strength
    bits: float | None
    summary: str
    evidence: tuple[Evidence, ...]
    citation: tuple[str, ...]
    blind_spots: str
    first_seen: datetime
    last_seen: datetime
    count: int = 1
    window: str = ""

    def __post_init__(self) -> None:
        if self.first_seen.tzinfo is None or self.last_seen.tzinfo is None:
            raise ValueError("a finding's times need a zone")
        if self.last_seen < self.first_seen:
            raise ValueError("a finding cannot end before it begins")
        if self.count < 1:
            raise ValueError("a finding counts at least one observation")
        if not self.blind_spots.strip():
            raise ValueError(f"{self.check} tells no blind spot")

    @property
    def id(self) -> str:
        """Stable over re-runs: hash of check, subject and window."""
        return stable_id("fnd", self.check, self.subject.kind, self.subject.id, self.window)
