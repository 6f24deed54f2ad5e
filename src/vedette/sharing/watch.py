"""Watch items: accepted indicators looked for among sign-ins and calls; a meeting is a weak finding for people, never an act."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence

from vedette import findings
from vedette.audit import writing
from vedette.base import Clock, Evidence, Finding, Principal, Strength, Subject, from_micros, parse_time, to_micros
from vedette.findings import Recorded
from vedette.sharing.model import Inbound, Kind, State, stamp
from vedette.sharing.store.inbound import inbound
from vedette.sharing.store.lake import Met, Sought, addresses, met
from vedette.store import Store

CHECK = "sharing/watched_indicator"
_VERSION = "1"
_BLIND = "Only addresses, ranges and client marks are looked for; peers may be wrong, and addresses change hands."
_COLUMNS = {Kind.ADDRESS: "ip", Kind.USER_AGENT: "user_agent"}


def watched(store: Store, *, clock: Clock) -> list[Inbound]:
    """Items accepted and not expired."""
    now = stamp(clock.now())
    with store.database.reading() as connection:
        found = inbound(connection, state=State.ACCEPTED)
    return [one for one in found if one.state_at(now) is State.ACCEPTED]


def look(store: Store, principal: Principal, *, clock: Clock) -> Recorded:
    """Record who met a watched indicator while it was valid; findings of items no longer watched are withdrawn."""
    items = {one.id: one for one in watched(store, clock=clock)}
    seen = met(store, _sought(store, items.values())) if items else []
    made = [_finding(items[key], account, group) for (key, account), group in sorted(_grouped(seen).items())]
    with writing(store, principal, "sharing.watch", clock=clock) as act:
        total = findings.record(act, made)
        total += findings.settle(act, CHECK, {item.id for item in made})
    return total


def _grouped(seen: Iterable[Met]) -> dict[tuple[str, str], list[Met]]:
    found: dict[tuple[str, str], list[Met]] = {}
    for one in seen:
        found.setdefault((one.id, one.account), []).append(one)
    return found


def _sought(store: Store, items: Iterable[Inbound]) -> list[Sought]:
    given = list(items)
    plain = [_one(one, _COLUMNS[one.item.kind], one.item.value) for one in given if one.item.kind in _COLUMNS]
    ranges = [one for one in given if one.item.kind is Kind.RANGE]
    return [*plain, *_of_ranges(ranges, addresses(store))] if ranges else plain


def _of_ranges(ranges: Sequence[Inbound], held: Sequence[str]) -> list[Sought]:
    networks = [(one, ipaddress.ip_network(one.item.value)) for one in ranges]
    found = []
    for text in held:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        found += [_one(one, "ip", text) for one, network in networks if address in network]
    return found


def _one(one: Inbound, column: str, value: str) -> Sought:
    start, until = parse_time(one.item.valid_from), parse_time(one.item.valid_until)
    return Sought(one.id, column, value, to_micros(start), to_micros(until))


def _finding(one: Inbound, account: str, group: Sequence[Met]) -> Finding:
    item = one.item
    count = sum(each.count for each in group)
    values: Mapping[str, str] = {"kind": item.kind.value, "basis": item.basis.value, "until": item.valid_until}
    return Finding(
        check=CHECK,
        version=_VERSION,
        subject=Subject("account", account),
        accounts=(account,),
        family="shared",
        strength=Strength.WEAK,
        bits=None,
        summary=f"Use met an indicator ({item.kind.value}) that another house shared and a person here accepted, {count} times.",
        evidence=(
            Evidence("shared_indicator", one.id, dict(values)),
            *(Evidence("event", each.event, {}) for each in group[:5]),
        ),
        citation=("PR-09",),
        blind_spots=_BLIND,
        first_seen=from_micros(min(each.first_us for each in group)),
        last_seen=from_micros(max(each.last_us for each in group)),
        count=count,
        window=one.id,
    )
