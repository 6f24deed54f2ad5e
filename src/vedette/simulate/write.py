"""Invents a provider and writes it: the export directory, and beside it truth, address references and a list."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from random import Random

from vedette.simulate.model import Plan, Summary


def write(directory: Path, plan: Plan | None = None, *, truth: Path | None = None) -> Summary:
    """Write an export directory of DESIGN section 4 and return what was written.

    ``truth`` is the file that says what was planted; it must lie outside the directory (default: ``truth.csv`` beside
    it). ``truth_jobs.csv`` says what each job with telemetry did. ``references.csv`` and ``invented_list.ftm.json`` are written next to it. Raises ValueError otherwise.
    """
    from vedette.simulate import activity, export, fleet, honest, listing, planted, trail
    from vedette.simulate import truth as answers
    from vedette.simulate.world import World

    plan = plan or Plan()
    truth = truth or directory.parent / "truth.csv"
    if directory.resolve() in truth.resolve().parents:
        raise ValueError("the truth must lie outside the export directory")
    for folder in (directory, truth.parent):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "SIMULATED.txt").write_text(export.NOTICE, "utf-8")

    world = World(plan)
    entries = listing.invent(Random(plan.seed))
    planted.plant(world, entries)
    people = [entry for entry in entries if entry.schema == "Person"]
    honest.settle_all(world, plan.accounts - len(world.members), people)
    logged = trail.members_with_logs(world)

    accounts = export.small_tables(directory, world)
    payments, paid = export.payments(directory / "payments.csv.gz", world)
    events = activity.sample(world, plan.total_events - payments)
    in_log = trail.choose(world, events, logged, round(0.15 * plan.total_events))
    export.table(directory / "identities.csv.gz", trail.identities(world, logged), world.random)
    log_events = trail.write(directory / "logs" / "cloudtrail", world, events.take(in_log))
    signins = export.signins(directory / "signins.csv.gz", world, events.take(~in_log))

    samples = fleet.write(directory, truth.parent / "truth_jobs.csv", world)

    export.reference_file(truth.parent / "references.csv")
    export.text_lines(truth.parent / "invented_list.ftm.json", listing.lines(entries))
    found = answers.rows(world, events, paid)
    with truth.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    marked = [member for member in world.members if member.kind]
    return Summary(
        export=directory,
        truth=truth,
        references=truth.parent / "references.csv",
        watchlist=truth.parent / "invented_list.ftm.json",
        accounts=accounts,
        planted_accounts=len(marked),
        actors=len({member.actor for member in marked}),
        evasive_actors=len({member.actor for member in marked if member.evasive}),
        signins=signins,
        log_events=log_events,
        payments=payments,
        samples=samples,
        kinds=dict(Counter(member.kind for member in marked)),
        groups=dict(Counter(member.group for member in world.members if not member.kind)),
    )
