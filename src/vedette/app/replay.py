"""Decides a stored sign-up again under that day's lists, policies and references, and says whether the answer is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vedette import policy, screening, watchlists
from vedette.app import store as state
from vedette.app.answers import pack, unpack, unpack_customer
from vedette.app.desk import Basis, desk_of
from vedette.app.set_aside import SetAside
from vedette.app.verify import Verdict
from vedette.base import FixedClock, Json, VedetteError, canonical_json, iso, parse_time
from vedette.events.references.builtin import content_bytes
from vedette.events.references.compile import from_bytes
from vedette.events.references.lookup import Lookup
from vedette.screening import Index
from vedette.store import Store
from vedette.store.archive import ArchiveError
from vedette.watchlists import ListError, ListVersion

_ASIDE = frozenset(("verification_id", "replayed", "model_versions", "findings", "never_stored"))


class UnknownVerification(VedetteError):
    """No stored decision of that id."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is answered otherwise: a field of the answer, or a finding by its id."""

    what: str
    then: Json
    now: Json

    def as_json(self) -> dict[str, Json]:
        """The printed form."""
        return {"what": self.what, "then": self.then, "now": self.now}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A decision made again. ``not_run`` names what the day's answer rested on and is no longer there, and why.

    ``program`` names the parts of the program that have changed since: they judged now in their present state.
    """

    verification_id: str
    then: Verdict
    now: Verdict
    differences: tuple[Difference, ...]
    not_run: Mapping[str, str]
    program: Mapping[str, tuple[str, str]]

    @property
    def result(self) -> str:
        """``same``, ``different``, or ``incomplete`` where something could not be asked again."""
        if self.not_run:
            return "incomplete"
        return "different" if self.differences else "same"

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "verification_id": self.verification_id,
            "query_id": self.then.query_id,
            "decided_at": None if self.then.decided_at is None else iso(self.then.decided_at),
            "result": self.result,
            "outcome_then": self.then.outcome.value,
            "outcome_now": self.now.outcome.value,
            "differences": [item.as_json() for item in self.differences],
            "not_run": [{"what": what, "why": why} for what, why in self.not_run.items()],
            "program_changed": {part: {"then": then, "now": now} for part, (then, now) in self.program.items()},
            "list_versions": dict(self.then.list_versions),
            "policy_versions": dict(self.then.policy_versions),
        }


def replay(store: Store, verification_id: str) -> Replayed:
    """Decide a stored sign-up again, at its own time and on its own basis.

    Raises UnknownVerification, ArchiveError where what it rested on is not even named any more, and VaultError where its
    facts were shredded.
    """
    record = state.verification(store, verification_id)
    if record is None:
        raise UnknownVerification(
            f"no stored decision {verification_id!r}", remedy="`vedette verify` prints the id of every decision"
        )
    opened = store.vault.open(record.id, record.sealed)
    manifest = json.loads(store.archive.get(record.manifest))
    not_run: dict[str, str] = {}
    basis = _basis(store, manifest, not_run)
    desk = desk_of(
        basis, FixedClock(parse_time(record.decided_at)), policies=manifest["policies"], aside=SetAside(store)
    )
    then, now = unpack(opened["answer"]), desk.decide(unpack_customer(opened["customer"]))
    models = manifest["models"]
    return Replayed(
        verification_id=record.id,
        then=then,
        now=now,
        differences=tuple(_differences(_plain(then), _plain(now))),
        not_run=not_run,
        program={
            part: (models.get(part, ""), at) for part, at in desk.model_versions.items() if models.get(part) != at
        },
    )


# -- the day's basis, from the archive and the stored list versions


def _basis(store: Store, manifest: Mapping[str, Any], not_run: dict[str, str]) -> Basis:
    return Basis(
        home=manifest["home"],
        index=_index(store, manifest["lists"], not_run),
        references=_references(store, manifest, not_run),
        rules=tuple(_rules(store, manifest["policies"], not_run)),
        hold_hours=manifest["hold_hours"],
    )


def _index(store: Store, lists: Mapping[str, Any], not_run: dict[str, str]) -> Index | None:
    held = {(item.list_id, item.version): item for item in watchlists.versions(store)}
    chosen = []
    for list_id, (version, entries_hash) in lists.items():
        found = held.get((list_id, version))
        if found is None or found.entries_hash != entries_hash:
            not_run[f"screening {list_id}@{version}"] = "this version is no longer stored"
        else:
            chosen.append(found)
    try:
        return screening.open_index(store, chosen) if chosen else None
    except ListError:
        readable = [item for item in chosen if _readable(store, item, not_run)]
        return screening.open_index(store, readable) if readable else None


def _readable(store: Store, version: ListVersion, not_run: dict[str, str]) -> bool:
    try:
        screening.open_index(store, [version])
    except ListError as fault:
        not_run[f"screening {version.list_id}@{version.version}"] = fault.problem
        return False
    return True


def _references(store: Store, manifest: Mapping[str, Any], not_run: dict[str, str]) -> Lookup:
    version, day = manifest["references"], manifest["references_day"]
    try:
        named = json.loads(store.archive.get(version))
        lists = tuple(from_bytes(store.archive.get(content)) for _, _, content in named["lists"])
    except ArchiveError as fault:
        not_run["presence references"] = f"the address references of that day cannot be read: {fault.problem}"
        return Lookup(version, day, ())
    if store.archive.put(content_bytes()) != named["curated"]:
        not_run["presence curated ranges"] = "the program's curated address ranges have changed since"
    return Lookup(version, day, lists)


def _rules(store: Store, policies: Mapping[str, str], not_run: dict[str, str]) -> Iterator[policy.Rule]:
    for identity, content in policies.items():
        try:
            yield policy.read_rule(store.archive.get(content).decode(), f"{identity}.yml")
        except VedetteError as fault:
            not_run[f"policy {identity}"] = f"its text of that day cannot be read: {fault.problem}"


# -- what is answered otherwise


def _plain(verdict: Verdict) -> dict[str, Any]:
    """As it would be read back from the record."""
    read: dict[str, Any] = json.loads(canonical_json(pack(verdict)))
    return read


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name in then:
        if name not in _ASIDE and then[name] != now[name]:
            yield Difference(name, then[name], now[name])
    before = {item["id"]: item for item in then["findings"]}
    after = {item["id"]: item for item in now["findings"]}
    for identity in sorted({*before, *after}):
        if before.get(identity) != after.get(identity):
            yield Difference(f"finding {identity}", _told(before.get(identity)), _told(after.get(identity)))


def _told(finding: Mapping[str, Any] | None) -> Json:
    return None if finding is None else {name: finding[name] for name in ("check", "strength", "bits", "summary")}
