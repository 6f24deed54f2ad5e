"""Open indicators and typologies out of cases that a person found to be true: infrastructure and patterns, nothing of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from vedette import detections, policy
from vedette.audit import writing
from vedette.base import Clock, Principal, from_micros
from vedette.cases.model import Outcome
from vedette.cases.store import final_decisions
from vedette.findings import StoredFinding, by_ids
from vedette.sharing import values
from vedette.sharing.formats.stix21.words import made_id, type_of
from vedette.sharing.house import House
from vedette.sharing.model import Basis, Kind, Marking, Shared, ShareError, later, stamp
from vedette.sharing.patterns import fit
from vedette.sharing.store.lake import RENTED, Observed, infrastructure
from vedette.sharing.store.objects import Own, keep_objects, objects
from vedette.sharing.withdraw import recall_object
from vedette.store import Store

#: A user agent that fewer accounts share could point at one of them.
LEAST_ACCOUNTS = 3
_RULE = "own_indicator_expiry"
_TYPOLOGY_DAYS = 365


@dataclass(frozen=True, slots=True)
class Produced:
    """How many objects are new or renewed, how many were withdrawn with their case, and what was left out and why."""

    made: int
    withdrawn: int
    left_out: Mapping[str, int]


def produce(store: Store, principal: Principal, house: House, *, clock: Clock, marking: Marking) -> Produced:
    """Bring the open objects up to what confirmed cases tell. What was recalled stays recalled.

    An object whose case is no longer held true, after an appeal or a correction, is recalled everywhere.
    """
    left: Counter[str] = Counter()
    found = _confirmed(store)
    wanted = [*_typologies(found, left), *_infrastructure(store, found, left)]
    with writing(store, principal, "sharing.produce", clock=clock) as act:
        known = {own.item.id: own for own in objects(act.connection)}
        fresh = [made for made in (_made(one, house, clock, marking, known) for one in wanted) if made is not None]
        if fresh:
            act.fact("objects", len(fresh))
            keep_objects(act, fresh)
    standing = {f"case:{case}" for case, _ in found}
    moved = {own.item.id for own in fresh}
    over = [key for key, own in known.items() if key not in moved and _over(own, standing, clock)]
    for key in over:
        recall_object(store, principal, key, "The case behind it is no longer held true", clock=clock)
    return Produced(len(fresh), len(over), dict(left))


def _over(own: Own, standing: set[str], clock: Clock) -> bool:
    gone = own.source.startswith("case:") and own.source not in standing
    return gone and not own.item.recalled and not own.item.expired(stamp(clock.now()))


@dataclass(frozen=True, slots=True)
class _Wanted:
    kind: Kind
    value: str
    source: str
    title: str = ""
    description: str = ""
    family: str = ""
    citation: tuple[str, ...] = ()
    days: int = 0


def _confirmed(store: Store) -> list[tuple[str, StoredFinding]]:
    """(case, finding) of every standing decision that found a case true."""
    with store.database.reading() as connection:
        made = [item for item in final_decisions(connection) if item.outcome is Outcome.TRUE]
    return [(item.case_id, finding) for item in made for finding in by_ids(store, item.findings)]


def _typologies(found: Iterable[tuple[str, StoredFinding]], left: Counter[str]) -> list[_Wanted]:
    """What the shipped rules behind the findings look for: their public texts, never a finding's own sentence."""
    rules = {rule.id: rule for rule in detections.rules()}
    wanted: dict[str, _Wanted] = {}
    for case, stored in found:
        rule = rules.get(stored.finding.check)
        if rule is None:
            left["checks that are no shipped rule"] += 1
            continue
        text = f"{_plain(rule.caption)}\n\nWhat it does not see: {_plain(rule.blind_spots)}"
        source = f"case:{case}"
        wanted[rule.id] = _Wanted(
            Kind.TYPOLOGY, rule.id, source, rule.title, text, rule.family, rule.citation, _TYPOLOGY_DAYS
        )
    return list(wanted.values())


def _plain(text: str) -> str:
    return " ".join(text.split())


