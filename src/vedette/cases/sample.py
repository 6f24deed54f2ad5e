"""A weekly random sample of accounts without a case, judged blind: how much is missed, with an exact interval.

Nobody chooses who is drawn: the seed is the head of the audit log at the first draw of a week, and a week is drawn once.
Each account is ranked by a hash of seed and id; the lowest are the sample, so anybody can draw it again from the same ids.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from vedette.audit import writing
from vedette.audit.store import head_note
from vedette.base import Clock, Json, Principal, digest
from vedette.cases import store as state
from vedette.cases.arrange import open_by_hand
from vedette.cases.claim import require_person
from vedette.cases.model import CaseError, CaseStatus, Event, Outcome
from vedette.cases.statistics import Share
from vedette.cases.words import Sample, SampleItem, SecondReview
from vedette.store import Store

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MOST = 1_000


def week_of(day: date) -> str:
    """The ISO week of a day, such as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def chosen(seed: str, population: Collection[str], size: int) -> list[str]:
    """The accounts that a seed draws: those with the lowest hash of seed and id. The order of ``population`` is nothing."""
    return sorted(population, key=lambda account: digest(seed, account))[:size]


def draw(
    store: Store, principal: Principal, week: str, size: int, accounts: Collection[str], *, clock: Clock
) -> tuple[Sample, list[SampleItem]]:
    """Draw a week's sample among ``accounts`` that stand in no case. Raises CaseError for a week drawn already.

    The present and past weeks only: the seed of a week to come could be waited for.
    """
    _check(week, size, clock)
    require_person(principal)
    with writing(store, principal, "cases.sample.draw", clock=clock) as act:
        if any(item.week == week for item in state.samples(act.connection)):
            raise CaseError(f"the sample of {week} has been drawn", remedy="A week is drawn once, so nobody can choose")
        population = sorted(set(accounts) - state.in_cases(act.connection))
        if not population:
            raise CaseError("no account stands outside cases", remedy="Ingest accounts first")
        head = " ".join((head_note(act.connection) or "empty\n0\nempty").splitlines()[1:3])
        seed = digest("vedette weekly sample", week, head).hex()
        drawn = chosen(seed, population, size)
        made = Sample(
            week=week,
            seed=seed,
            log_head=head,
            population=len(population),
            size=len(drawn),
            population_hash=digest(*population).hex(),
            drawn_by=str(principal),
            drawn_at=act.moment,
        )
        items = [SampleItem(week=week, account_id=account, position=n) for n, account in enumerate(drawn, 1)]
        state.keep_sample(act, made, items)
        for name in ("week", "seed", "log_head", "population", "size", "population_hash"):
            act.fact(name, getattr(made, name))
    return made, items


def to_judge(store: Store, week: str) -> list[SampleItem]:
    """The accounts of a week that nobody has judged yet, in the order drawn."""
    with store.database.reading() as connection:
        return [item for item in state.sample_items(connection, week) if item.verdict is None]


def judge(
    store: Store, principal: Principal, week: str, account_id: str, verdict: Outcome, note: str, *, clock: Clock
) -> SampleItem:
    """Say what one sampled account is, once. What should have been found (true, useful) opens a case for people."""
    require_person(principal)
    if not note.strip() or len(note) > 20_000:
        raise CaseError("a verdict needs a note", remedy="Say in a sentence what you saw")
    with writing(store, principal, "cases.sample.judge", clock=clock) as act:
        known = {item.account_id: item for item in state.sample_items(act.connection, week)}
        if account_id not in known:
            raise CaseError(
                f"{account_id[:60]!r} is not in the sample of {week}", remedy="See `vedette cases sample next`"
            )
        if known[account_id].verdict is not None:
            raise CaseError("this account has been judged", remedy="A blind verdict is given once")
        item = replace(known[account_id], verdict=verdict, judged_by=str(principal), judged_at=act.moment)
        state.keep_judged(act, store, item, note.strip())
        act.fact("week", week)
        act.fact("position", item.position)
        act.fact("verdict", verdict.value)
        if verdict in (Outcome.TRUE, Outcome.USEFUL) and not state.holding(act.connection, [account_id]):
            opened = open_by_hand(act, store, account_id, clock)
            state.keep_remark(act, store, opened.case_id, note.strip())
            act.fact("case_id", opened.case_id)
    return item


def second_opinion(store: Store, principal: Principal, case_id: str, outcome: Outcome, *, clock: Clock) -> SecondReview:
    """Judge a decided case again without having decided it. Changes nothing; measures how far reviewers agree."""
    require_person(principal)
    with writing(store, principal, "cases.second_review", clock=clock) as act:
        case = state.known(act.connection, case_id)
        if case.decision_id is None or case.status not in (CaseStatus.DECIDED, CaseStatus.CLOSED):
            raise CaseError("only a decided case is reviewed again", remedy="See `vedette cases list --all`")
        made = state.decision(act.connection, case.decision_id)
        if made.decided_by.partition(":")[2].casefold() == principal.id.casefold():
            raise CaseError("one's own decision is no second opinion", remedy="Let another person review it")
        given = [item for item in state.second_reviews(act.connection) if item.decision_id == made.decision_id]
        if any(item.reviewer == principal.id.casefold() for item in given):
            raise CaseError("you have given your opinion", remedy="It counts once")
        review = SecondReview(
            decision_id=made.decision_id,
            case_id=case_id,
            reviewer=principal.id.casefold(),
            outcome=outcome,
            reviewed_at=act.moment,
        )
        state.keep_second_review(act, review)
        state.keep(act, case, [Event("reviewed again", {"decision": made.decision_id})])
        act.fact("case_id", case_id)
        act.fact("decision", made.decision_id)
    return review


@dataclass(frozen=True, slots=True)
class Missed:
    """What a week's sample says about the accounts without a case. Undetermined ones count as not missed, and are told."""

    week: str
    population: int
    judged: int
    waiting: int
    undetermined: int
    share: Share

    def as_json(self) -> dict[str, Json]:
        """The estimate: the share missed and, of the whole population, the number, each with its interval."""
        value = self.share.value
        return {
            "week": self.week,
            "population": self.population,
            "judged": self.judged,
            "waiting": self.waiting,
            "undetermined": self.undetermined,
            "missed": self.share.as_json(),
            "missed_accounts": None if value is None else round(value * self.population),
            "missed_accounts_low": round(self.share.low * self.population),
            "missed_accounts_high": round(self.share.high * self.population),
        }


def missed(made: Sample, items: Sequence[SampleItem]) -> Missed:
    """The estimate from one week's verdicts. Only verdicts ``true`` are misses; ``useful`` ones were not what is sought."""
    verdicts = [item.verdict for item in items if item.verdict is not None]
    hits = verdicts.count(Outcome.TRUE)
    return Missed(
        made.week,
        made.population,
        len(verdicts),
        len(items) - len(verdicts),
        verdicts.count(Outcome.UNDETERMINED),
        Share(hits, len(verdicts)),
    )


def _check(week: str, size: int, clock: Clock) -> None:
    match = _WEEK.fullmatch(week)
    if match is None or not 1 <= int(match[2]) <= 53 or int(match[1]) < 1:
        raise CaseError(f"{week[:20]!r} is no week", remedy="Write for example 2026-W48")
    try:
        first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise CaseError(f"{week} does not exist", remedy="Some years have 52 weeks") from None
    if first > clock.now().date():
        raise CaseError(f"{week} has not begun", remedy="Draw a week when it has come")
    if not 1 <= size <= _MOST:
        raise CaseError(f"a sample holds 1 to {_MOST} accounts", remedy="Thirty a week is a good start")
