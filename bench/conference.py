"""Measures screening on an invented conference: undisclosed ties found, innocents asked, the swap test, and the dry-run's time.

Run: python -m bench.conference [--submissions 5000] [--seed 11] [--show]
The sentences of the planted and confusable kinds stand in simulate/conference_texts.py; the rules in conference/relations.py were
written before they were run on them, and what was changed after the first run is told in docs/how-to/run-a-conference.md.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from vedette.app.opening import create
from vedette.base import FixedClock, Principal, PrincipalKind, parse_time
from vedette.conference.desk import open_registry
from vedette.conference.dry_run import dry_run
from vedette.conference.gather import bundles
from vedette.conference.intake import read_all
from vedette.conference.model import Action
from vedette.conference.policy import default_policy
from vedette.conference.potential import shipped_classifier
from vedette.conference.screen import Lens, Screened, screen
from vedette.conference.ties import Bundle
from vedette.institutions.load import load
from vedette.simulate.conference import ConferencePlan, ConferenceSummary, conference
from vedette.watchlists import load as load_lists

_CLOCK = FixedClock(parse_time("2026-03-01T12:00:00Z"))
_NAMES = ("Chaek Kim", "Wei Zhang", "Ivan Petrov", "Anna Novak", "Leyla Ahmadi", "\uae40\uc815\uc740", "\u738b\u4f1f")
_COUNTRIES = ("North Korea", "China", "Iran", "Russia", "Norway", "Uganda", "")


def main() -> None:
    """Print one line a figure; exit 1 where one of issue 9 is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--phrasing", choices=("first", "second", "third", "fourth"), default="first")
    parser.add_argument("--show", action="store_true", help="tell each miss and each innocent that was asked")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(
            0
            if _measure(Path(folder), ConferencePlan(wish.submissions, wish.seed, phrasing=wish.phrasing), wish.show)
            else 1
        )


def lens_of(folder: Path, summary: ConferenceSummary) -> Lens:
    """A workspace with the invented registry and list in force."""
    store = create(folder / "ws", "us")
    who = Principal(PrincipalKind.JOB, "bench")
    load(store, who, [summary.registry], clock=_CLOCK)
    load_lists(store, who, [summary.watchlist], clock=_CLOCK)
    return Lens(default_policy(), open_registry(store), shipped_classifier(), _CLOCK.now().date())


def _measure(folder: Path, plan: ConferencePlan, show: bool) -> bool:
    summary = conference(folder / "sim", plan)
    lens = lens_of(folder, summary)
    began = time.perf_counter()
    reading, faults = read_all([summary.venue])
    held = list(bundles(reading.submissions, reading.papers, reading.profiles))
    read_in = time.perf_counter() - began
    began = time.perf_counter()
    screened = [screen(bundle, lens) for bundle in held]
    took = time.perf_counter() - began
    print(f"{len(held):,} submissions read in {read_in:.1f} s ({len(faults)} files refused), screened in {took:.1f} s")
    with summary.truth.open(encoding="utf-8") as file:
        truth = {row["submission_id"]: row for row in csv.DictReader(file)}
    good = _ties(screened, truth, show)
    good &= _innocents(screened, truth, show)
    good &= _swapped(held, screened, lens)
    return _dry(held, lens) and good


def _ties(screened: Iterable[Screened], truth: dict[str, dict[str, str]], show: bool) -> bool:
    """A tie is found where a row names the planted institution as undisclosed; any other undisclosed row is a false one."""
    found: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for each in screened:
        row = truth[each.submission_id]
        named = {line.institution_id for line in each.rows if line.disclosed is False}
        expected = {row["institution_id"]} if row["expected"] == "ask" and row["institution_id"] else set()
        planted[row["kind"]] += len(expected)
        found[row["kind"]] += len(expected & named)
        wrong[row["kind"]] += len(named - expected)
        if show and (expected - named or named - expected):
            told = [(line.institution, line.relation, line.evidence) for line in each.rows if line.disclosed is False]
            print("  tie", each.submission_id, row["kind"], row["institution_id"], told)
    hit, all_planted, false = sum(found.values()), sum(planted.values()), sum(wrong.values())
    recall, precision = hit / max(1, all_planted), hit / max(1, hit + false)
    print(f"undisclosed ties: recall {recall:.3f} ({hit}/{all_planted}), precision {precision:.3f} ({false} false)")
    for kind in sorted(planted):
        if planted[kind] or wrong[kind]:
            print(f"  {kind}: {found[kind]}/{planted[kind]} found, {wrong[kind]} false")
    return recall >= 0.9 and precision >= 0.9


def _innocents(screened: Iterable[Screened], truth: dict[str, dict[str, str]], show: bool) -> bool:
    asked = [
        each
        for each in screened
        if truth[each.submission_id]["expected"] == "none" and each.strictest.rank >= Action.ASK.rank
    ]
    share = 1000 * len(asked) / len(truth)
    kinds = Counter(truth[each.submission_id]["kind"] for each in asked)
    print(f"innocents asked: {len(asked)} of {len(truth):,}, {share:.2f} a thousand {dict(kinds)}")
    rightly = [each for each in screened if truth[each.submission_id]["expected"] == "ask"]
    held = sum(each.strictest.rank >= Action.ASK.rank for each in rightly)
    print(f"questions owed: {held}/{len(rightly)} asked")
    return share <= 5.0


def _swapped(held: list[Bundle], screened: list[Screened], lens: Lens) -> bool:
    """Every author's name and the form's country are swapped, and the title's language: no answer may move."""
    chance = random.Random(3)
    moved = 0
    for bundle, before in zip(held, screened, strict=True):
        authors = tuple(
            replace(author, name=chance.choice(_NAMES), country=chance.choice(_COUNTRIES))
            for author in bundle.submission.authors
        )
        after = screen(replace(bundle, submission=replace(bundle.submission, authors=authors)), lens)
        moved += _answers(after) != _answers(before)
    print(f"counterfactual swap of names and form countries: {moved} of {len(held):,} papers change")
    return moved == 0


def _answers(each: Screened) -> list[tuple[str | None, str, str]]:
    return sorted((row.institution_id or "", row.service.value, row.action.value) for row in each.rows)


def _dry(held: list[Bundle], lens: Lens) -> bool:
    many = [
        replace(
            bundle, submission=replace(bundle.submission, submission_id=f"{turn}-{bundle.submission.submission_id}")
        )
        for turn in range(-(-10_000 // len(held)))
        for bundle in held
    ][:10_000]
    began = time.perf_counter()
    report = dry_run(many, lens)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"dry-run of {report.papers:,} papers: {took:.1f} s; peak {peak:,.0f} MB; {report.touched} touched")
    return took < 60


if __name__ == "__main__":
    main()