def _infrastructure(store: Store, found: Iterable[tuple[str, StoredFinding]], left: Counter[str]) -> list[_Wanted]:
    cases: dict[str, str] = {}
    for case, stored in found:
        cases |= {item.ref: case for item in stored.finding.evidence if item.kind == "event"}
    if not cases:
        return []
    addresses, agents = infrastructure(store, sorted(cases))
    wanted = [_fit(Kind.ADDRESS, one, f"case:{cases[one.event]}", _infra(one.note), left) for one in addresses]
    for one in agents:
        if one.accounts < LEAST_ACCOUNTS:
            left["user agents of fewer than three accounts"] += 1
            continue
        wanted.append(_fit(Kind.USER_AGENT, one, f"case:{cases[one.event]}", "Client mark", left))
    return [one for one in wanted if one is not None]


def _infra(note: str) -> str:
    rented = note in RENTED
    return f"Rented infrastructure ({note})" if rented else "Address in the range that the DPRK uses at present"


def _fit(kind: Kind, one: Observed, source: str, title: str, left: Counter[str]) -> _Wanted | None:
    try:
        text = values.value(kind, one.value)
    except values.Unfit as fault:
        left[str(fault)] += 1
        return None
    seen = from_micros(one.last_us).date().isoformat()
    days = int(policy.rule(_RULE).number or 90)
    return _Wanted(
        kind, text, source, title, f"Last seen on {seen} in a case that a person confirmed.", "network", (), days
    )


def _made(one: _Wanted, house: House, clock: Clock, marking: Marking, known: Mapping[str, Own]) -> Own | None:
    """The object, or nothing where it stands as it should already, or was recalled."""
    now = clock.now()
    item = new(house, one.kind, one.value, clock=clock, marking=marking, days=one.days, title=one.title)
    item = replace(
        item,
        description=one.description,
        basis=Basis.CONFIRMED_CASE,
        family=one.family,
        citation=one.citation,
        refs=(house.id,) if one.kind is Kind.TYPOLOGY else (),
    )
    before = known.get(item.id)
    if before is None:
        return Own(item, one.source)
    held = before.item
    if held.recalled or (before.source == one.source and held.valid_until > stamp(now + timedelta(days=one.days / 2))):
        return None
    return Own(renewed(held, item), one.source)


def renewed(held: Shared, item: Shared) -> Shared:
    """A new version of an object whose validity is moved on."""
    return replace(
        item, created=held.created, valid_from=held.valid_from, modified=max(item.modified, later(held.modified))
    )


def new(
    house: House,
    kind: Kind,
    text: str,
    *,
    clock: Clock,
    marking: Marking,
    days: int,
    title: str = "",
    description: str = "",
) -> Shared:
    """An open object of this house that ends after some days. The same kind and value is always the same object."""
    now = clock.now()
    moment = stamp(now)
    if not 1 <= days <= 3_650:
        raise ShareError("nothing is shared without an end", remedy="Give 1 to 3650 days")
    return Shared(
        id=made_id(type_of(kind), house.public, kind.value, text),
        kind=kind,
        value=text,
        title=title,
        description=description,
        created=moment,
        modified=moment,
        valid_from=moment,
        valid_until=stamp(now + timedelta(days=days)),
        marking=marking,
        origin_id=house.id,
    )


def add(
    store: Store,
    principal: Principal,
    house: House,
    given: Iterable[tuple[Kind, str]],
    *,
    clock: Clock,
    marking: Marking = Marking.AMBER,
    days: int = 90,
    description: str = "",
    basis: Basis = Basis.ANALYST,
) -> list[Shared]:
    """Enter indicators by hand, each in its one spelling. Raises ShareError for what is personal or no such value."""
    made: dict[str, Shared] = {}
    for kind, text in given:
        try:
            spelt = fit(kind, text)
            told = values.clean(description)
        except values.Unfit as fault:
            raise ShareError(
                str(fault), remedy="Share infrastructure and patterns; persons go through tier C"
            ) from None
        item = new(house, kind, spelt, clock=clock, marking=marking, days=days, description=told)
        made[item.id] = replace(item, basis=basis)
    with writing(store, principal, "sharing.add", clock=clock) as act:
        known = {own.item.id: own.item for own in objects(act.connection, sorted(made))}
        fresh: list[Any] = [renewed(known[key], item) if key in known else item for key, item in made.items()]
        act.fact("objects", len(fresh))
        keep_objects(act, [Own(item, str(principal)) for item in fresh])
    return fresh
