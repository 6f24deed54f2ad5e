"""The sign-up checks: each looks at one customer and says what it found, or why it could not look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from vedette.base import Finding


@dataclass(frozen=True, slots=True)
class Customer:
    """A prospective customer as handed in: fields of DESIGN section 4 ``accounts.*``, and its declared owners.

    Fields that DESIGN does not name stand in the mapping ``extra``. ``never_stored`` names columns that were handed in
    and dropped at once, because they must not be judged (EXC-01).
    """

    query_id: str
    fields: Mapping[str, Any]
    owners: tuple[Mapping[str, Any], ...] = ()
    never_stored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check says. ``missing`` explains why it could not look; then its findings count for nothing."""

    findings: tuple[Finding, ...] = ()
    missing: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


class Check(Protocol):
    """One question asked of every customer. Later rooms (linking, past decisions, blind matches) add theirs."""

    @property
    def name(self) -> str:
        """The check's name, as answers give it."""
        ...

    def look(self, customer: Customer, moment: datetime) -> CheckResult:
        """Examine one customer."""
        ...
