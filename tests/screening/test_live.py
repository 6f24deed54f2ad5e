"""The shared index: looked after every few seconds, swapped whole, and never lost to a list that cannot be read."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.made import ANNA
from tests.screening.conftest import write_list
from vedette import screening
from vedette.base import FixedClock, Name, Party
from vedette.screening import ScreeningError
from vedette.screening.live import Held, LiveIndex
from vedette.store import Store
from vedette.watchlists import ListError, load


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def names(held: Held | None, name: str) -> list[str]:
    """The listed names that a name finds."""
    assert held is not None
    return [match.name for match in screening.score(Party(id="q", names=(Name(name),)), against=held.index)]


def load_more(store: Store, clock: FixedClock, folder: Path, *people: str) -> None:
    clock.advance(timedelta(days=1))
    file = write_list(folder / f"{len(people)}.entities.ftm.json", *people)
    load(store, ANNA, [file], clock=clock, force=True, reason="test")


class TestLiveIndex:
    def test_without_a_list_there_is_no_index(self, store: Store) -> None:
        assert LiveIndex(store).current() is None
        assert LiveIndex(store).part(["sample"]) is None

    def test_a_new_list_is_seen_within_five_seconds_and_not_asked_for_before(
        self, loaded: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        watch = Watch()
        live = LiveIndex(loaded, now=watch)
        first = live.current()
        load_more(
            loaded, clock, tmp_path, "Bartholomew Volkonskayev", "Zarvanitsa Hydroacoustic", "Ottokar Wimbeldonius"
        )

        watch.now = 4.9
        assert live.current() is first
        watch.now = 5.0
        second = live.current()

        assert names(first, "Ottokar Wimbeldonius") == []
        assert names(second, "Ottokar Wimbeldonius") == ["Ottokar Wimbeldonius"]
        assert second is not None
        assert second.versions[0].entries == 3

    def test_while_nothing_changes_the_index_stays_the_same_object(self, loaded: Store) -> None:
        watch = Watch()
        live = LiveIndex(loaded, now=watch)
        first = live.current()
        watch.now = 100.0
        assert live.current() is first

    def test_a_list_that_cannot_be_read_leaves_the_old_one_in_use(
        self, loaded: Store, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watch = Watch()
        live = LiveIndex(loaded, now=watch)
        first = live.current()
        load_more(loaded, clock, tmp_path, "A B", "C D", "E F")

        def broken(*_: object) -> None:
            raise ListError("does not match its hash")

        with monkeypatch.context() as patched:
            patched.setattr("vedette.screening.live.open_index", broken)
            watch.now = 5.0
            assert live.current() is first
            assert live.fault == "does not match its hash"
        watch.now = 10.0
        assert live.current() is not first
        assert live.fault == ""

    def test_what_was_never_readable_is_an_error_and_not_an_empty_index(
        self, loaded: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ScreeningError("broken")

        monkeypatch.setattr("vedette.screening.live.open_index", broken)
        live = LiveIndex(loaded)
        for _ in range(2):
            with pytest.raises(ScreeningError):
                live.current()

    def test_threads_that_come_first_together_open_it_once(
        self, loaded: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[int] = []
        real = screening.open_index

        def counted(*given: object) -> object:
            opened.append(1)
            return real(*given)  # type: ignore[arg-type]  # handed on as they came

        monkeypatch.setattr("vedette.screening.live.open_index", counted)
        live = LiveIndex(loaded)
        found: list[Held | None] = []
        threads = [threading.Thread(target=lambda: found.append(live.current())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(opened) == 1
        assert len({id(held) for held in found}) == 1


class TestPart:
    def test_some_lists_have_an_index_of_their_own(self, loaded: Store, clock: FixedClock, tmp_path: Path) -> None:
        other = write_list(tmp_path / "other.entities.ftm.json", "Ottokar Wimbeldonius")
        load(loaded, ANNA, [other], clock=clock, list_id="other")
        live = LiveIndex(loaded)

        part = live.part(["other"])

        assert names(part, "Ottokar Wimbeldonius") == ["Ottokar Wimbeldonius"]
        assert names(part, "Bartholomew Volkonskayev") == []
        assert live.part(["other"]) is part
        assert live.part(["other", "sample"]) is live.current()

    def test_entries_are_found_by_list_and_id(self, loaded: Store) -> None:
        held = LiveIndex(loaded).current()
        assert held is not None
        for key, number in held.numbers.items():
            assert (held.index.edition(number).list_id, held.index.listing(number).entity_id) == key
        assert len(held.numbers) == len(held.index)
        assert held.version("sample").list_id == "sample"
