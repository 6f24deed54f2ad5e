"""Measures a workspace's cases against known truth: recall by kind, burden on honest customers, days to a case."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from vedette.base import Json, Place, VedetteError, parse_time

_REQUIRED = ("account_id", "planted")
_TRUE = {"true", "1", "yes"}


class TruthError(VedetteError):
    """The file of truth cannot be used."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one account. ``kind`` is set for planted ones, ``group`` for honest ones."""

    account_id: str
    planted: bool
    actor_id: str = ""
    kind: str = ""
    group: str = ""
    first_evidence_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """What the measurement needs of a case: its accounts, and when its evidence first sufficed."""

    case_id: str
    accounts: tuple[str, ...]
    supported_since: datetime | None


@dataclass(slots=True)
class KindResult:
    """One planted kind: accounts and actors, and how many of them a case names."""

    kind: str
    accounts: int = 0
    accounts_in_case: int = 0
    actors: int = 0
    actors_in_case: int = 0
    days: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "kind": self.kind,
            "actors": self.actors,
            "actors_found": self.actors_in_case,
            "recall_actors": _share(self.actors_in_case, self.actors),
            "accounts": self.accounts,
            "accounts_found": self.accounts_in_case,
            "recall_accounts": _share(self.accounts_in_case, self.accounts),
            "median_days_to_case": round(median(self.days), 1) if self.days else None,
        }


@dataclass(slots=True)
class Evaluation:
    """The whole measurement."""

    kinds: list[KindResult]
    groups: list[dict[str, Json]]
    cases: int
    honest_cases: int
    honest_accounts: int
    days: float
    missed: list[str]

    @property
    def honest_cases_per_10000_per_30_days(self) -> float:
        """Cases that name no planted account, per 10,000 honest accounts and 30 days."""
        if not self.honest_accounts or not self.days:
            return 0.0
        return self.honest_cases / self.honest_accounts * 10_000 * 30 / self.days

    @property
    def recall(self) -> float:
        """Share of planted actors with a case."""
        return _share(sum(k.actors_in_case for k in self.kinds), sum(k.actors for k in self.kinds))

    def as_json(self) -> dict[str, Json]:
        """The summary row."""
        return {
            "recall_actors": round(self.recall, 4),
            "cases": self.cases,
            "honest_cases": self.honest_cases,
            "precision_cases": _share(self.cases - self.honest_cases, self.cases),
            "honest_cases_per_10000_per_30_days": round(self.honest_cases_per_10000_per_30_days, 2),
            "days": round(self.days, 1),
            "missed_accounts": len(self.missed),
        }


def read_truth(path: Path) -> tuple[Truth, ...]:
    """Read CSV (gzip allowed) with account_id, planted and, where known, actor_id, kind, group, first_evidence_at."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as fault:
        raise TruthError(f"cannot be read: {fault}", place=Place(str(path))) from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in _REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise TruthError(f"lacks the columns {', '.join(missing)}", place=Place(str(path), 1))
    return tuple(_truth(row, Place(str(path), number)) for number, row in enumerate(reader, start=2))


def _truth(row: Mapping[str, str | None], place: Place) -> Truth:
    values = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    moment = values.get("first_evidence_at")
    try:
        first = parse_time(moment) if moment else None
    except ValueError as fault:
        raise TruthError(str(fault), place=place) from None
    return Truth(
        account_id=values["account_id"],
        planted=values["planted"].lower() in _TRUE,
        actor_id=values.get("actor_id", "") or values["account_id"],
        kind=values.get("kind", ""),
        group=values.get("group", ""),
        first_evidence_at=first,
    )


def measure(truth: Sequence[Truth], cases: Sequence[JudgedCase], days: float) -> Evaluation:
    """Compare cases with truth. An account that truth does not name counts as honest."""
    planted = {item.account_id: item for item in truth if item.planted}
    in_case = {account for case in cases for account in case.accounts}
    since: dict[str, datetime] = {}
    for case in cases:
        for account in case.accounts:
            if case.supported_since and (account not in since or case.supported_since < since[account]):
                since[account] = case.supported_since
    honest_cases = [case for case in cases if not any(account in planted for account in case.accounts)]
    honest = [item for item in truth if not item.planted]
    return Evaluation(
        kinds=_by_kind(planted.values(), in_case, since),
        groups=_by_group(honest, in_case),
        cases=len(cases),
        honest_cases=len(honest_cases),
        honest_accounts=len(honest),
        days=days,
        missed=sorted(account for account in planted if account not in in_case),
    )


def _by_kind(planted: Iterable[Truth], in_case: set[str], since: Mapping[str, datetime]) -> list[KindResult]:
    actors: dict[tuple[str, str], list[Truth]] = defaultdict(list)
    for item in planted:
        actors[(item.kind, item.actor_id)].append(item)
    results: dict[str, KindResult] = {}
    for (kind, _), members in sorted(actors.items()):
        result = results.setdefault(kind, KindResult(kind))
        found = [item for item in members if item.account_id in in_case]
        result.accounts += len(members)
        result.accounts_in_case += len(found)
        result.actors += 1
        result.actors_in_case += bool(found)
        result.days.extend(_days_to_case(members, since))
    return list(results.values())


def _days_to_case(members: Sequence[Truth], since: Mapping[str, datetime]) -> list[float]:
    begun = [item.first_evidence_at for item in members if item.first_evidence_at]
    judged = [since[item.account_id] for item in members if item.account_id in since]
    if not begun or not judged:
        return []
    return [max(0.0, (min(judged) - min(begun)).total_seconds() / 86_400)]


def _by_group(honest: Sequence[Truth], in_case: set[str]) -> list[dict[str, Json]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item in honest:
        counts[item.group or "ordinary"][0] += 1
        counts[item.group or "ordinary"][1] += item.account_id in in_case
    return [
        {"group": group, "accounts": total, "in_a_case": hit, "case_rate": _share(hit, total)}
        for group, (total, hit) in sorted(counts.items())
    ]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
