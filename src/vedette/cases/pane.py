"""What the console shows of cases: rows of the queue and the tabs of one case, as values that templates only place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from vedette import linking
from vedette.base import Clock, Principal, parse_time
from vedette.cases import store as state
from vedette.cases.explain import explain
from vedette.cases.model import ACTIONS_OF_FALSE, UNDECIDED, Action, Case, CaseStatus, Outcome
from vedette.cases.read import reasons, timers
from vedette.cases.view import WAITING, View
from vedette.doors.pages.catalogue import word
from vedette.linking.elements import elements
from vedette.store import Store

#: The reasons that the digits 1 to 9 open, in the order of how often they end a case.
DIGITS = (
    "namesake",
    "shared_premises",
    "agency_or_reseller",
    "travel_or_move",
    "expected_behaviour",
    "stale_or_wrong_data",
    "suspicious_unproven",
    "one_hand_many_accounts",
    "listed_party",
)
MOST_NODES = 150
_AGES = (
    (word("less than a day"), 1.0),
    (word("one to three days"), 3.0),
    (word("three to seven days"), 7.0),
    (word("one to four weeks"), 28.0),
    (word("longer"), float("inf")),
)
__all__ = ["DIGITS", "MOST_NODES", "WAITING", "ages", "case_values", "choices", "drawn", "hits", "left_words", "line"]
__all__ += ["lines", "mine", "spoken", "ties"]
_ACCOUNTS_SHOWN, _MOST_LOOKED_AT = 3, 50


def line(case: Case, assigned: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """One row of the queue."""
    return {
        "case_id": case.case_id,
        "version": case.version,
        "priority": case.priority,
        "status": case.status_at(now).value,
        "says": spoken(case.summary),
        "accounts": list(case.accounts[:_ACCOUNTS_SHOWN]),
        "more": max(0, len(case.accounts) - _ACCOUNTS_SHOWN),
        "families": list(case.families),
        "opened_at": case.opened_at,
        "hold_expires": case.hold_expires if case.human_required else None,
        "holder": (case.holder_at(now) or "").partition(":")[2],
        "assigned": assigned.get(case.case_id, ""),
        "escalated": case.escalations > 0,
        "unsupported": not case.supported,
    }


def lines(found: View, now: datetime) -> list[dict[str, Any]]:
    """The rows of a view."""
    return [line(case, found.assigned, now) for case in found.cases]


def spoken(summary: str) -> str:
    """A summary without the counts at its end, which a row shows in its own way."""
    head, bracket, _ = summary.rpartition(" [")
    return head if bracket else summary


def case_values(store: Store, case_id: str, tab: str, *, clock: Clock) -> dict[str, Any]:
    """Everything that the pane of one case needs for a tab. Raises CaseError."""
    told = explain(store, case_id, clock=clock)
    shown = state.get(store, case_id)
    told["actor_id"] = told["actor_id"] or _actor(store, shown.accounts)
    with store.database.reading() as connection:
        assigned = state.assignees(connection).get(case_id, "")
    tabs = _tabs(told)
    return {
        "case": told,
        "says": spoken(told["summary"]),
        "tab": tab if tab in tabs else "overview",
        "tabs": tabs,
        "assigned": assigned,
        "holder": (shown.holder_at(clock.now()) or "").partition(":")[2],
        "undecided": shown.status in UNDECIDED,
        "waits": shown.status is CaseStatus.WAITING_APPROVAL,
        "sources": _sources(told),
        "choices": choices(),
    }


def _actor(store: Store, accounts: Sequence[str]) -> str | None:
    """The actor that linking sees now behind all the accounts of a case, if it is one."""
    first = linking.actor_of(store, accounts[0]) if accounts else None
    held = [linking.actor_of(store, account) for account in accounts[:_MOST_LOOKED_AT]] if first else []
    return first if first and set(held) == {first} else None


def _tabs(told: Mapping[str, Any]) -> list[str]:
    listed = any(part["kind"] == "list_entry" for item in told["evidence"] for part in item["evidence"])
    joined = bool(told["actor_id"]) or len(told["accounts"]) > 1 or bool(told["neighbours"])
    return [
        "overview",
        "evidence",
        *(["screening"] if listed else []),
        *(["actor"] if joined else []),
        "activity",
        "notes",
        "audit",
    ]


def _sources(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each source's weight, and what would be left without it."""
    left = {item["without"]: item for item in told["what_if"]}
    return [{**item, "left": left[item["source"]]} for item in told["weighing"]["sources"]]


def choices() -> dict[str, Any]:
    """What the decision form offers: outcomes, reasons with their digit, actions with whether they harm."""
    digits = {code: number for number, code in enumerate(DIGITS, 1)}
    known = sorted(reasons().values(), key=lambda reason: digits.get(reason.code, 99))
    return {
        "outcomes": [item.value for item in Outcome],
        "actions": [{"id": item.value, "harms": item not in ACTIONS_OF_FALSE} for item in Action],
        "reasons": [
            {
                "code": reason.code,
                "text": reason.text,
                "digit": digits.get(reason.code),
                "outcomes": " ".join(item.value for item in Outcome if item in reason.outcomes),
            }
            for reason in known
        ],
        "snooze_days": [days for days in (1, 3, 7, 14, 30) if days <= timers().snooze_most_days],
        "undo_seconds": timers().undo_seconds,
    }


