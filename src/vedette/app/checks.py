"""The sign-up checks: each looks at one customer and says what it found, or why it could not look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

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


@runtime_checkable
class BulkCheck(Protocol):
    """A check that is much cheaper for many customers at once; it answers each as ``look`` would."""

    def look_all(self, customers: Sequence[Customer], moment: datetime) -> Sequence[CheckResult]:
        """Examine customers, one answer each, in order."""
        ...


def look_at_all(check: Check, customers: Sequence[Customer], moment: datetime) -> Sequence[CheckResult]:
    """One check's answers for many customers, in order."""
    if isinstance(check, BulkCheck):
        return check.look_all(customers, moment)
    return [check.look(customer, moment) for customer in customers]
