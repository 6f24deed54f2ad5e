"""Explains any id that Vedette prints: what it is, what it rests on, what it cannot see, what to look at next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vedette.base import Json, VedetteError
from vedette.doors import Session


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
        remedy="Give the id of a finding (fnd_...), case, account, rule (family/name), policy, list or list entry",
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
    facts = {
        name: value
        for name, value in held.items()
        if not name.endswith("_token") and name not in ("row_hash", "ordinal", "received_us", "extra")
    }
    parts = [
        ("Findings", [f"{item.finding.id} {item.finding.strength.value}: {item.finding.summary}" for item in standing]),
        ("Case", [f"{case.case_id} ({case.status.value})"] if case is not None else []),
        ("Personal data", ["is sealed; `vedette cases show CASE --reveal` opens it and leaves a trace in the log"]),
    ]
    title = f"{len(standing)} standing findings" if standing else "No standing findings; that is not the same as clean"
    return Explanation("account", identity, title, facts, parts)


def _list(session: Session, identity: str) -> Explanation | None:
    from vedette import watchlists

    for item in watchlists.current(session.store):
        if item.list_id == identity:
            facts = {
                "version": item.version,
                "entries": item.entries,
                "of them DPRK": item.dprk,
                "loaded": item.loaded_at,
            }
            return Explanation("list", identity, item.obligation, facts)
        entry = next((row for row in watchlists.entries(session.store, item) if row.entity_id == identity), None)
        if entry is not None:
            facts = {
                "list": f"{item.list_id} version {item.version}",
                "names": [name.text for name in entry.party.names],
                "birth dates": list(entry.party.birth_dates),
                "countries": list(entry.party.countries),
                "programmes": list(entry.programmes),
            }
            return Explanation("list entry", identity, item.obligation, facts, [("Remarks", [entry.remarks])])
    return None


_LOOKS: tuple[Callable[[Session, str], Explanation | None], ...] = (_rule, _policy, _finding, _account, _case, _list)
