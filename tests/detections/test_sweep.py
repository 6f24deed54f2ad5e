"""Thresholds moved up and down, within their legal range."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detections.made import rule, tables
from vedette.detections.execute import findings_of
from vedette.detections.model import Parameter
from vedette.detections.sweep import lines, values_near


def parameter(value: float, least: float, most: float, *, span: bool = False) -> Parameter:
    return Parameter(name="p", value=value, least=least, most=most, why="test", span=span)


class TestValuesNear:
    @pytest.mark.parametrize(
        ("value", "least", "most", "expected"),
        [
            (3, 2, 50, (2, 4, 5)),
            (10, 1, 100, (5, 8, 9, 11, 12, 15)),
            (0.5, 0.0, 1.0, (0.25, 0.375, 0.45, 0.55, 0.625, 0.75)),
            (1, 1, 2, (2,)),
        ],
    )
    def test_whole_thresholds_move_by_whole_steps(
        self, value: float, least: float, most: float, expected: tuple[float, ...]
    ) -> None:
        assert values_near(parameter(value, least, most)) == pytest.approx(expected)

    @given(st.integers(1, 10**6), st.integers(0, 100), st.integers(1, 100), st.booleans())
    def test_never_outside_the_legal_range(self, value: int, below: int, above: int, span: bool) -> None:
        found = values_near(parameter(value, max(0, value - below), value + above, span=span))
        assert all(max(0, value - below) <= item <= value + above and item != value for item in found)
        assert list(found) == sorted(set(found))


class TestLines:
    def test_each_line_says_what_it_would_add_and_lose(self, tmp_path: Path) -> None:
        failures = [
            {"event_id": f"{account}", "account_id": account, "time": "2026-01-05T09:00:00Z", "ip": "203.0.113.7"}
            | {"outcome": "failure", "repeat": times, "every": "1m"}
            for account, times in (("a-2", 2), ("a-3", 3), ("a-5", 5))
        ]
        made, engine = rule(tmp_path), tables(signins=failures)
        found = {
            line.value: (line.findings, line.new, line.lost)
            for line in lines(made, findings_of(engine, made), lambda other: findings_of(engine, other))
        }
        assert found == {2: (3, 1, 0), 4: (1, 0, 1), 5: (1, 0, 1)}
