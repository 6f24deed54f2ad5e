"""The words of this room: what came of reading an export file, and an owner as screening wants one."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.base import Json, Party, VedetteError
from vedette.store.intake import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of one export file: read = stored + duplicates + refused_count.

    ``refused`` holds the first thousand refusals. ``fault`` says why a file was refused whole; then nothing was read.
    """

    adapter: str
    file: str
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    refused_count: int = 0
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    fault: VedetteError | None = None

    @property
    def known(self) -> int:
        """Every stored row is of a known kind here."""
        return self.stored

    @property
    def other(self) -> int:
        """Rows of unknown kind: none here."""
        return 0

    def as_json(self) -> dict[str, Json]:
        """The contract of ``vedette ingest``."""
        return {
            "adapter": self.adapter,
            "file": self.file,
            "read": self.read,
            "stored": self.stored,
            "known": self.known,
            "other": self.other,
            "duplicates": self.duplicates,
            "refused": [refusal.as_json() for refusal in self.refused],
            "refused_count": self.refused_count,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerParty:
    """An owner of an account: who it is, and what it holds. ``parent_owner_id`` is empty for a direct owner.

    Shares are percent, None where not stated.
    """

    account_id: str
    owner_id: str
    parent_owner_id: str
    share_min: float | None
    share_max: float | None
    control: str
    party: Party
