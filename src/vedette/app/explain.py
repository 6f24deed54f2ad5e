"""Explains any id that Vedette prints: what it is, what it rests on, what it cannot see, what to look at next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vedette.base import Json, VedetteError, from_micros
from vedette.doors import Session

if TYPE_CHECKING:
    from vedette.watchlists import ListVersion


class UnknownId(VedetteError):
    """Nothing bears that id."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing explained: a heading, facts by name, and longer parts."""

    kind: str
    identity: str
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[tuple[str, Sequence[str]]] = ()

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "kind": self.kind,
            "id": self.identity,
            "title": self.title,
            "facts": dict(self.facts),
            "parts": [{"heading": heading, "lines": list(lines)} for heading, lines in self.parts],
        }

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"{self.kind.capitalize()} {self.identity}"
        yield self.title
        for name, value in self.facts.items():
            if value not in (None, "", [], {}):
                yield f"  {name.replace('_', ' ')}: {_plain(value)}"
        for heading, lines in self.parts:
            if lines:
                yield f"\n{heading}"
                yield from (f"  {line}" for line in lines)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return str(value)


def explain(session: Session, identity: str) -> Explanation:
    """Find out what bears the id and explain it. Raises UnknownId."""
    for look in _LOOKS:
        found = look(session, identity)
        if found is not None:
            return found
    raise UnknownId(
        f"nothing is called {identity!r}",
        remedy="Give the id of a finding (fnd_...), case, account, event, rule or check (family/name), policy, "
        "requirement (such as OFAC-02), list or list entry",
    )


def _rule(_session: Session, identity: str) -> Explanation | None:
    from vedette import detections

    for rule in detections.rules():
        if rule.id == identity:
            facts = {
                "version": rule.version,
                "strength": rule.strength.value,
                "family": rule.family,
                "cites": list(rule.citation),
                "reads": list(rule.reads),
                "needs": [str(need) for need in rule.needs],
                "weight": f"at most {rule.weight.cap:g} bits ({rule.weight.basis.value})",
            }
            parts = [
                ("Why it deserves a look", [rule.why]),
                ("What it cannot see", [rule.blind_spots]),
                ("An honest customer who trips it", [rule.honest_customer, rule.false_positives]),
                ("Look next at", [rule.next_step]),
                ("Fairness", [rule.fairness]),
            ]
            return Explanation("rule", rule.id, rule.title, facts, parts)
    return None


def _policy(session: Session, identity: str) -> Explanation | None:
    from vedette import policy

    today = session.clock.now().date()
    for rule in policy.rules():
        if rule.id == identity:
            facts = {
                "status": rule.status.value,
                "today": policy.state(rule, today).value,
                "from": rule.effective_from,
                "to": rule.effective_to,
                "number": f"{rule.number:g} {rule.unit}" if rule.number is not None else None,
                "homes": list(rule.homes),
                "cites": list(rule.citation),
                "source": f"{rule.source} ({rule.source_address}, checked {rule.checked_on})",
            }
            facts = {name: None if value is None else _plain(value) for name, value in facts.items()}
            notice = policy.notice(rule, today)
            return Explanation(
                "policy", rule.id, rule.title, facts, [("What it asks", [rule.effect]), ("Note", [notice])]
            )
    return None


def _finding(session: Session, identity: str) -> Explanation | None:
    from vedette import findings

    stored = findings.get(session.store, identity) if identity.startswith("fnd_") else None
    if stored is None:
        return None
    finding = stored.finding
    rule = _rule(session, finding.check)
    facts = {
        "check": f"{finding.check} version {finding.version}",
        "subject": str(finding.subject),
        "accounts": list(finding.accounts),
        "family": finding.family,
        "strength": finding.strength.value,
        "bits": finding.bits,
        "seen": f"{finding.count} times, {finding.first_seen:%Y-%m-%d %H:%M} to {finding.last_seen:%Y-%m-%d %H:%M} UTC",
        "state": stored.state.value,
        "cites": list(finding.citation),
    }
    parts = [
        ("Evidence", [_evidence(item.as_json()) for item in finding.evidence]),
        ("What it cannot see", [finding.blind_spots]),
        *(rule.parts if rule is not None else ()),
    ]
    return Explanation("finding", identity, finding.summary, facts, parts)


