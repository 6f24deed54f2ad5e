"""Detections over what arrived since the last look, or over everything where that is not enough; never storing itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vedette import detections
from vedette.app import store as state
from vedette.app.step import Surroundings
from vedette.audit import Act
from vedette.base import Finding, Json

STEP = "detections"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look gave. ``subjects`` maps each rule that finished to the subject ids it examined, None for all.

    ``waiting`` are rules that must still run over everything: they were put off, or failed. ``after`` is noted with the
    findings, so that the next look goes on from here.
    """

    findings: tuple[Finding, ...]
    subjects: Mapping[str, Collection[str] | None]
    readiness: tuple[detections.Readiness, ...]
    failed: Mapping[str, str]
    facts: Mapping[str, Json]
    after: state.Seen

    @property
    def waiting(self) -> Collection[str]:
        """Rules whose findings are not yet those of the lake as it is."""
        return self.after.waiting

    def note(self, act: Act) -> None:
        """Note what has been worked through, in the act that stores the findings."""
        state.note_seen(act, STEP, self.after)


def everything(around: Surroundings) -> detections.Engine:
    """The engine for rules over the whole lake. Slices stay on this machine, whatever the settings say: they are small."""
    if around.spark_master is None:
        return detections.tables(around.store)
    return detections.cluster(around.store, around.spark_master)


def look(around: Surroundings, rules: Sequence[detections.Rule], mark: str, *, defer: bool = False) -> Looked:
    """Run the rules over what arrived since the last look that was noted.

    Everything is run where there was none, where rules or exceptions changed (``mark`` tells), or where files of the
    lake were replaced. With ``defer``, rules that cannot be cut by a key wait for a look without it.
    """
    limits = detections.Limits(seconds=around.rule_seconds, threads=around.threads)
    tables = [table.name for table in around.store.catalogue]
    before, files = state.seen(around.store, STEP), state.lake_files(around.store, tables)
    if before is None or before.mark != mark or before.files - files.keys():
        whole = detections.run(everything(around), rules, limits=limits)
        failed = {fault.rule: fault.problem for fault in whole.faults}
        finished = {item.rule for item in whole.readiness if item.ready and item.rule not in failed}
        return Looked(
            findings=whole.findings,
            subjects=dict.fromkeys(finished),
            readiness=whole.readiness,
            failed=failed,
            facts={"looked_at": "everything"},
            after=state.Seen(files=frozenset(files), mark=mark, waiting=frozenset(failed)),
        )
    since = state.earliest_received(around.store, [row for key, row in files.items() if key not in before.files])
    return _slice(around, rules, before, since, frozenset(files), limits, defer=defer)


def _slice(
    around: Surroundings,
    rules: Sequence[detections.Rule],
    before: state.Seen,
    since: int | None,
    files: frozenset[str],
    limits: detections.Limits,
    *,
    defer: bool,
) -> Looked:
    never = 2**63 - 1
    part = detections.run_slice(
        detections.tables(around.store),
        rules,
        since_us=never if since is None else since,
        waiting=before.waiting,
        defer=defer,
        everything=everything(around),
        limits=limits,
    )
    failed = {fault.rule: fault.problem for fault in part.faults}
    facts: dict[str, Json] = {
        "looked_at": "what arrived",
        "keys_touched": dict(part.keys),
        "rules_whole": dict(part.whole),
    }
    return Looked(
        findings=part.findings,
        subjects=part.examined,
        readiness=part.readiness,
        failed=failed,
        facts=facts,
        after=state.Seen(files=files, mark=before.mark, waiting=frozenset(part.deferred) | frozenset(failed)),
    )
