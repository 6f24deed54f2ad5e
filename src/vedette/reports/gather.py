"""Reads everything that a report is made from, once; whoever asks for customer data is named in the log first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vedette import accounts, audit, cases, watchlists
from vedette.audit import writing
from vedette.base import Clock, Json, Party, Principal, iso
from vedette.cases import store as case_store
from vedette.cases.appeal import redress
from vedette.findings import FindingState, by_ids, standing
from vedette.reports import store as state
from vedette.reports.model import Held, Material, Report, ReportError, Row, Scope
from vedette.store import Store

HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report about which subject: a case or account id, or nothing for the whole house; ``entered`` by hand."""

    report: Report
    subject: str
    language: str
    entered: Mapping[str, Held]


def gather(store: Store, principal: Principal, wish: Wish, *, home: str, clock: Clock) -> Material:
    """The material of a wish. Writes a leaf that says whose data were opened before they are. Raises ReportError."""
    made: dict[str, Any] = {"made_at": iso(clock.now().replace(microsecond=0)), "home": home, "entered": wish.entered}
    if wish.report.scope is Scope.HOUSE:
        return Material(subject=HOUSE, house=_house(store, clock), **made)
    if wish.report.scope is Scope.ACCOUNT:
        return _account(store, principal, wish.subject, clock, made)
    return _case(store, principal, wish.subject, clock, made)


def _case(store: Store, principal: Principal, reference: str, clock: Clock, made: dict[str, Any]) -> Material:
    case = cases.find(store, reference)
    told = cases.explain(store, case.case_id, clock=clock)
    customers = cases.revealed(
        store, principal, case.case_id, lambda account: accounts.reveal(store, account) or {}, clock=clock
    )
    decision: Mapping[str, Any] = next(
        (item for item in told["decisions"] if item["decision_id"] == case.decision_id), {}
    )
    inside, seen = set(case.accounts), state.observed(store, case.accounts)
    return Material(
        subject=case.case_id,
        accounts=case.accounts,
        case={name: told[name] for name in ("case_id", "summary", "opened_at", "version", "status", "priority")},
        findings=tuple(item.as_json() for item in by_ids(store, case.findings)),
        decision=decision,
        reason=str(decision.get("reason", "")),
        customers=customers,
        clocks=tuple(row for row in _clocks(store, clock.now()) if row["case_id"] == case.case_id),
        freezes=tuple(row.as_json() for row in cases.frozen(store) if row.account_id in inside),
        history=tuple(told["history"]),
        addresses=seen["addresses"],
        devices=seen["devices"],
        payments=seen["payments"],
        machines=seen["machines"],
        compute=_compute(store, clock, inside),
        redress=redress().as_json(),
        **made,
    )


def _clocks(store: Store, now: datetime) -> list[dict[str, Json]]:
    return [item.row(now) for item in cases.clocks(store, everything=True)]


def _account(store: Store, principal: Principal, account: str, clock: Clock, made: dict[str, Any]) -> Material:
    with writing(store, principal, "reports.reveal", clock=clock) as act:
        act.fact("account", account)
    held = accounts.reveal(store, account)
    if held is None:
        raise ReportError(f"no account {account!r} is held", remedy="Check the id, or ingest the account")
    found = standing(store, account=account)
    return Material(
        subject=account,
        accounts=(account,),
        findings=tuple(item.as_json() for item in found),
        customers={account: held},
        screened=_screened(store, account, held),
        **made,
    )


