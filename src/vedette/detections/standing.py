"""The words of the rule book: in which mode a rule runs here, what was asked for, and who is excepted until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from vedette.base import Finding, Json, Strength, VedetteError, iso

#: An exception ends by itself; a longer one would be a hole in the net that nobody remembers.
LONGEST_EXCEPTION = timedelta(days=180)


class RuleBookError(VedetteError):
    """A change of the rule book that cannot be made."""


class Mode(StrEnum):
    """``live`` findings count; ``shadow`` ones are kept aside for the rule's author; ``retired`` rules do not run."""

    LIVE = "live"
    SHADOW = "shadow"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One rule's line in the book: the version whose findings count, beside it one in shadow, and a change that waits.

    ``live`` says whether findings count. Hashes name texts in the archive; an empty ``content_hash`` means the shipped ones,
    an empty ``shadow_hash`` that nothing runs in shadow. ``wanted_mode`` and ``request_id`` are set while a change waits for a
    second person.
    """

    rule_id: str
    live: bool
    version: int
    content_hash: str = ""
    shadow_version: int = 0
    shadow_hash: str = ""
    reason: str = ""
    changed_by: str = ""
    changed_at: str = ""
    wanted_mode: Mode | None = None
    wanted_version: int = 0
    wanted_hash: str = ""
    request_id: str = ""

    @property
    def mode(self) -> Mode:
        """The most that the rule does here."""
        if self.live:
            return Mode.LIVE
        return Mode.SHADOW if self.shadow_hash else Mode.RETIRED

    def settled(self) -> Standing:
        """The line without anything that waits."""
        return replace(self, wanted_mode=None, wanted_version=0, wanted_hash="", request_id="")

    def granted(self) -> Standing:
        """The line once what waits has been approved; a version that now counts no longer runs in shadow."""
        if self.wanted_mode is not Mode.LIVE:
            return replace(self, live=False).settled()
        made = replace(self, live=True, version=self.wanted_version, content_hash=self.wanted_hash)
        if self.shadow_hash == self.wanted_hash:
            made = replace(made, shadow_version=0, shadow_hash="")
        return made.settled()

    def as_json(self) -> dict[str, Json]:
        """The form shown and exported."""
        return {
            "id": self.rule_id,
            "mode": self.mode.value,
            "version": self.version if self.live else None,
            "origin": "workspace" if self.content_hash or not self.live else "shipped",
            "content_hash": self.content_hash,
            "shadow_version": self.shadow_version or None,
            "shadow_hash": self.shadow_hash,
            "reason": self.reason,
            "changed_by": self.changed_by,
            "changed_at": self.changed_at,
            "waits_for": None if self.wanted_mode is None else f"{self.wanted_mode.value} {self.wanted_version}",
            "request_id": self.request_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleException:
    """One account that a rule leaves alone until a day, with the reason and who answers for it."""

    id: str
    rule_id: str
    account_id: str
    reason: str
    owner: str
    created_at: datetime
    expires_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether it is in force."""
        return self.ended_at is None and self.created_at <= moment < self.expires_at

    def as_json(self, moment: datetime) -> dict[str, Json]:
        """The form shown and exported."""
        return {
            "exception_id": self.id,
            "rule": self.rule_id,
            "account_id": self.account_id,
            "reason": self.reason,
            "owner": self.owner,
            "created_at": iso(self.created_at),
            "expires_at": iso(self.expires_at),
            "ended_by": self.ended_by,
            "ended_at": None if self.ended_at is None else iso(self.ended_at),
            "in_force": self.holds(moment),
        }


def part(
    findings: Iterable[Finding], exceptions: Iterable[RuleException], moment: datetime
) -> tuple[list[Finding], list[Finding]]:
    """Findings that count, and those that an exception in force sets aside.

    Only a finding all of whose accounts are excepted is set aside; one that stops never is.
    """
    spared = {(item.rule_id, item.account_id) for item in exceptions if item.holds(moment)}
    kept: list[Finding] = []
    aside: list[Finding] = []
    for finding in findings:
        all_spared = finding.accounts and all((finding.check, account) in spared for account in finding.accounts)
        (aside if all_spared and finding.strength is not Strength.STOP else kept).append(finding)
    return kept, aside
