"""A finding as it is kept: with its place in the order of changes and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Finding, Json, Strength, iso


class FindingState(StrEnum):
    """``standing``, or ``withdrawn`` when its own check, run again over all that is held, no longer finds it."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with its sequence number (grows with every change, the cursor of readers) and state."""

    finding: Finding
    seq: int
    state: FindingState
    recorded_at: str

    @property
    def brief(self) -> FindingBrief:
        """What weighing needs of it."""
        finding = self.finding
        subject = finding.subject
        return FindingBrief(
            finding.id,
            finding.check,
            subject.kind,
            subject.id,
            finding.accounts,
            finding.family,
            finding.strength,
            finding.bits,
        )

    def as_json(self) -> dict[str, Json]:
        """The output contract's form."""
        finding = self.finding
        return {
            "id": finding.id,
            "check": finding.check,
            "version": finding.version,
            "subject": {"kind": finding.subject.kind, "id": finding.subject.id},
            "accounts": list(finding.accounts),
            "family": finding.family,
            "strength": finding.strength.value,
            "bits": finding.bits,
            "summary": finding.summary,
            "evidence": [item.as_json() for item in finding.evidence],
            "citation": list(finding.citation),
            "blind_spots": finding.blind_spots,
            "first_seen": iso(finding.first_seen),
            "last_seen": iso(finding.last_seen),
            "count": finding.count,
            "state": self.state.value,
            "recorded_at": self.recorded_at,
            "seq": self.seq,
        }


@dataclass(frozen=True, slots=True)
class FindingBrief:
    """What weighing needs of a standing finding, without its evidence: a workspace's worth fits in memory."""

    id: str
    check: str
    subject_kind: str
    subject_id: str
    accounts: tuple[str, ...]
    family: str
    strength: Strength
    bits: float | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording changed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.withdrawn + other.withdrawn,
        )
