"""Comparing two versions of a rule: what changed, what it asks of the team, and whom it touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import finding
from vedette.base import Finding
from vedette.detections.comparing import Load, compare, interval, load, parity

DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def on(day: int, account: str) -> Finding:
    moment = DAY + timedelta(days=day)
    return finding(account=account, first_seen=moment, last_seen=moment)


class TestCompare:
    def test_new_lost_and_kept_by_subject_and_window_whatever_the_rule_is_called(self) -> None:
        before = [finding("network/old", "a-1"), finding("network/old", "a-2")]
        after = [
            finding("network/new", "a-2"),
            finding("network/new", "a-3"),
            finding("network/new", "a-2", window="w"),
        ]
        found = compare(before, after)
        assert [item.subject.id for item in found.lost] == ["a-1"]
        assert [(item.subject.id, item.window) for item in found.new] == [("a-3", ""), ("a-2", "w")]
        assert [item.subject.id for item in found.kept] == ["a-2"]

    @given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
    def test_nothing_is_counted_twice_or_forgotten(self, before: set[int], after: set[int]) -> None:
        made = [[finding(account=f"a-{number}") for number in numbers] for numbers in (before, after)]
        found = compare(*made)
        assert len(found.new) + len(found.kept) == len(after)
        assert len(found.lost) + len(found.kept) == len(before)


class TestLoad:
    def test_quiet_days_between_count(self) -> None:
        found = load([on(0, "a"), on(0, "b"), on(3, "c")], capacity=1)
        assert (found.days, found.mean, found.most, found.busiest) == (4, 0.75, 2, date(2026, 1, 5))
        assert found.over_capacity == 1

    def test_nothing_found_asks_nothing(self) -> None:
        assert load([], capacity=3) == Load(over_capacity=0)
        assert load([]).over_capacity is None


class TestParity:
    def customers(self, **groups: int) -> dict[str, dict[str, str]]:
        return {f"{group}-{number}": {"country": group} for group, size in groups.items() for number in range(size)}

    def test_a_group_hit_far_more_often_is_pointed_out_and_an_even_one_is_not(self) -> None:
        customers = self.customers(fr=200, kr=200)
        found = [finding(account=f"kr-{number}") for number in range(40)]
        found += [finding(account=f"fr-{number}") for number in range(4)]
        rates = {item.value: item for item in parity(found, customers, ["country"])}
        assert (rates["kr"].rate, rates["kr"].others, rates["kr"].noticeable) == (0.2, 0.02, True)
        assert not rates["fr"].noticeable
        even = [finding(account=f"{group}-{number}") for group in ("fr", "kr") for number in range(20)]
        assert not any(item.noticeable for item in parity(even, customers, ["country"]))

    def test_small_groups_are_put_together_so_that_nobody_is_singled_out(self) -> None:
        rates = parity(
            [finding(account="is-0")], self.customers(fr=30, is_=0) | self.customers(**{"is": 1, "li": 2}), ["country"]
        )
        assert {item.value: item.accounts for item in rates} == {"fr": 30, "(small groups)": 3}

    def test_accounts_that_are_not_held_count_for_nothing(self) -> None:
        (rate,) = parity([finding(account="gone")], self.customers(fr=30), ["country"])
        assert (rate.touched, rate.noticeable) == (0, False)


class TestInterval:
    @pytest.mark.parametrize(
        ("hits", "size", "low", "high"),
        [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)],
    )
    def test_wilson(self, hits: int, size: int, low: float, high: float) -> None:
        assert interval(hits, size) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))

    @given(st.integers(1, 500).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))))
    def test_the_share_lies_within(self, pair: tuple[int, int]) -> None:
        low, high = interval(*pair)
        assert -1e-9 <= low <= pair[0] / pair[1] + 1e-9 and pair[0] / pair[1] - 1e-9 <= high <= 1 + 1e-9
