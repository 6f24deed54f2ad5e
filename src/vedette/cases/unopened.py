"""Findings that open no case: who waits for a second, independent piece of evidence, so that nobody forgets them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vedette.base import Finding, Json, Strength
from vedette.cases import store as state
from vedette.cases.model import Case, OpeningRule, Weighing
from vedette.cases.open import Standing, bits_of, weigh
from vedette.cases.read import opening_rule
from vedette.findings import briefs, by_ids
from vedette.findings.model import StoredFinding
from vedette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Unopened:
    """An account that findings name and that stands in no case: its strongest finding, what it weighs, what it lacks."""

    account_id: str
    check: str
    strength: Strength
    summary: str
    since: str
    findings: tuple[str, ...]
    families: tuple[str, ...]
    bits: float
    lacks: str

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "account_id": self.account_id,
            "bits": self.bits,
            "lacks": self.lacks,
            "check": self.check,
            "strength": self.strength.value,
            "families": list(self.families),
            "findings": list(self.findings),
            "since": self.since,
            "summary": self.summary,
        }


def unopened(
    store: Store, *, checks: Collection[str] = (), limit: int | None = None, rule: OpeningRule | None = None
) -> tuple[list[Unopened], int]:
    """Accounts that wait, the weightiest first and then the longest, and how many there are beyond ``limit`` too.

    ``checks`` keeps accounts that one of these checks names. An account in a case, decided or not, does not wait; nor
    does one that only context names.
    """
    rule = rule or opening_rule()
    with store.database.reading() as connection:
        standing = Standing(briefs(connection), rule)
        inside = _settled(state.holding(connection, standing.accounts()))
    found: list[tuple[str, Weighing, str]] = []
    for account in standing.accounts():
        held = [item for item in standing.of((account,)) if item.strength is not Strength.CONTEXT]
        if account in inside or not held or (checks and not any(item.check in checks for item in held)):
            continue
        lead = max(held, key=lambda item: (item.check in checks, bits_of(item, rule), item.id))
        found.append((account, weigh(held, rule), lead.id))
    found.sort(key=lambda item: (-item[1].bits, item[0]))
    page = found[:limit]
    held_ids = {account: [item.id for item in standing.of((account,))] for account, _, _ in page}
    known = {item.finding.id: item for item in by_ids(store, {one for ids in held_ids.values() for one in ids})}
    told = [
        _told(account, weighing, known[lead].finding, [known[one] for one in held_ids[account]])
        for account, weighing, lead in page
    ]
    return told, len(found)


def _settled(cases: Collection[Case]) -> set[str]:
    return {account for case in cases for account in case.accounts}


def _told(account: str, weighing: Weighing, lead: Finding, held: Sequence[StoredFinding]) -> Unopened:
    return Unopened(
        account_id=account,
        check=lead.check,
        strength=lead.strength,
        summary=lead.summary,
        since=min(item.recorded_at for item in held),
        findings=tuple(item.finding.id for item in held),
        families=tuple(sorted({item.finding.family for item in held})),
        bits=weighing.bits,
        lacks=_lacks(weighing),
    )


def _lacks(weighing: Weighing) -> str:
    """What is missing for a case, in the words of the opening rule."""
    if weighing.qualifies:
        return "nothing: the next run opens a case"
    parts = []
    if weighing.independent < weighing.needed:
        more = weighing.needed - weighing.independent
        parts.append(f"{more} independent source{'s' if more > 1 else ''}")
    if weighing.bits < weighing.threshold:
        parts.append(f"{weighing.threshold - weighing.bits:.1f} bits")
    return " and ".join(parts)
