"""Screens again only what has to be: customers whose data changed, and customers whom changed list entries can reach.

The findings stored are those of a screening of everybody against everything (tested): whether an entry is a candidate
for a party hangs on these two only, so that a party which no changed entry reaches keeps its matches.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vedette import findings, policy, screening, watchlists
from vedette.app import population as people
from vedette.app import screened
from vedette.app.population import Held
from vedette.app.screened import Screener
from vedette.app.step import Surroundings
from vedette.audit import Act
from vedette.base import Clock, Json, VedetteError, canonical_json, digest, iso
from vedette.findings import Recorded
from vedette.screening import Edition, Index
from vedette.screening import store as kept
from vedette.screening.delta import Touched, touched
from vedette.screening.question import Question, reading
from vedette.screening.reach import reached
from vedette.screening.segment import build
from vedette.screening.standing import State
from vedette.screening.store import Coverage
from vedette.screening.suppression import Suppression
from vedette.store import Store
from vedette.watchlists import ListVersion
from vedette.watchlists.store import entries_blob

# Above this share of changed entries everybody is screened against everything: looking for whom they reach saves nothing.
_MOST_CHANGED = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescreened:
    """What a re-screening looked at and found, ready to be stored by ``keep``.

    ``whole`` tells that everybody was screened against everything. ``changed`` counts accounts with new data, ``reached``
    those that changed list entries reach, ``entries`` these entries.
    """

    whole: bool
    found: screened.Screened
    population: Mapping[str, Held]
    outcomes: Mapping[str, str]
    gone: frozenset[str]
    covered: Coverage
    changed: int
    reached: int
    entries: int

    def facts(self) -> dict[str, Json]:
        """The figures of the run."""
        counts = Counter(self.outcomes.values())
        return {
            "lists": dict(self.covered.lists),
            "whole": self.whole,
            "accounts": len(self.population),
            "accounts_changed": self.changed,
            "accounts_reached": self.reached,
            "entries_changed": self.entries,
            "parties": self.found.parties,
            "wallets": len({wallet for one in self.population.values() for wallet, _ in one.wallets}),
            "waiting": counts[State.REVIEW.value] + counts[State.ASK.value],
            "asking": counts[State.ASK.value],
            "outcomes": {state.value: counts[state.value] for state in State if counts[state.value]},
        }


@dataclass(frozen=True, slots=True)
class _Delta:
    """The changed list entries as small indexes, and how many they are."""

    indexes: tuple[Index, ...]
    entries: int


def rescreen(around: Surroundings, *, full: bool = False) -> Rescreened:
    """Screen whoever has to be screened again; everybody where ``full``, or where no earlier state allows less.

    Writes nothing. Raises ScreeningError where no list is in force.
    """
    store, moment = around.store, iso(around.clock.now())
    suppressed = active(store, around.clock)
    everyone = people.everyone(store, {account: [one.id for one in held] for account, held in suppressed.items()})
    known, before = kept.states(store), kept.coverage(store)
    versions = watchlists.current(store)
    changes = None if full else _changes(around, before, versions)
    changed = {name for name, one in everyone.items() if name not in known or known[name].held_print != one.held_print}
    near = set() if changes is None else _reached(store, everyone, changed, changes)
    wanted = everyone.keys() if changes is None else changed | near
    units = people.units(store, wanted, len(everyone))
    found = _screener(around, versions, suppressed).screen(units, everyone) if wanted else screened.Screened()
    outcomes = {name: found.outcomes[name].value if name in found.outcomes else State.NEVER.value for name in wanted}
    whole = changes is None
    return Rescreened(
        whole=whole,
        found=found,
        population=everyone,
        outcomes={name: outcomes[name] if name in outcomes else known[name].outcome for name in everyone},
        gone=frozenset(known.keys() - everyone.keys()),
        covered=Coverage(
            lists={version.list_id: version.version for version in versions},
            conditions=conditions(around),
            covered_at=moment,
            whole_at=moment if whole or before is None else before.whole_at,
        ),
        changed=len(changed),
        reached=len(near),
        entries=0 if changes is None else changes.entries,
    )


def keep(act: Act, store: Store, result: Rescreened) -> Recorded:
    """Store the findings and states of a re-screening, and withdraw what its accounts no longer give, in one act."""
    found = result.found.findings
    total = findings.record(act, found)
    examined = None if result.whole else {*result.found.outcomes, *_unopened(result), *result.gone}
    for check in screened.CHECKS:
        ids = {item.id for item in found if item.check == check}
        total += findings.settle(act, check, ids, subjects=examined)
    rows = (
        kept.Screened(name, result.population[name].held_print, result.outcomes[name], result.covered.covered_at)
        for name in sorted({*result.found.outcomes, *_unopened(result)})
    )
    kept.save(act, screened=rows, gone=result.gone, covered=result.covered)
    kept.seal_keys(act, store, result.found.keys.items(), {*result.gone, *_unopened(result)})
    return total


def active(store: Store, clock: Clock) -> dict[str, tuple[Suppression, ...]]:
    """The suppressions in force today, by account."""
    found: dict[str, list[Suppression]] = defaultdict(list)
    for one in kept.suppressions(store):
        if one.active(clock.now().date()):
            found[one.account_id].append(one)
    return {account: tuple(held) for account, held in found.items()}


def conditions(around: Surroundings) -> str:
    """A print of what answers hang on besides lists and customers: the program's reading of names, and the policies."""
    home = around.home if around.home in policy.HOMES else "un"
    return digest(canonical_json([reading(), policy.versions(home, around.clock.now().date())])).hex()


