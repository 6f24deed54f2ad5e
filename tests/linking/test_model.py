"""The arithmetic of bits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.linking.model import Kind, Part, combined, confidence, exact, population, prior, weight

DEVICE = Kind(kind="device", family="machine", m=0.8, most_holders=20, why="one machine")
CAPPED = Kind(kind="ip", family="machine", m=0.5, most_holders=50, most_bits=3.0, why="one address")


class TestWeight:
    @pytest.mark.parametrize(
        ("kind", "holders", "accounts", "bits"),
        [
            (DEVICE, 2, 1024, 8.671875),
            (DEVICE, 1024, 1024, 0.0),
            (CAPPED, 2, 1024, 3.0),
            (DEVICE, 2, 1 << 20, 18.671875),
        ],
    )
    def test_cases(self, kind: Kind, holders: int, accounts: int, bits: float) -> None:
        assert weight(kind, holders, accounts) == bits

    @given(st.integers(1, 1000), st.integers(1, 1 << 24))
    def test_more_holders_never_weigh_more(self, holders: int, accounts: int) -> None:
        assert weight(DEVICE, holders + 1, accounts) <= weight(DEVICE, holders, accounts)


class TestCombined:
    @pytest.mark.parametrize(
        ("parts", "bits"),
        [
            ([], 0.0),
            ([("machine", 9.0)], 9.0),
            ([("machine", 9.0), ("machine", 1.0)], 10.0),
            ([("machine", 9.0), ("machine", 8.0)], 11.0),
            ([("machine", 9.0), ("payment", 8.0)], 17.0),
        ],
    )
    def test_a_family_counts_its_strongest_and_a_little(self, parts: list[tuple[str, float]], bits: float) -> None:
        assert combined([Part("k", family, 2, size) for family, size in parts], 2.0) == bits


@pytest.mark.parametrize(("accounts", "size"), [(0, 2), (1, 2), (2, 2), (3, 2), (4, 4), (1023, 512), (1024, 1024)])
def test_population_is_a_power_of_two(accounts: int, size: int) -> None:
    assert population(accounts) == size


@pytest.mark.parametrize(
    ("bits", "probability"), [(0.0, 0.5), (6.0, 0.984615), (-6.0, 0.015385), (1e6, 1.0), (-1e6, 0.0)]
)
def test_confidence(bits: float, probability: float) -> None:
    assert confidence(bits) == probability


def test_prior_costs_the_size_of_the_house() -> None:
    assert prior(1024, 0.25) == -12.0
    assert prior(0, 0.25) == -3.0


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_exact_bits_add_up_in_any_order(values: list[float], order: object) -> None:
    bits = [exact(value) for value in values]
    total = sum(bits)
    order.shuffle(bits)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert sum(bits) == total
