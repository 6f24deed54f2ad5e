"""The desk behind a door that answers all day: one for all threads, another one when something in force changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.made import ANNA
from tests.server.conftest import PEOPLE, write_list
from vedette import watchlists
from vedette.app.checks import Customer
from vedette.app.live import LiveDesk
from vedette.app.opening import create
from vedette.app.verify import Outcome
from vedette.base import FixedClock
from vedette.screening.live import LiveIndex
from vedette.store import Store

LISTED = Customer(
    "a-1", {"name": "Bartholomew Volkonskayev", "kind": "person", "country": "RU", "birth_date": "1961-03-14"}
)


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A workspace without a list."""
    store = create(tmp_path / "ws", "us")
    yield store
    store.close()


def desks(store: Store, clock: FixedClock) -> tuple[LiveDesk, Watch]:
    watch = Watch()
    return LiveDesk(store, "us", clock, LiveIndex(store, now=watch), now=watch), watch


def load(store: Store, clock: FixedClock, folder: Path) -> None:
    watchlists.load(store, ANNA, [write_list(folder / "s.ftm.json", PEOPLE)], clock=clock)


class TestLiveDesk:
    def test_it_stays_while_nothing_changes(self, empty: Store, clock: FixedClock) -> None:
        live, watch = desks(empty, clock)
        first = live.current()
        watch.now = 60
        assert live.current() is first

    def test_a_list_loaded_meanwhile_is_used_within_five_seconds(
        self, empty: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        live, watch = desks(empty, clock)
        before = live.current().decide(LISTED)
        load(empty, clock, tmp_path)
        watch.now = 5.0
        after = live.current().decide(LISTED)

        assert (before.outcome, list(before.checks_missing)) == (Outcome.REVIEW, ["screening"])
        assert (after.outcome, list(after.checks_missing)) == (Outcome.STOP, [])

    def test_another_day_has_another_desk(self, empty: Store, clock: FixedClock) -> None:
        """Policies and references hold for a day."""
        live, watch = desks(empty, clock)
        first = live.current()
        clock.advance(timedelta(days=1))
        watch.now = 5.0
        second = live.current()
        assert second is not first
        assert first.manifest["references_day"] != second.manifest["references_day"]

    def test_many_threads_decide_alike(self, empty: Store, clock: FixedClock, tmp_path: Path) -> None:
        load(empty, clock, tmp_path)
        live, _ = desks(empty, clock)
        told: list[Outcome] = []
        threads = [
            threading.Thread(target=lambda: told.append(live.current().decide(LISTED).outcome)) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told == [Outcome.STOP] * 8
