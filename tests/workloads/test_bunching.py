"""Spend just under a limit stands out where two related accounts both do it; prices that everybody pays do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import JOB
from tests.workloads.made import CLOCK, fleet, job, put
from vedette import accounts, events, workloads
from vedette.workloads.bunching import OPERATIONS, Limit, Spend, bunched, limits
from vedette.workloads.store.spend import outlays

_TEN = Limit("USD", 10_000.0, 0.15)
PAIR = ("a", "b")


def paid(account: str, *amounts: float, unit: str = "USD") -> list[Spend]:
    return [Spend(account, unit, amount) for amount in amounts]


def under(account: str, count: int, start: float = 9_000.0) -> list[Spend]:
    return paid(account, *(start + 37.5 * number for number in range(count)))


def strangers() -> list[Spend]:
    """Forty accounts whose amounts lie on both sides alike."""
    return [item for n in range(40) for item in paid(f"x-{n}", 9_100 + 20 * n, 10_000 + 25 * n)]


class TestBunched:
    def test_two_that_keep_under_a_limit(self) -> None:
        bits, reason = bunched([*strangers(), *under("a", 6), *under("b", 7)], [_TEN], {PAIR})[PAIR]
        assert bits == pytest.approx(6.0)
        assert reason.startswith("6 and 7 different amounts lie just under 10,000 USD, 0 at it or just over")

    @pytest.mark.parametrize(
        ("why", "spent", "related"),
        [
            ("nothing relates them", [*under("a", 6), *under("b", 7)], set()),
            ("only one does it", [*under("a", 12), *under("b", 1)], {PAIR}),
            ("too few amounts", [*under("a", 2), *under("b", 3)], {PAIR}),
            ("as many over it", [*under("a", 6), *under("b", 6), *paid("a", *range(10_000, 11_200, 100))], {PAIR}),
            ("one price, paid each month", [*paid("a", *[9_990.0] * 12), *paid("b", *[9_990.0] * 12)], {PAIR}),
            ("another currency", [*paid("a", *range(9_000, 9_600, 50), unit="EUR"), *under("b", 7)], {PAIR}),
            ("far below", [*under("a", 9, 4_000), *under("b", 9, 4_000)], {PAIR}),
        ],
    )
    def test_what_says_nothing(self, why: str, spent: list[Spend], related: set[tuple[str, str]]) -> None:
        assert bunched([*strangers(), *spent], [_TEN], related) == {}, why

    def test_where_the_whole_fleet_pays_below_it_is_no_surprise(self) -> None:
        """A price list that ends at 9,990 puts strangers there, too."""
        fleet_wide = [item for n in range(60) for item in under(f"x-{n}", 4)]
        found = bunched([*fleet_wide, *under("a", 6), *under("b", 7)], [_TEN], {PAIR})
        assert found == {}

    def test_every_limit_looked_at_is_paid_for(self) -> None:
        spent = [*strangers(), *under("a", 3), *under("b", 3), *paid("a", 10_500)]
        few = bunched(spent, [_TEN], {PAIR})[PAIR][0]
        many = bunched(spent, [_TEN, *(Limit("USD", amount, 0.01) for amount in (1e5, 2e5, 3e5))], {PAIR})[PAIR][0]
        assert few < 6
        assert many == pytest.approx(few - 2)

    @given(
        st.lists(
            st.builds(Spend, st.sampled_from("abcd"), st.just("USD"), st.floats(1, 2e4, allow_nan=False)), max_size=60
        )
    )
    @settings(max_examples=50, deadline=None)
    def test_bits_are_bounded_whatever_is_paid(self, spent: list[Spend]) -> None:
        for bits, _ in bunched(spent, limits([1e20]), {PAIR, ("c", "d")}).values():
            assert 1.0 <= bits <= 6.0


class TestLimits:
    def test_each_currency_has_its_own_and_operations_the_house_s(self) -> None:
        units = {limit.unit for limit in limits([1e20, 1e21])}
        assert units == {"USD", "EUR", "KRW", OPERATIONS}


class TestLake:
    @pytest.fixture
    def rows(self) -> list[dict[str, Any]]:
        from tests.workloads.made import at

        paid_ = [("a-1", 9_000 + 31 * n) for n in range(7)] + [("a-2", 9_100 + 29 * n) for n in range(7)]
        paid_ += [(f"x-{n}", amount) for n in range(30) for amount in (9_200 + n, 10_100 + n)]
        paid_ += [("a-1", -9_500), ("a-1", 120)]
        return [
            {"payment_id": f"p-{n}", "account_id": account, "time": at(n), "amount": amount, "currency": "usd"}
            for n, (account, amount) in enumerate(paid_)
        ]

    def test_one_owner_s_accounts_that_pay_just_under_a_limit(self, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
        store = fleet(tmp_path / "ws")
        export = tmp_path / "e"
        allocations = [job("a-1", "j-1", 0, 60), job("a-2", "j-2", 9_000, 60)]
        owners = [
            {"account_id": account, "owner_id": "own-1", "owner_name": "Example Holding", "owner_kind": "organization"}
            for account in ("a-1", "a-2")
        ]
        held = [{"account_id": row} for row in sorted({row["account_id"] for row in rows})]
        put(store, export, allocations=allocations, payments=rows, owners=owners, accounts=held)
        events.ingest_tables(store, JOB, export, clock=CLOCK)
        accounts.load(store, JOB, export, clock=CLOCK)

        (found,) = workloads.split_work(store, CLOCK)

        assert found.accounts == ("a-1", "a-2")
        assert found.linked
        assert any("7 and 7 different amounts lie just under 10,000 USD" in reason for reason in found.reasons)
        assert any("one owner is declared" in reason for reason in found.reasons)
        store.close()

    def test_months_of_operations_are_amounts_too(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", allocations=[job("a-1", "j-1", 0, 600), job("a-1", "j-2", 700, None)])
        (found,) = outlays(store, limits([1e20]))
        assert found.unit == OPERATIONS
        assert found.amount == pytest.approx(8 * 36_000 * 989.4e12 * 0.134, rel=0.02)
        store.close()
