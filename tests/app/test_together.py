"""Threads that wait at one counter: each gets its own result or its own fault, and the work is shared."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from vedette.app.together import Together


class TestTogether:
    def test_each_caller_gets_his_own(self) -> None:
        shared: Together[int, int] = Together(lambda items: [item * 10 for item in items])
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(shared.do, range(200))) == [number * 10 for number in range(200)]

    def test_whoever_comes_while_another_works_is_done_in_one_go_with_the_rest(self) -> None:
        begun, free = threading.Event(), threading.Event()
        sizes: list[int] = []

        def work(items: Sequence[int]) -> list[int]:
            sizes.append(len(items))
            begun.set()
            free.wait(10)
            return list(items)

        shared: Together[int, int] = Together(work)
        with ThreadPoolExecutor(8) as pool:
            first = pool.submit(shared.do, 0)
            begun.wait(10)
            others = [pool.submit(shared.do, number) for number in range(1, 6)]
            while len(shared._waiting) < 5:
                pass
            free.set()
            assert [first.result(10), *(other.result(10) for other in others)] == list(range(6))
        assert sizes == [1, 5]

    def test_a_fault_strikes_only_its_own_caller(self) -> None:
        def work(items: Sequence[int]) -> list[int | Exception]:
            return [ValueError("odd") if item % 2 else item for item in items]

        shared: Together[int, int] = Together(work)
        assert shared.do(2) == 2
        with pytest.raises(ValueError, match="odd"):
            shared.do(3)

    def test_where_the_work_itself_fails_everybody_hears_of_it_and_the_next_goes_on(self) -> None:
        faults = [OSError("disk"), None]

        def work(items: Sequence[int]) -> Sequence[int]:
            fault = faults.pop(0)
            if fault is not None:
                raise fault
            return items

        shared: Together[int, int] = Together(work)
        with pytest.raises(OSError, match="disk"):
            shared.do(1)
        assert shared.do(2) == 2

    def test_nobody_waits_for_ever_on_a_thread_that_was_stopped(self) -> None:
        begun, free = threading.Event(), threading.Event()

        def work(items: Sequence[int]) -> Sequence[int]:
            begun.set()
            free.wait(10)
            raise KeyboardInterrupt

        shared: Together[int, int] = Together(work)
        told: list[BaseException] = []

        def stopped() -> None:
            try:
                shared.do(0)
            except KeyboardInterrupt as fault:
                told.append(fault)

        thread = threading.Thread(target=stopped)
        thread.start()
        begun.wait(10)
        place = shared._waiting
        free.set()
        thread.join(10)
        assert (len(told), place) == (1, [])
        shared._work = list
        assert shared.do(3) == 3
