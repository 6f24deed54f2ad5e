"""How well it goes: precision of every check from decisions, agreement between reviewers, time, queue against capacity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from vedette.base import Json, parse_time
from vedette.cases import store as state
from vedette.cases.model import UNDECIDED, Case, Decision, Outcome
from vedette.cases.sample import Missed, missed
from vedette.cases.statistics import Share, alpha, kappa
from vedette.findings import by_ids
from vedette.store import Store

_DAYS = 28
_AGES = ((1, "a day"), (3, "three days"), (7, "a week"), (30, "a month"))
_DETERMINED = (Outcome.TRUE, Outcome.USEFUL, Outcome.FALSE)


@dataclass(frozen=True, slots=True)
class Precision:
    """How the cases in which a check stood were decided; ``true`` is the share of what was sought among the determined."""

    check: str
    outcomes: Mapping[str, int]

    @property
    def true(self) -> Share:
        """True among determined outcomes; undetermined ones say nothing."""
        return Share(self.outcomes.get("true", 0), sum(self.outcomes.get(item.value, 0) for item in _DETERMINED))

    def as_json(self) -> dict[str, Json]:
        """The form shown, with the share of true and useful together beside it."""
        worth = Share(self.outcomes.get("true", 0) + self.outcomes.get("useful", 0), self.true.of)
        return {
            "check": self.check,
            "precision": self.true.as_json(),
            "worth_looking": worth.as_json(),
            "outcomes": {item.value: self.outcomes.get(item.value, 0) for item in Outcome},
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far second opinions agree with decisions: kappa over pairs, alpha over all opinions, and the plain share."""

    reviewed_twice: int
    kappa: float | None
    alpha: float | None
    agreed: Share

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {
            "reviewed_twice": self.reviewed_twice,
            "cohen_kappa": None if self.kappa is None else round(self.kappa, 4),
            "krippendorff_alpha": None if self.alpha is None else round(self.alpha, 4),
            "agreed": self.agreed.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Load:
    """The queue against what people can do. ``days_to_clear`` is None while more comes in than goes out."""

    waiting: int
    ages: Mapping[str, int]
    oldest_days: float | None
    opened_a_day: float
    decided_a_day: float
    minutes_median: float | None
    minutes_known: int

    @property
    def days_to_clear(self) -> float | None:
        """How long the queue would take at the present pace."""
        gain = self.decided_a_day - self.opened_a_day
        return round(self.waiting / gain, 1) if gain > 0 else None

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {
            "waiting": self.waiting,
            "ages": dict(self.ages),
            "oldest_days": self.oldest_days,
            "opened_a_day": round(self.opened_a_day, 2),
            "decided_a_day": round(self.decided_a_day, 2),
            "days_to_clear": self.days_to_clear,
            "minutes_a_case_median": self.minutes_median,
            "minutes_known_of_cases": self.minutes_known,
        }


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything measured, from decisions that stand."""

    checks: tuple[Precision, ...]
    agreement: Agreement
    load: Load
    samples: tuple[Missed, ...]

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {
            "checks": [item.as_json() for item in self.checks],
            "agreement": self.agreement.as_json(),
            "load": self.load.as_json(),
            "samples": [item.as_json() for item in self.samples],
            "caveat": "Precision is among cases that opened and were decided; the samples say what never opened.",
        }


def quality(store: Store, *, now: datetime) -> Quality:
    """Measure from everything that is held now."""
    with store.database.reading() as connection:
        decided = state.final_decisions(connection)
        second = state.second_reviews(connection)
        told = state.events_of(connection, ("opened", "claimed", "decided"))
        drawn = [missed(item, state.sample_items(connection, item.week)) for item in state.samples(connection)]
    checks = {item.finding.id: item.finding.check for item in by_ids(store, {f for d in decided for f in d.findings})}
    first = {item.decision_id: item.outcome.value for item in decided}
    opinions = [(item.decision_id, item.outcome.value) for item in second if item.decision_id in first]
    return Quality(
        tuple(precision(decided, checks)),
        agreement(first, opinions),
        load(state.list_cases(store, UNDECIDED, now=now), told, now),
        tuple(drawn),
    )


def precision(decided: Iterable[Decision], checks: Mapping[str, str]) -> list[Precision]:
    """Outcomes by check, each case counted once a check; ``checks`` names the check behind every finding."""
    counted: dict[str, Counter[str]] = {}
    for made in decided:
        for check in {checks[finding] for finding in made.findings if finding in checks}:
            counted.setdefault(check, Counter())[made.outcome.value] += 1
    return [Precision(check, dict(counted[check])) for check in sorted(counted)]


def agreement(first: Mapping[str, str], second: Sequence[tuple[str, str]]) -> Agreement:
    """Agreement of decisions with the opinions that others gave about them."""
    pairs = [(first[decision], opinion) for decision, opinion in second]
    units: dict[str, list[str]] = {}
    for decision, opinion in second:
        units.setdefault(decision, [first[decision]]).append(opinion)
    agreed = Share(sum(left == right for left, right in pairs), len(pairs))
    return Agreement(len(units), kappa(pairs), alpha(list(units.values())), agreed)


def load(waiting: Sequence[Case], told: Iterable[tuple[str, str, str, str]], now: datetime) -> Load:
    """The queue now, what came in and went out in the last four weeks, and minutes from claim to decision."""
    since = now - timedelta(days=_DAYS)
    opened = decided = 0
    minutes = []
    claimed: dict[str, tuple[str, datetime]] = {}
    for case_id, time, who, verb in told:
        moment = parse_time(time)
        opened += verb == "opened" and moment >= since
        decided += verb == "decided" and moment >= since
        if verb == "claimed" and claimed.get(case_id, ("", moment))[0] != who:
            claimed[case_id] = (who, moment)
        elif verb == "decided" and case_id in claimed:
            person, start = claimed.pop(case_id)
            if person == who:
                minutes.append((moment - start) / timedelta(minutes=1))
    ages = [(now - case.opened_at) / timedelta(days=1) for case in waiting]
    return Load(
        len(waiting),
        {f"within {word}": sum(age <= days for age in ages) for days, word in _AGES},
        round(max(ages), 1) if ages else None,
        opened / _DAYS,
        decided / _DAYS,
        round(median(minutes), 1) if minutes else None,
        len(minutes),
    )