def _screened(store: Store, account: str, held: Mapping[str, Any]) -> Row:
    """The account and its declared owners against every list in force, now."""
    from vedette import screening

    index = screening.open_index(store)
    owners = accounts.owners_of(store, account)
    parties = [accounts.party_of(account, held), *(owner.party for owner in owners)]
    named = [party for party in parties if party.names or party.identifiers]
    calls: Counter[str] = Counter()
    nearest: list[dict[str, Json]] = []
    for number, matches in enumerate(screening.screen(named, against=index)):
        for match in matches[:3]:
            calls[match.call.value] += 1
            nearest.append(_near("account" if number == 0 else f"owner {number}", match))
    sizes = {item.list_id: item.entries for item in watchlists.current(store)}
    return {
        "lists": [
            {"list": item.list_id, "version": item.version, "entries": sizes.get(item.list_id, "")}
            for item in index.editions
        ],
        "compared": sorted({kind for party in named for kind in _compared(party)}),
        "parties": len(named),
        "waiting": sum(calls[word] for word in ("hold", "review", "ask")),
        "nearest": sorted(nearest, key=lambda row: -float(str(row["score"])))[:10],
    }


def _near(party: str, match: Any) -> dict[str, Json]:
    return {
        "party": party,
        "list": f"{match.list}@{match.list_version}",
        "entity_id": match.entity_id,
        "score": round(match.score, 2),
        "why": f"{match.level.value}; calls for: {match.call.value}",
    }


def _compared(party: Party) -> list[str]:
    kinds = [("names", party.names), ("birth dates", party.birth_dates), ("countries", party.countries)]
    kinds += [("addresses", party.addresses), ("websites", party.websites)]
    return [word for word, values in kinds if values] + [item.kind for item in party.identifiers]


def _compute(store: Store, clock: Clock, inside: set[str]) -> tuple[Row, ...]:
    """The compute of some accounts, and of the actors they belong to; nothing where no telemetry is held."""
    from vedette import workloads
    from vedette.workloads.model import Scope as Whose

    book = workloads.book(store, clock)
    lines = workloads.lines(store, book, [Whose.ACTOR, Whose.ACCOUNT])
    return tuple(line.as_json() for line in lines if inside.intersection(line.accounts))


def _house(store: Store, clock: Clock) -> Row:
    """Figures of the whole house; each is counted, and none names a customer."""
    from vedette import linking
    from vedette.cases.quality import quality

    measured: Any = quality(store, now=clock.now()).as_json()
    every = cases.list_cases(store, now=clock.now())
    terms = cases.clocks(store, everything=True)
    checked = audit.verify(store)
    rules = _rules()
    certified = _certification(store, clock, rules)
    return {
        "certification": certified,
        "customers": accounts.count(store),
        "rules_by_family": rules,
        "lists": {item.list_id: item.version for item in watchlists.current(store)},
        "findings_standing": _standing(store),
        "cases_by_status": dict(sorted(Counter(case.status.value for case in every).items())),
        "waiting_by_age": measured["load"]["ages"],
        "decisions_by_outcome": _outcomes(store),
        "load": {key: value for key, value in measured["load"].items() if key != "ages" and value is not None},
        "agreement": {"reviewed twice": measured["agreement"]["reviewed_twice"]},
        "samples": {"weeks drawn": len(measured["samples"])},
        "terms": dict(sorted(Counter(_term(item.row(clock.now())) for item in terms).items())),
        "actors": len(linking.actors(store)),
        "resellers": certified["resellers"],
        "audit": {"leaves": checked.leaves, "faults": len(checked.problems)},
    }


def _certification(store: Store, clock: Clock, rules: Mapping[str, int]) -> dict[str, Any]:
    from vedette.accounts import figures, verified
    from vedette.accounts.store.verified import resellers
    from vedette.accounts.verification import timers

    return figures.certification(
        verified.records(store), resellers(store), at=clock.now(), timing=timers(), resources=rules
    )


def _rules() -> dict[str, int]:
    from vedette import detections

    return dict(sorted(Counter(rule.family for rule in detections.rules()).items()))


def _standing(store: Store) -> int:
    from vedette.findings import since

    return sum(item.state is FindingState.STANDING for item in since(store, 0))


def _outcomes(store: Store) -> dict[str, int]:
    with store.database.reading() as connection:
        made = case_store.final_decisions(connection)
    return dict(sorted(Counter(item.outcome.value for item in made).items()))


def _term(row: Mapping[str, Json]) -> str:
    return "overdue" if row["overdue"] else str(row["state"])
