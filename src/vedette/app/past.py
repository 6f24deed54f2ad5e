"""Looks at a case's decisions again under their own day's rules, lists and policies, and says what differs now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vedette import approvals, cases, policy, watchlists
from vedette.base import Json, VedetteError, iso
from vedette.cases.model import Decision
from vedette.cases.open import weigh
from vedette.cases.read import content, read_opening
from vedette.cases.store import decisions
from vedette.findings import FindingBrief, FindingState, StoredFinding, by_ids
from vedette.store import Store
from vedette.store.archive import ArchiveError
from vedette.watchlists import ListError


@dataclass(frozen=True, slots=True)
class Look:
    """One thing a decision rested on: what it was, what it is now, and whether it can still be read as it was."""

    what: str
    then: str
    now: str
    readable: bool = True

    @property
    def state(self) -> str:
        """``same``, ``different`` or, where the day's own text or rows are gone, ``unreadable``."""
        if self.then == self.now:
            return "same"
        return "different" if self.readable else "unreadable"

    def as_json(self) -> dict[str, Json]:
        """The printed form."""
        return {"what": self.what, "state": self.state, "then": self.then, "now": self.now}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One decision and what became of everything it rested on. ``weighed`` is the evidence under that day's opening rule."""

    decision: Decision
    looks: tuple[Look, ...]
    weighed: str

    @property
    def result(self) -> str:
        """``same``, ``different``, or ``incomplete`` where something can no longer be read as it was."""
        states = {look.state for look in self.looks}
        if "unreadable" in states:
            return "incomplete"
        return "different" if "different" in states else "same"

    def as_json(self) -> dict[str, Json]:
        """The printed row: what is the same is counted, what is not is told."""
        made = self.decision
        return {
            "case_id": made.case_id,
            "decision_id": made.decision_id,
            "decided_at": iso(made.decided_at),
            "decided_by": made.decided_by,
            "outcome": made.outcome.value,
            "action": made.action.value,
            "state": made.state.value,
            "result": self.result,
            "weighed": self.weighed,
            "same": sum(look.state == "same" for look in self.looks),
            "differences": [look.as_json() for look in self.looks if look.state != "same"],
        }


def as_of_decision(store: Store, case_id: str, *, home: str, today: date) -> list[Past]:
    """Every decision of a case, oldest first, looked at again. Raises CaseError for an unknown case."""
    case = cases.get(store, case_id)
    return [_past(store, made, home, today) for made in decisions(store, case.case_id)]


def _past(store: Store, made: Decision, home: str, today: date) -> Past:
    found = {item.finding.id: item for item in by_ids(store, made.findings)}
    looks = [*_findings(made, found), *_versions(store, made, found, home, today)]
    return Past(decision=made, looks=tuple(looks), weighed=_weighed(store, made, found))


def _findings(made: Decision, found: Mapping[str, StoredFinding]) -> Iterator[Look]:
    """Each finding shown to the decider: as it stood, changed since, withdrawn, or no longer held."""
    moment = iso(made.decided_at)
    for identity in made.findings:
        item = found.get(identity)
        if item is None:
            yield Look(f"finding {identity}", "shown", "no longer held", readable=False)
        elif item.state is FindingState.WITHDRAWN:
            yield Look(f"finding {identity}", "shown", f"withdrawn {item.recorded_at}")
        elif item.recorded_at > moment:
            yield Look(f"finding {identity}", "shown", f"changed {item.recorded_at}")
        else:
            yield Look(f"finding {identity}", "shown", "shown")


def _versions(
    store: Store, made: Decision, found: Mapping[str, StoredFinding], home: str, today: date
) -> Iterator[Look]:
    lists = {item.list_id: item.version for item in watchlists.versions(store) if item.in_force}
    policies = policy.versions(home, today)
    checks = {item.finding.check: item.finding.version for item in found.values()}
    for name, value in sorted(made.versions.items()):
        room, _, rest = name.partition("/")
        then = str(value)
        if room == "list":
            yield Look(name, then, lists.get(rest, "no longer in force"), _list_readable(store, rest, then))
        elif room == "policy":
            yield Look(name, then, policies.get(rest, "no longer in force"), store.archive.begins(then) is not None)
        elif room == "check":
            yield Look(name, then, checks.get(rest, "no finding of it is held"))
        else:
            yield Look(name, then, _own(name), _archived(store, then))


def _own(name: str) -> str:
    text = approvals.policy().text if name == "approvals/actions.yml" else content(name.partition("/")[2])
    return hashlib.sha256(text.encode()).hexdigest()


def _archived(store: Store, content_hash: str) -> bool:
    try:
        store.archive.get(content_hash)
    except ArchiveError:
        return False
    return True


def _list_readable(store: Store, list_id: str, version: str) -> bool:
    item = next((row for row in watchlists.versions(store) if (row.list_id, row.version) == (list_id, version)), None)
    try:
        return item is not None and next(iter(watchlists.entries(store, item)), None) is not None
    except (ListError, ArchiveError):
        return False


def _weighed(store: Store, made: Decision, found: Mapping[str, StoredFinding]) -> str:
    """What the findings still held weigh together under the opening rule that the archive kept of that day."""
    try:
        rule = read_opening(
            store.archive.get(str(made.versions.get("cases/opening.yml"))).decode(), "cases/opening.yml"
        )
    except VedetteError as fault:
        return f"the opening rule of that day cannot be read: {fault.problem}"
    weighing = weigh([_brief(item) for item in found.values()], rule)
    verdict = "opens a case" if weighing.qualifies else "would not open a case"
    gone = len(made.findings) - len(found)
    missing = f"; {gone} of the findings shown are no longer held" if gone else ""
    return (
        f"{weighing.bits:g} bits from {weighing.independent} sources, {len(weighing.stops)} stops: {verdict}{missing}"
    )


def _brief(item: StoredFinding) -> FindingBrief:
    made = item.finding
    subject: Any = made.subject
    return FindingBrief(
        made.id, made.check, subject.kind, subject.id, made.accounts, made.family, made.strength, made.bits
    )
