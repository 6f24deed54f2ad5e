"""Logs read by several processes give what one process gives, whatever the sizes of the loads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vedette.events.records import Piece
from vedette.events.store import crew
from vedette.events.store.crew import Crew, CrewError, Job
from vedette.events.store.gather import Lot, Taken
from vedette.store import Store

LINE = (
    b'{"eventID":"%d","eventTime":"2026-01-05T09:00:00Z","eventName":"X","userIdentity":{"userName":"ann@example.org"}}'
)


def lots(count: int) -> list[Lot]:
    """Pieces of two records and one that is refused."""
    pieces = [Piece(1, b"\n".join((LINE % (2 * n), b"{oops", LINE % (2 * n + 1)))) for n in range(count)]
    return [Lot(n % 3, n, piece) for n, piece in enumerate(pieces)]


@pytest.fixture
def job(place: Store) -> Job:
    return Job("cloudtrail", place.workspace.keys, place.workspace.scratch, 1_770_000_000_000_000)


def read(job: Job, workers: int, count: int = 12) -> list[Taken]:
    with Crew(job, workers) as hands:
        found = [taken for lot in lots(count) for taken in hands.give(lot)]
        return [*found, *hands.finish()]


def counted(found: list[Taken]) -> tuple[dict[int, int], int]:
    read: dict[int, int] = {}
    for taken in found:
        for number, count in taken.read.items():
            read[number] = read.get(number, 0) + count
    return read, sum(len(taken.refused) for taken in found)


class TestCrew:
    @pytest.mark.parametrize("load", [1, 300, 1_000_000])
    def test_one_process_reads_everything_whatever_the_load(
        self, job: Job, monkeypatch: pytest.MonkeyPatch, load: int
    ) -> None:
        monkeypatch.setattr(crew, "_LOAD", load)
        assert counted(read(job, 1)) == ({0: 12, 1: 12, 2: 12}, 12)

    def test_several_processes_find_the_same_with_the_same_tokens(
        self, job: Job, place: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(crew, "_LOAD", 300)
        rows = {}
        for workers in (1, 2):
            found = read(job, workers)
            assert counted(found) == ({0: 12, 1: 12, 2: 12}, 12)
            paths = [path for taken in found for path in taken.paths]
            with place.engine([]) as engine:
                rows[workers] = engine.rows(
                    "SELECT n, file_no, event_id, principal_name, principal_email_token, raw "
                    f"FROM read_parquet({paths!r}) ORDER BY n"
                )
        assert rows[1] == rows[2]
        assert len(rows[1]) == 24
        assert "example.org" not in str(rows[2])

    def test_little_work_starts_no_process(self, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crew, "ProcessPoolExecutor", None)
        assert counted(read(job, 4))[1] == 12

    def test_a_system_that_cannot_start_processes_reads_alone(self, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuses(*_a: object, **_k: object) -> None:
            raise OSError("no semaphores here")

        monkeypatch.setattr(crew, "_LOAD", 300)
        monkeypatch.setattr(crew, "ProcessPoolExecutor", refuses)
        assert counted(read(job, 2)) == ({0: 12, 1: 12, 2: 12}, 12)

    def test_a_process_ended_from_outside_is_told(self, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
        from concurrent.futures.process import BrokenProcessPool

        class Broken:
            def result(self) -> Iterator[Taken]:
                raise BrokenProcessPool

        hands = Crew(job, 2)
        monkeypatch.setattr(crew, "wait", lambda *_a, **_k: ({Broken()}, set()))
        with pytest.raises(CrewError, match="ended from outside") as caught:
            list(hands._finished())
        assert caught.value.remedy


class TestJob:
    def test_it_is_plain_enough_for_another_process(self, job: Job, tmp_path: Path) -> None:
        import pickle

        assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 - what this test itself has just written
