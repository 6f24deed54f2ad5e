"""An invented conference, imported once; desks of institutions without a workspace; hostile files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from tests.institutions.conftest import WORLD
from tests.made import workspace
from vedette.app.rooms import catalogue
from vedette.base import FixedClock, Principal, PrincipalKind
from vedette.conference.desk import Registry
from vedette.conference.intake import Intake, take
from vedette.conference.model import Author, Submission
from vedette.conference.policy import default_policy
from vedette.conference.potential import MILITARY, Potential
from vedette.conference.run import Office
from vedette.conference.screen import Lens
from vedette.conference.ties import Bundle
from vedette.institutions import Desk
from vedette.institutions.index import build
from vedette.institutions.judge import shipped_judge
from vedette.institutions.listed import Listed, _add, _Entry
from vedette.institutions.load import load
from vedette.institutions.registry import shipped
from vedette.simulate.conference import ConferencePlan, ConferenceSummary, conference
from vedette.store import Store
from vedette.watchlists import load as load_lists

ANNA = Principal(PrincipalKind.PERSON, "anna")
BERT = Principal(PrincipalKind.PERSON, "bert")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_DOMAINS = {"Nanjing University": ("nju.edu.cn",), "Harbin Institute of Technology": ("hit.edu.cn",)}


def fake_classifier(title: str, abstract: str) -> Potential:
    """Military where the title says warhead; the observatory's dictionary is tested in its own room."""
    return Potential(MILITARY, ("warhead",)) if "warhead" in title.casefold() else Potential()


@cache
def registry() -> Registry:
    """The invented world of institutions with the shipped rows; Harbin Institute of Technology is on two lists."""
    rows = [replace(item, domains=_DOMAINS.get(item.name, ())) for item in WORLD]
    listed = Listed()
    for list_id, duty in (("us_dow_1286", "inform"), ("us_bis_entity_list", "licence")):
        entry = _Entry(list_id, "2025", f"{list_id}-1", "Harbin Institute of Technology", duty, "told in full")
        _add(listed, ["Harbin Institute of Technology"], entry)
    return Registry(Desk(build([*rows, *shipped()]), listed, shipped_judge()))


def lens(**changes: object) -> Lens:
    """The shipped policy over the invented world."""
    made = Lens(default_policy(), registry(), fake_classifier, date(2026, 3, 1))
    return replace(made, **changes)  # type: ignore[arg-type]  # handed through


def submission(*affiliations: str, **more: object) -> Submission:
    """A submission with one author an affiliation."""
    authors = tuple(Author(name=f"Author {n}", affiliation=each) for n, each in enumerate(affiliations, 1))
    values: dict[str, object] = {"submission_id": "1", "title": "Sorting", "authors": authors, "year": 2026, **more}
    return Submission(**values)  # type: ignore[arg-type]  # handed through


def bundle(*affiliations: str, **more: object) -> Bundle:
    """The same without papers and profiles."""
    return Bundle(submission(*affiliations, **more))


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> ConferenceSummary:
    """The invented conference on disk."""
    return conference(tmp_path_factory.mktemp("conference"), ConferencePlan(submissions=240, seed=5))


@pytest.fixture(scope="session")
def imported(invented: ConferenceSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds it, with registry and list in force. Copied, never written to."""
    root = tmp_path_factory.mktemp("imported") / "ws"
    clock = FixedClock(NOON)
    with_store = Store(workspace(root), catalogue())
    load(with_store, ANNA, [invented.registry], clock=clock)
    load_lists(with_store, ANNA, [invented.watchlist], clock=clock)
    for result in take(Intake(with_store, ANNA, clock, "main", default_policy()), [invented.venue]):
        assert not result.problem
    with_store.close()
    return root


@pytest.fixture
def office(imported: Path, tmp_path: Path) -> Iterator[Office]:
    """An integrity officer's place of the test's own."""
    from vedette.store import Workspace

    root = shutil.copytree(imported, tmp_path / "ws")
    opened = Store(Workspace(root), catalogue())
    yield Office(opened, ANNA, FixedClock(NOON))
    opened.close()


@pytest.fixture
def empty(store: Store) -> Office:
    """A place without submissions, on every state database."""
    return Office(store, ANNA, FixedClock(NOON))
