"""The words of the room: an event as an adapter gives it, why a record was refused, and what came of reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from vedette.base import Json, VedetteError

if TYPE_CHECKING:
    from vedette.store.intake import Refusal

_MOST_REFUSED = 0.01


class RecordFault(VedetteError):
    """One record of a log that cannot become an event: not JSON, without a time, or of another shape."""


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing somebody did, as an adapter reads it. OCSF paths are in ``tables.OCSF_PATHS``.

    ``act`` is a word of the vocabulary (``authentication.logon``) or ``other``. ``time_us`` is microseconds since 1970 in
    UTC. ``event_id`` may be None where the product gives none: the store then derives one from the content.
    ``outcome`` is success, failure or None. ``principal_email`` is stored as a token only.
    """

    time_us: int
    act: str
    operation: str
    event_id: str | None = None
    service: str | None = None
    outcome: str | None = None
    outcome_code: str | None = None
    principal_id: str | None = None
    principal_name: str | None = None
    principal_type: str | None = None
    principal_issuer: str | None = None
    principal_email: str | None = None
    session_id: str | None = None
    mfa: bool | None = None
    invoked_by: str | None = None
    target_id: str | None = None
    target_name: str | None = None
    tenant_id: str | None = None
    region: str | None = None
    ip: str | None = None
    source_name: str | None = None
    user_agent: str | None = None
    resource: str | None = None
    resource_type: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What came of reading one table or one product's logs: read = stored + duplicates + refused_count.

    ``known`` and ``other`` split what was stored by whether its kind is in the vocabulary; ``others`` counts raw names of
    the latter. ``ignored`` counts by reason records that are no such thing (refunds among payments); they are not in ``read``. ``unmapped`` counts stored events by principal where it belongs to no known account. ``refused`` holds the
    first thousand refusals; ``faults`` one sentence per file that was refused whole.
    """

    adapter: str
    read: int = 0
    stored: int = 0
    known: int = 0
    other: int = 0
    duplicates: int = 0
    refused_count: int = 0
    refused: tuple[Refusal, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    unmapped: Mapping[str, int] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.read != self.stored + self.duplicates + self.refused_count or self.stored != self.known + self.other:
            raise ValueError(f"{self.adapter}: the counts of an intake do not add up")

    def failed(self, most_refused: float = _MOST_REFUSED) -> bool:
        """Whether a file was refused whole, or more than this share of rows."""
        return bool(self.faults) or self.refused_count > most_refused * max(self.read, 1)

    def as_json(self) -> dict[str, Json]:
        """The row of the output contract."""
        return {
            "adapter": self.adapter,
            "read": self.read,
            "stored": self.stored,
            "known": self.known,
            "other": self.other,
            "duplicates": self.duplicates,
            "refused": [item.as_json() for item in self.refused],
            "refused_count": self.refused_count,
            "others": dict(self.others),
            "unmapped": dict(self.unmapped),
            "ignored": dict(self.ignored),
            "faults": list(self.faults),
            "notes": list(self.notes),
        }
