"""The conference of the demonstration: invented, imported, screened, asked about and counted, in one call."""

from __future__ import annotations

from pathlib import Path

from vedette import watchlists
from vedette.base import Clock, Json, Principal
from vedette.conference import questions, run
from vedette.conference.intake import Intake, take
from vedette.conference.policy import default_policy
from vedette.institutions.load import load
from vedette.simulate.conference import ConferencePlan, conference
from vedette.store import Store

VENUE = "demo"


def demonstrate(
    store: Store, principal: Principal, clock: Clock, folder: Path, *, submissions: int = 300, seed: int = 11
) -> dict[str, Json]:
    """Invent a conference in a folder and take it through import, screening and questions. Returns the counts to tell."""
    summary = conference(folder, ConferencePlan(submissions=submissions, seed=seed))
    load(store, principal, [summary.registry], clock=clock)
    watchlists.load(store, principal, [summary.watchlist], clock=clock)
    taken = list(take(Intake(store, principal, clock, VENUE, default_policy()), [summary.venue]))
    office = run.Office(store, principal, clock, VENUE)
    found = list(run.screen_all(office, run.lens(office), "demonstration"))
    return {
        "venue": VENUE,
        "submissions": len(found),
        "files": len(taken),
        "refused": sum(bool(each.problem) for each in taken),
        "touched": sum(each.touched for each in found),
        "questions": len(questions.draft(office)),
        "planted": summary.planted,
        "confusable": summary.confusable,
    }
