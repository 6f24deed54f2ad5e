"""What a run did, in lines for people: what was read, found, not checked, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vedette.app.run import RunReport

_MOST_LISTS = 5


def lines(report: RunReport) -> Iterator[str]:
    """The summary, most important last."""
    yield from _ingest(report)
    yield from _checks(report)
    yield from _coverage(report)
    yield from _waiting(report)
    yield from _cases(report)


def _ingest(report: RunReport) -> Iterator[str]:
    facts = report.facts("ingest")
    if report.ingest is None:
        return
    yield (
        f"Read {facts['read']:,} rows: {facts['stored']:,} stored, {facts['duplicates']:,} duplicates, "
        f"{facts['refused_count']:,} refused."
    )
    if facts["other"]:
        yield f"{facts['other']:,} events are of unknown kinds (stored as `other`): {_others(report)}"
    unmapped = sum(sum(getattr(item, "unmapped", {}).values()) for item in report.ingest.intakes)
    if unmapped:
        yield f"{unmapped:,} log events belong to principals that no account claims: fill identities.csv."
    yield from report.ingest.notes


def _others(report: RunReport) -> str:
    assert report.ingest is not None
    counts: dict[str, int] = {}
    for item in report.ingest.intakes:
        for name, number in getattr(item, "others", {}).items():
            counts[name] = counts.get(name, 0) + number
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items(), key=lambda row: -row[1])[:5])


def _checks(report: RunReport) -> Iterator[str]:
    for step in report.steps:
        if step.step in ("presence", "screening", "detections", "compute"):
            yield _check(step.step, step.facts, due=step.due, seconds=step.seconds)


def _check(step: str, facts: Mapping[str, Any], *, due: bool, seconds: float) -> str:
    if "not_run" in facts:
        return f"{step.capitalize()}: NOT RUN, {facts['not_run']}."
    what = {
        "presence": "DPRK check over every datum held",
        "screening": f"{facts.get('parties', 0):,} parties against {_names(facts.get('lists', {}))}",
        "detections": f"{facts.get('rules_run', 0)} of {facts.get('rules', 0)} rules",
        "compute": _compute(facts),
    }[step]
    if not due:
        return f"{step.capitalize()}: nothing new since the last run ({what})."
    return (
        f"{step.capitalize()}: {what}; {facts['findings_new']} new findings, {facts['findings_changed']} changed, "
        f"{facts['findings_withdrawn']} withdrawn ({seconds:.1f} s)."
    )


def _compute(facts: Mapping[str, Any]) -> str:
    unknown = facts.get("unknown_gpu_hours", 0)
    said = f"; {unknown:,.0f} GPU-hours on cards that no table knows" if unknown else ""
    odd = ", ".join(
        f"{name.replace('_', ' ')} {count:,}" for name, count in _mapping(facts.get("telemetry_odd")).items()
    )
    said += f"; {odd}" if odd else ""
    return (
        f"{facts.get('gpu_hours', 0):,.0f} GPU-hours of {facts.get('jobs', 0):,} jobs, {facts.get('jobs_told', 0):,} of them told; "
        f"{facts.get('flop_p50', 0):.1e} operations expected{said}"
    )


def _names(lists: Mapping[str, str]) -> str:
    if len(lists) > _MOST_LISTS:
        return f"{len(lists)} lists (`vedette lists status` names them)"
    return ", ".join(f"{name} ({version})" for name, version in lists.items()) or "no list"


def _coverage(report: RunReport) -> Iterator[str]:
    detections = report.facts("detections")
    for name, reason in _mapping(detections.get("rules_not_run")).items():
        yield f"Not checked: {reason or name}."
    for name, reason in _mapping(detections.get("rules_failed")).items():
        yield f"Rule {name} did not finish: {reason}"
    for name, day in _mapping(detections.get("rules_expired")).items():
        yield f"Not checked: rule {name} expired on {day}; what it knows must be checked anew, and its next version published."
    coverage = _mapping(report.facts("presence").get("coverage"))
    unscreened = coverage.get("held_but_not_screened") or []
    if unscreened:
        yield f"Held but not screened: {', '.join(map(str, unscreened))}."


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _waiting(report: RunReport) -> Iterator[str]:
    waiting = report.facts("screening").get("waiting")
    if waiting:
        yield (
            f"{waiting} customers bear a listed name and nothing more: they wait for a second identifier "
            "(vedette cases unopened --check screening/list_match). A name alone identifies nobody."
        )


def _cases(report: RunReport) -> Iterator[str]:
    facts = report.facts("cases")
    if facts:
        told = ", ".join(
            f"{value} {name.replace('_', ' ')}" for name, value in facts.items() if value and name != "cursor"
        )
        yield f"Cases: {told or 'nothing changed'}. Look at them with `vedette cases list`."
