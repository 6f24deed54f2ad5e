"""The steps of the daily run, in their order: presence check, screening, verification, detections, linking, compute, shared, cases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from types import MappingProxyType

from vedette import accounts, cases, detections, events, findings, hardware, linking, policy, watchlists, workloads
from vedette.accounts import presence, verification, verified
from vedette.app import detecting, rescreen
from vedette.app import store as state
from vedette.app.screening_status import never_screened
from vedette.app.step import Step, Surroundings, finish
from vedette.audit import Act, writing
from vedette.base import Finding, Json, canonical_json, iso
from vedette.detections import publish
from vedette.detections.standing import part
from vedette.detections.store import rulebook
from vedette.events.store import lists as references
from vedette.findings import Recorded
from vedette.sharing import watch as sharing_watch
from vedette.workloads import noticing as notices

_PARTIES = ("accounts", "owners")


def _today(around: Surroundings) -> date:
    return around.clock.now().date()


def policies(around: Surroundings) -> dict[str, str]:
    """Id and version of every policy in force today."""
    return policy.versions(_home(around), _today(around))


def _home(around: Surroundings) -> str:
    return around.home if around.home in policy.HOMES else "un"


def record(
    around: Surroundings,
    step: str,
    inputs: str,
    found: list[Finding],
    checks: set[str],
    facts: dict[str, Json],
    *,
    subjects: Mapping[str, Collection[str] | None] = MappingProxyType({}),
    also: Callable[[Act], None] = lambda _act: None,
) -> dict[str, Json]:
    """Store findings, withdraw those of the same checks that were not found again, and note the step, in one act.

    ``subjects`` names the subject ids that a check examined, where these were not all; ``also`` writes what else belongs
    into the act.
    """
    with writing(around.store, around.principal, f"run.{step}", clock=around.clock) as act:
        total = findings.record(act, found)
        ids: dict[str, set[str]] = {check: set() for check in checks}
        for item in found:
            ids.setdefault(item.check, set()).add(item.id)
        for check in sorted(ids):
            total += findings.settle(act, check, ids[check], subjects=subjects.get(check))
        also(act)
        facts = {**facts, **counted(total)}
        state.finish(act, step, inputs, facts)
        act.fact("policies", policies(around))
    return facts


def counted(recorded: Recorded) -> dict[str, Json]:
    """What a recording changed, as facts."""
    return {
        "findings_new": recorded.new,
        "findings_changed": recorded.changed,
        "findings_unchanged": recorded.unchanged,
        "findings_withdrawn": recorded.withdrawn,
    }


# -- log events whose account became known later


def _identities_inputs(around: Surroundings) -> str:
    return state.lake_fingerprint(around.store, ("identities",))


def _identities(around: Surroundings, inputs: str) -> dict[str, Json]:
    known = accounts.identities(around.store)
    mapped = events.remap(around.store, around.principal, clock=around.clock, identities=known)
    facts: dict[str, Json] = {"events_mapped": mapped}
    finish(around, "identities", inputs, facts)
    return facts


# -- the DPRK check over every datum held


def _presence_inputs(around: Surroundings) -> str:
    held = state.lake_fingerprint(around.store, (*_PARTIES, "payments"))
    return canonical_json([held, presence.VERSION, references.lookup(around.store, around.clock).version]).decode()


def _presence(around: Surroundings, inputs: str) -> dict[str, Json]:
    found, coverage = presence.check_all(around.store, around.clock)
    return record(around, "presence", inputs, list(found), set(presence.CHECKS), {"coverage": coverage.as_json()})


# -- screening against every list in force


def _screening_inputs(around: Surroundings) -> str:
    held = state.lake_fingerprint(around.store, (*_PARTIES, "payments"))
    lists = {item.list_id: item.version for item in watchlists.current(around.store)}
    aside = sorted(one.id for known in rescreen.active(around.store, around.clock).values() for one in known)
    return canonical_json([held, lists, policies(around), aside]).decode()


def _screening(around: Surroundings, inputs: str) -> dict[str, Json]:
    if not watchlists.current(around.store):
        facts: dict[str, Json] = {"not_run": "no list is loaded: nobody was screened", "lists": {}}
        finish(around, "screening", inputs, facts)
        return facts
    result, never = rescreen.rescreen(around), never_screened(around.store)
    with writing(around.store, around.principal, "run.screening", clock=around.clock) as act:
        facts = {**result.facts(), **counted(rescreen.keep(act, around.store, result)), "never_screened": never}
        state.finish(act, "screening", inputs, facts)
        act.fact("policies", policies(around))
        act.fact("lists", dict(result.covered.lists))
    return facts


# -- how far customers are verified, against what they declared


def _verification_inputs(around: Surroundings) -> str:
    held = state.lake_fingerprint(around.store, _PARTIES)
    return canonical_json([held, verified.mark(around.store), _today(around).isoformat(), policies(around)]).decode()


def _verification(around: Surroundings, inputs: str) -> dict[str, Json]:
    found = accounts.due(around.store, around.clock)
    return record(around, "verification", inputs, list(found), set(verification.CHECKS), {"overdue": len(found)})


# -- detections


def _detections_inputs(around: Surroundings) -> str:
    in_force = publish.book(around.store).on(_today(around))
    reads = {table for rule in (*in_force.live, *in_force.shadow) for table in rule.reads}
    tables = tuple(sorted(reads & {table.name for table in around.store.catalogue}))
    waiting = state.seen(around.store, detecting.STEP)
    later = sorted(waiting.waiting) if waiting is not None else []
    return canonical_json([state.lake_fingerprint(around.store, tables), _mark(around, in_force), later]).decode()


def _mark(around: Surroundings, in_force: publish.Book) -> str:
    """A text that changes with the rules in force and the exceptions from them."""
    texts = [[rule.id, rule.version, rule.sql, rule.declaration] for rule in (*in_force.live, *in_force.shadow)]
    spared = [item.id for item in rulebook.exceptions(around.store) if item.holds(around.clock.now())]
    whole = canonical_json([texts, len(in_force.live), spared])
    return hashlib.sha256(whole).hexdigest()


def _detections(around: Surroundings, inputs: str) -> dict[str, Json]:
    return detect(around, inputs)


def detect(around: Surroundings, inputs: str, *, defer: bool = False) -> dict[str, Json]:
    """Look at what arrived, or at everything where that is needed, and store what it gave.

    With ``defer`` rules that cannot be cut by a key, and those in shadow, wait for the next time without it.
    """
    in_force = publish.book(around.store).on(_today(around))
    looked = detecting.look(around, in_force.live, _mark(around, in_force), defer=defer)
    limits = detections.Limits(seconds=around.rule_seconds, threads=around.threads)
    shadow = () if defer else in_force.shadow
    tried = detections.run(detections.tables(around.store), shadow, limits=limits)
    for rule in (*in_force.live, *in_force.shadow):
        around.store.archive.put(publish.texts_of(rule))
    kept, aside = part(looked.findings, rulebook.exceptions(around.store), around.clock.now())
    failed = dict(looked.failed) | in_force.broken
    ready = {item.rule for item in looked.readiness if item.ready}
    facts: dict[str, Json] = {
        "rules": len(in_force.live),
        "rules_run": len(ready - failed.keys() - set(looked.waiting)),
        "rules_not_run": {item.rule: item.reason for item in looked.readiness if not item.ready},
        "rules_failed": dict(failed),
        "rules_expired": {rule.id: str(rule.expires) for rule in in_force.expired},
        "rules_waiting": sorted(set(looked.waiting) - failed.keys()),
        "rules_in_shadow": len(in_force.shadow),
        "findings_in_shadow": len(tried.findings),
        "findings_excepted": len(aside),
        **looked.facts,
    }

    def keep(act: Act) -> None:
        looked.note(act)
        for rule in shadow:
            rulebook.record_shadow(act, rule.id, [item for item in tried.findings if item.check == rule.id])

    checks = set(looked.subjects) | retired(around)
    return record(around, "detections", inputs, kept, checks, facts, subjects=looked.subjects, also=keep)


def retired(around: Surroundings) -> set[str]:
    """Rules that no longer count here: what they found before is withdrawn."""
    return {line.rule_id for line in publish.listed(around.store) if not line.live}


# -- linking


def _linking_inputs(around: Surroundings) -> str:
    return linking.inputs(around.store)


def _linking(around: Surroundings, inputs: str) -> dict[str, Json]:
    facts = linking.refresh(around.store, around.principal, around.clock).as_json()
    finish(around, "linking", inputs, facts)
    return facts


# -- compute


def _compute_inputs(around: Surroundings) -> str:
    held = state.lake_fingerprint(around.store, ("usage", "flows", "allocations", *_PARTIES))
    return canonical_json(
        [held, linking.inputs(around.store), notices.VERSION, hardware.version(), policies(around)]
    ).decode()


def _compute(around: Surroundings, inputs: str) -> dict[str, Json]:
    if state.lake_fingerprint(around.store, ("usage", "allocations")) == "[]":
        facts: dict[str, Json] = {"not_run": "no telemetry and no allocation is held"}
        finish(around, "compute", inputs, facts)
        return facts
    standing = {item.finding.id for item in findings.standing(around.store, check=notices.THRESHOLD)}
    seen = workloads.notice(around.store, around.clock, standing)
    facts = {
        "jobs": seen.jobs,
        "jobs_told": seen.told,
        "gpu_hours": round(seen.gpu_hours, 1),
        "unknown_gpu_hours": round(seen.unknown_gpu_hours, 1),
        "flop_p50": seen.operations,
        "hardware": hardware.version(),
        "telemetry_odd": dict(seen.odd),
    }
    return record(around, "compute", inputs, list(seen.findings), set(notices.CHECKS), facts)


# -- what peers sent and a person accepted


def _shared_inputs(around: Surroundings) -> str:
    watched = [item.id for item in sharing_watch.watched(around.store, clock=around.clock)]
    held = state.lake_fingerprint(around.store, ("signins", "logs")) if watched else ""
    return canonical_json([held, sorted(watched)]).decode()


def _shared(around: Surroundings, inputs: str) -> dict[str, Json]:
    facts = counted(sharing_watch.look(around.store, around.principal, clock=around.clock))
    finish(around, "shared", inputs, facts)
    return facts


# -- cases


def _cases_inputs(around: Surroundings) -> str:
    # Holds expire with time alone, so that cases are always due; a refresh that finds nothing writes nothing.
    return iso(around.clock.now())


def _cases(around: Surroundings, _inputs: str) -> dict[str, Json]:
    return cases.refresh(around.store, around.principal, around.clock).as_json()


STEPS = (
    Step("identities", _identities_inputs, _identities),
    Step("presence", _presence_inputs, _presence),
    Step("screening", _screening_inputs, _screening),
    Step("verification", _verification_inputs, _verification),
    Step("detections", _detections_inputs, _detections),
    Step("linking", _linking_inputs, _linking),
    Step("compute", _compute_inputs, _compute),
    Step("shared", _shared_inputs, _shared),
    Step("cases", _cases_inputs, _cases),
)