def _evidence(item: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in item.items() if name not in ("kind", "ref", "fields")}
    fields = [f"{f['field']} {f['outcome']}" for f in item.get("fields", ()) if isinstance(f, Mapping)]
    return f"{item['kind']} {item['ref']}: {_plain(rest)}{'; ' if fields else ''}{'; '.join(fields)}"


def _case(session: Session, identity: str) -> Explanation | None:
    from vedette import cases

    try:
        case = cases.find(session.store, identity)
    except cases.CaseError:
        return None
    shown = cases.explain(session.store, case.case_id, clock=session.clock, next_steps=_next_step)
    facts = {name: shown[name] for name in ("status", "priority", "opened_at", "accounts", "families", "hold_expires")}
    evidence = [f"{item['id']} {item['strength']}: {item['summary']}" for item in shown["evidence"]]
    parts = [
        ("Why it is open", shown["why"]),
        ("Evidence", evidence),
        ("What it cannot see", shown["blind_spots"]),
        ("Look next at", [_plain(item) for item in shown["look_next"]]),
        ("What would close it", shown["would_close"]),
        ("What if", [_plain(item) for item in shown["what_if"]]),
    ]
    return Explanation("case", case.case_id, case.summary, facts, parts)


def _next_step(check: str) -> str | None:
    """A rule's own advice to the reviewer, where the check is a rule."""
    from vedette import detections

    return next((rule.next_step for rule in detections.rules() if rule.id == check), None)


def _account(session: Session, identity: str) -> Explanation | None:
    from vedette import accounts, cases, findings

    held = accounts.get(session.store, identity)
    if held is None:
        return None
    standing = findings.standing(session.store, account=identity)
    case = cases.of_account(session.store, identity)
    facts = _told(held, leave=("row_hash", "ordinal", "received_us", "extra"))
    parts = [
        ("Findings", [f"{item.finding.id} {item.finding.strength.value}: {item.finding.summary}" for item in standing]),
        ("Case", [f"{case.case_id} ({case.status.value})"] if case is not None else []),
        ("Personal data", ["is sealed; `vedette cases show CASE --reveal` opens it and leaves a trace in the log"]),
    ]
    title = f"{len(standing)} standing findings" if standing else "No standing findings; that is not the same as clean"
    return Explanation("account", identity, title, facts, parts)


def _told(row: Mapping[str, Any], *, leave: Sequence[str] = ()) -> dict[str, Any]:
    """A row of the lake for people: sealed columns left out, times written as times."""
    held = {name: value for name, value in row.items() if not name.endswith("_token") and name not in leave}
    return {
        (f"{name.removesuffix('_us')}_at".replace("_at_at", "_at") if name.endswith("_us") else name): (
            from_micros(value).isoformat().replace("+00:00", "Z")
            if name.endswith("_us") and value is not None
            else value
        )
        for name, value in held.items()
    }


_CHECKS = {
    "workload/threshold": "An owner's or actor's expected operations passed a threshold, or will within the notice that a text gives",
    "workload/structuring": "Jobs of two accounts begin, end or take over together, move together, or send each other data",
    "workload/purpose": "What was run is not what the declared purpose leads one to expect",
    "workload/telemetry": "Telemetry contradicts itself or the card that it names",
    "screening/list_match": "A customer or owner bears a name or number of a list entry; how much else agrees decides the strength",
    "screening/listed_wallet": "A payment used a wallet that a list holds to the letter",
    "screening/ownership": "Owners who are or may be listed together reach, or may reach, the limit in force",
    "screening/ownership_unknown": "An owner who is or may be listed holds a share that nobody has stated",
}


