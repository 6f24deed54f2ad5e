"""The demonstration: an invented provider, the whole job on it, and an honest account of what was found and missed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vedette import cases, simulate, watchlists
from vedette.app import opening
from vedette.app.evaluate import Evaluation, read_truth
from vedette.app.judged import evaluation
from vedette.app.run import RunReport, run
from vedette.base import Json, Place, VedetteError
from vedette.doors import Session
from vedette.events.store import lists as references

_MARK = "SIMULATED.txt"
_SUBMISSIONS = 300


class DemoError(VedetteError):
    """The demonstration's folder holds something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How large a demonstration, and where."""

    accounts: int
    days: int
    seed: int
    folder: Path
    lists: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the demonstration gave."""

    workspace: Path
    report: RunReport
    cases: list[dict[str, Json]]
    evaluation: Evaluation
    conference: dict[str, Json]


def demonstrate(session: Session, wish: Wish, *, advance: Callable[[int], None], say: Callable[[str], None]) -> Shown:
    """Invent, load, run, measure. An earlier demonstration in the same folder is replaced."""
    _clear(wish.folder)
    say("Inventing a provider: every customer, firm, address and event is simulated.")
    plan = simulate.Plan(accounts=wish.accounts, days=wish.days, seed=wish.seed)
    summary = simulate.write(wish.folder / "export", plan)
    say(
        f"{summary.accounts:,} accounts, {summary.signins + summary.log_events + summary.payments:,} events over "
        f"{wish.days} days; {summary.planted_accounts} accounts of {summary.actors} actors are planted, "
        f"{summary.evasive_actors} of these actors leave almost no trace."
    )
    workspace = wish.folder / "workspace"
    inner = Session(workspace, session.principal, lambda root: opening.create(root, "us"), clock=session.clock)
    try:
        _load(inner, summary, wish, say)
        report = run(inner, export=summary.export, advance=advance)
        now = inner.clock.now()
        found = [case.row(now) for case in cases.list_cases(inner.store, now=now)]
        measured = evaluation(inner.store, read_truth(summary.truth), float(wish.days))
        held = _conference(inner, wish, say)
    finally:
        inner.close()
    return Shown(workspace=workspace, report=report, cases=found[:10], evaluation=measured, conference=held)


def _conference(session: Session, wish: Wish, say: Callable[[str], None]) -> dict[str, Json]:
    """A conference beside the provider: imported, screened under the default policy, questions drafted."""
    from vedette.conference.demonstration import demonstrate as confer

    say("Inventing a conference: every submission, author and profile is simulated.")
    folder = wish.folder / "conference"
    return confer(session.store, session.principal, session.clock, folder, submissions=_SUBMISSIONS)


def _clear(folder: Path) -> None:
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / _MARK).exists():
        raise DemoError(
            "the folder holds something that is no demonstration",
            place=Place(str(folder)),
            remedy="Name another with --folder",
        )
    shutil.rmtree(folder)


def _load(session: Session, summary: simulate.Summary, wish: Wish, say: Callable[[str], None]) -> None:
    references.load(session.store, session.principal, (summary.references,), clock=session.clock)
    lists = wish.lists or (summary.watchlist,)
    results = watchlists.load(session.store, session.principal, lists, clock=session.clock)
    for result in results:
        held = (
            f"{result.version.entries:,} entries, version {result.version.version}"
            if result.version
            else result.problem
        )
        say(f"List {result.list_id or result.files}: {held}")
