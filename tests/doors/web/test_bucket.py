"""Each caller has a bucket of its own; a debt is paid before the next request."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.doors.web.bucket import Buckets


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def buckets(rate: float, burst: float) -> tuple[Buckets, Watch]:
    watch = Watch()
    return Buckets(rate, burst, watch), watch


class TestBuckets:
    def test_a_burst_then_the_rate(self) -> None:
        found, watch = buckets(2, 3)
        assert [found.take("a") for _ in range(4)] == [0, 0, 0, 1]
        watch.now = 0.5
        assert [found.take("a"), found.take("a")] == [0, 1]

    def test_callers_do_not_share(self) -> None:
        found, _ = buckets(1, 1)
        assert [found.take("a"), found.take("b"), found.take("a")] == [0, 0, 1]

    def test_a_debt_is_paid_first(self) -> None:
        found, watch = buckets(10, 10)
        assert found.take("a") == 0
        found.owe("a", 109)
        assert found.take("a") == 11
        watch.now = 10.0
        assert found.take("a") == 1
        watch.now = 10.2
        assert found.take("a") == 0

    @pytest.mark.parametrize("amount", [0, -5])
    def test_nothing_is_owed_for_nothing(self, amount: float) -> None:
        found, _ = buckets(1, 1)
        found.owe("a", amount)
        assert found.take("a") == 0

    def test_no_rate_is_no_limit(self) -> None:
        found, _ = buckets(0, 0)
        found.owe("a", 1000)
        assert {found.take("a") for _ in range(100)} == {0}

    def test_many_callers_are_forgotten_oldest_first(self) -> None:
        found, _ = buckets(1, 1)
        for number in range(10_050):
            found.take(str(number))
        assert found.take("0") == 0
        assert found.take("10049") == 1

    @given(st.lists(st.floats(0, 5), max_size=60))
    def test_never_more_than_burst_and_rate_allow(self, steps: list[float]) -> None:
        found, watch = buckets(2, 4)
        let_in = 0
        for step in steps:
            watch.now += step
            let_in += found.take("a") == 0
        assert let_in <= 4 + 2 * watch.now + 1e-6