def _check(session: Session, identity: str) -> Explanation | None:
    """A check that is no rule: a part of the DPRK check as it stands in its file, or one of screening or of workloads."""
    from vedette import accounts, findings

    room, _, name = identity.partition("/")
    held = accounts.presence.checks().get(name) if room == accounts.presence.FAMILY else None
    if held is None and identity not in _CHECKS:
        return None
    standing = [item.finding for item in findings.standing(session.store, check=identity)]
    facts = {
        "strength": held.strength.value if held else None,
        "looks at": list(held.fields) if held else None,
        "cites": sorted({row for finding in standing for row in finding.citation} | {*(held.citation if held else ())}),
        "standing findings": len(standing),
    }
    blind = sorted({finding.blind_spots for finding in standing} | ({held.blind_spots} if held else set()))
    title = held.summary if held else _CHECKS[identity]
    return Explanation("check", identity, title, facts, [("What it cannot see", blind)])


def _requirement(session: Session, identity: str) -> Explanation | None:
    """What here rests on a requirement, such as OFAC-02: policies, rules and parts of the DPRK check."""
    from vedette import accounts, detections, policy

    policies = [f"{rule.id}: {rule.title}" for rule in policy.rules() if identity in rule.citation]
    rules = [f"{rule.id}: {rule.title}" for rule in detections.rules() if identity in rule.citation]
    family, held = accounts.presence.FAMILY, accounts.presence.checks().values()
    checks = [f"{family}/{check.id}: {check.summary}" for check in held if identity in check.citation]
    if not (policies or rules or checks or identity in _cited_by_findings(session)):
        return None
    facts = {"policies": len(policies), "rules": len(rules), "checks": len(checks)}
    title = "A row of the catalogue of legal and tradecraft requirements, by which what rests on it cites it"
    return Explanation(
        "requirement", identity, title, facts, [("Policies", policies), ("Rules", rules), ("Checks", checks)]
    )


def _cited_by_findings(session: Session) -> set[str]:
    """Requirements that a list's own declaration cites reach findings without a policy or rule."""
    from vedette import findings

    return {row for item in findings.standing(session.store) for row in item.finding.citation}


def _event(session: Session, identity: str) -> Explanation | None:
    """One row of the lake: a sign-in, payment or log event, without what is sealed."""
    from vedette.app import store as state

    found = state.event(session.store, identity)
    if found is None:
        return None
    table, row = found
    told = {
        name: value for name, value in _told(row, leave=("row_hash", "raw", "extra")).items() if value not in (None, "")
    }
    return Explanation("event", identity, f"A row of {table}; names of people are sealed", told)


def _list(session: Session, identity: str) -> Explanation | None:
    """A list, or an entry: by its own id in the lists in force, or as evidence names it, LIST@VERSION#ENTRY."""
    from vedette import watchlists

    label, _, evidence = identity.partition("#")
    for item in watchlists.versions(session.store) if evidence else ():
        if f"{item.list_id}@{item.version}" == label:
            return _entry(session, item, evidence)
    for item in watchlists.current(session.store):
        if item.list_id == identity:
            facts = {
                "version": item.version,
                "entries": item.entries,
                "of them DPRK": item.dprk,
                "loaded": item.loaded_at,
            }
            return Explanation("list", identity, item.obligation, facts)
        entry = _entry(session, item, identity)
        if entry is not None:
            return entry
    return None


def _entry(session: Session, item: ListVersion, entity_id: str) -> Explanation | None:
    from vedette import watchlists

    entry = next((row for row in watchlists.entries(session.store, item) if row.entity_id == entity_id), None)
    if entry is None:
        return None
    facts = {
        "list": f"{item.list_id} version {item.version}",
        "names": [name.text for name in entry.party.names],
        "birth dates": list(entry.party.birth_dates),
        "countries": list(entry.party.countries),
        "programmes": list(entry.programmes),
    }
    return Explanation("list entry", entity_id, item.obligation, facts, [("Remarks", [entry.remarks])])


_LOOKS: tuple[Callable[[Session, str], Explanation | None], ...] = (
    _rule,
    _check,
    _policy,
    _requirement,
    _finding,
    _account,
    _case,
    _list,
    _event,
)