def hits(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List entries among the evidence, each with the comparison field by field."""
    found = []
    for item in told["evidence"]:
        for part in item["evidence"]:
            if part["kind"] == "list_entry" and "fields" in part:
                fields = [_field(one, part) for one in part["fields"]]
                found.append({**part, "fields": fields, "account": item["subject"]["id"], "finding": item["id"]})
    return found


def _field(one: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    given = part.get("listed_name", "") if one["field"] == "name" else one.get("listed", "")
    return {
        "field": one["field"],
        "outcome": one["outcome"],
        "customer": one.get("customer", "given"),
        "listed": given,
        "bits": one.get("bits"),
        "score": one.get("score"),
        "says": one.get("says", ""),
    }


def ties(store: Store, told: Mapping[str, Any]) -> dict[str, Any]:
    """Who is tied to whom: stored links between the case's accounts and their neighbours, and things that findings share."""
    links = {
        item.pair: item for account in told["accounts"][:_MOST_LOOKED_AT] for item in linking.links(store, account)
    }
    shared = [item for item in told["evidence"] if item["subject"]["kind"] != "account"]
    rows = sorted(links.values(), key=lambda item: (-item.bits, item.pair))
    return {
        "links": [_tie(item) for item in rows],
        "shared": [{**item["subject"], "accounts": item["accounts"], "says": item["summary"]} for item in shared],
        "graph": _graph(store, told, rows, shared),
    }


def _graph(
    store: Store, told: Mapping[str, Any], links: Sequence[linking.Link], shared: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The actor as linking draws it; where there is none, what findings and links say of the accounts."""
    if told["actor_id"]:
        try:
            return elements(linking.graph_json(store, told["actor_id"], MOST_NODES))
        except linking.PictureError:
            pass  # the actor has ended since the case was opened
    return drawn(told["accounts"], links, shared)


def _tie(link: linking.Link) -> dict[str, Any]:
    parts = [part.as_json() for part in sorted(link.parts, key=lambda part: -part.bits)]
    return {"left": link.left, "right": link.right, "bits": link.bits, "parts": parts}


def drawn(
    accounts: Sequence[str], links: Iterable[linking.Link], shared: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Nodes and edges for the drawing, at most MOST_NODES nodes; the tables hold the rest.

    A pair that a shared thing joins already gets no line of its own: a star reads better than a tangle.
    """
    nodes = {account: "account" for account in accounts[:MOST_NODES]}
    edges: list[tuple[str, str, str]] = []
    for item in shared:
        name = f"{item['subject']['kind']} {item['subject']['id']}"
        if _room(nodes, name, item["subject"]["kind"]):
            members = (account for account in item["accounts"] if _room(nodes, account, "account"))
            edges += ((account, name, "") for account in members)
    together = {frozenset(pair) for item in shared for pair in combinations(item["accounts"][:MOST_NODES], 2)}
    for link in links:
        if frozenset(link.pair) not in together and all(_room(nodes, account, "account") for account in link.pair):
            edges.append((link.left, link.right, f"{link.bits:.1f}"))
    made = [{"data": {"id": name, "label": _label(name), "kind": kind}} for name, kind in nodes.items()]
    lines = [{"data": {"source": left, "target": right, "label": text}} for left, right, text in dict.fromkeys(edges)]
    return [*made, *lines]


def _room(nodes: dict[str, str], name: str, kind: str) -> bool:
    if name not in nodes and len(nodes) >= MOST_NODES:
        return False
    nodes.setdefault(name, kind)
    return True


def _label(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:21]}…"


def left_words(store: Store, case_id: str) -> list[dict[str, Any]]:
    """What people wrote about a case, oldest first; a shredded note says so. Opens sealed texts: for those who may see them."""
    left: list[dict[str, Any]] = [
        {"at": item.made_at, "by": item.made_by, "text": item.text, "kind": "note"}
        for item in state.remarks(store, case_id)
    ]
    for made in state.decisions(store, case_id):
        row = made.as_json()
        text = state.note(store, made.decision_id)
        left.append({"at": row["decided_at"], "by": made.decided_by, "text": text, "kind": "decision"})
    return sorted(left, key=lambda item: str(item["at"]))


def mine(store: Store, principal: Principal, now: datetime) -> list[dict[str, Any]]:
    """The cases that somebody holds or is assigned, most urgent first."""
    with store.database.reading() as connection:
        assigned = state.assignees(connection)
        held = state.held_by(connection, str(principal), now)
        given = state.by_ids(connection, [case_id for case_id, who in assigned.items() if who == principal.id])
    found = {case.case_id: case for case in (*held, *given) if case.status in UNDECIDED}
    ordered = sorted(found.values(), key=lambda case: (-case.priority, case.opened_at))
    return [line(case, assigned, now) for case in ordered]


def ages(store: Store, now: datetime) -> list[dict[str, Any]]:
    """How many waiting cases are how old."""
    with store.database.reading() as connection:
        opened = state.opened_waiting(connection)
    counts = [0] * len(_AGES)
    for moment in opened:
        days = (now - parse_time(moment)).total_seconds() / 86400
        counts[next(at for at, (_, most) in enumerate(_AGES) if days < most)] += 1
    return [{"label": label, "count": count} for (label, _), count in zip(_AGES, counts, strict=True)]