def _unopened(result: Rescreened) -> set[str]:
    """Accounts that were to be screened and whose sealed data is gone."""
    never = {name for name, outcome in result.outcomes.items() if outcome == State.NEVER.value}
    return never - result.found.outcomes.keys()


def _changes(around: Surroundings, before: Coverage | None, versions: tuple[ListVersion, ...]) -> _Delta | None:
    """What changed in the lists since everybody was covered; None where everybody has to be screened in whole."""
    if before is None or before.conditions != conditions(around):
        return None
    try:
        parts = list(_touched(around.store, before.lists, {version.list_id: version for version in versions}))
    except VedetteError:
        # An earlier version that cannot be read again: nobody can say what changed, so everybody is screened.
        return None
    entries = {(edition.list_id, one.entity_id) for edition, part in parts for one in (*part.before, *part.after)}
    if len(entries) > _MOST_CHANGED * sum(version.entries for version in versions):
        return None
    indexes = (
        Index([build(edition, part.before) for edition, part in parts]),
        Index([build(edition, part.after) for edition, part in parts]),
    )
    return _Delta(tuple(index for index in indexes if len(index)), len(entries))


def _touched(
    store: Store, before: Mapping[str, str], now: Mapping[str, ListVersion]
) -> Iterator[tuple[Edition, Touched]]:
    """The entries of each list that changed between the version covered and that in force; a list may come or go."""
    known = {(version.list_id, version.version): version for version in watchlists.versions(store)}
    for list_id in sorted(before.keys() | now.keys()):
        old = known[list_id, before[list_id]] if list_id in before else None
        new = now.get(list_id)
        either = new or old
        if either is not None and old != new:
            blobs = (entries_blob(store, version) if version else b"" for version in (old, new))
            yield screening.edition_of(either), touched(*blobs)


def _reached(store: Store, everyone: Mapping[str, Held], changed: set[str], changes: _Delta) -> set[str]:
    """Accounts with old data whom a changed list entry can reach by a party or a wallet."""
    if not changes.indexes:
        return set()
    rest = everyone.keys() - changed
    paid = {
        name
        for name in rest
        for index in changes.indexes
        if everyone[name].wallets and screening.wallets(index, (wallet for wallet, _ in everyone[name].wallets))
    }
    names: list[str] = []

    def asked() -> Iterator[Question]:
        for name, questions in kept.keys(store):
            if name in rest:
                names.extend([name] * len(questions))
                yield from questions

    return paid | {names[number] for number, near in enumerate(reached(asked(), changes.indexes)) if near}


def _screener(
    around: Surroundings, versions: tuple[ListVersion, ...], suppressed: Mapping[str, tuple[Suppression, ...]]
) -> Screener:
    return Screener(
        store=around.store,
        index=screening.open_index(around.store, versions),
        rules=screened.ownership_rules(around),
        suppressions=suppressed,
        cited=_cited(around.store),
        day=around.clock.now().date(),
    )


def _cited(store: Store) -> screened.Cited:
    """The list version and entry hash that each standing match cites."""
    found = {}
    for check in (screened.CHECKS[0], screened.CHECKS[1]):
        for item in findings.standing(store, check=check):
            values = item.finding.evidence[0].values
            cited = (str(values.get("list_version", "")), str(values.get("entry_hash", "")))
            found[(check, item.finding.subject.id, item.finding.window)] = cited
    return found
