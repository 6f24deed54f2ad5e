"""Thresholds are dated content; the forecast follows rate, reservations and the ledger's error."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from vedette.workloads.forecast import Course, Forecast, Threshold, forecasts, thresholds
from vedette.workloads.model import Line, Scope
from vedette.workloads.noticing import of_forecasts

_NOW = datetime(2026, 3, 1, tzinfo=UTC)


def line(p50: float, spread: float = 1.2) -> Line:
    return Line(
        scope=Scope.OWNER,
        id="o",
        begin="2026-01-01T00:00:00Z",
        end="2026-03-01T00:00:00Z",
        p5=p50 / spread,
        p50=p50,
        p95=p50 * spread,
        minimum=p50,
        maximum=p50,
        bound=p50 * 10,
        training_p50=0.0,
        largest_run_p50=p50,
        integer_share=None,
        integer_bound=None,
        gpu_hours=1.0,
        unknown_gpu_hours=0.0,
        method="tensor",
        coverage=1.0,
        accounts=("a",),
    )


def one(
    p50: float, weekly: float, *, limit: float = 1e21, reserved: float = 0.0, notice: int = 0, state: str = "in_force"
) -> Forecast:
    course = Course(line(p50), np.full(56, weekly / 7), reserved, 30.0 if reserved else 0.0)
    (found,) = forecasts([course], [Threshold("t", "A threshold", state, limit, notice, "Effect.", ("KYC-18",))], _NOW)
    return found


class TestThresholds:
    def test_law_stands_with_its_state_that_day(self) -> None:
        by_id = {item.policy: item for item in thresholds(date(2026, 3, 1))}
        assert by_id["eu_gpai_systemic_compute"].operations == 1e25
        assert by_id["eu_gpai_systemic_compute"].notice_days == 14
        assert by_id["us_eo14110_compute"].state == "expired"
        assert by_id["own_compute_1e20"].state == "in_force"
        assert {item.policy: item for item in thresholds(date(2025, 12, 1))}["us_ca_sb53_compute"].state == "not_yet"

    def test_which_operations_a_text_counts_is_data(self) -> None:
        counts = {item.policy: set(item.counts) for item in thresholds(date(2026, 3, 1))}
        assert counts["us_ca_sb53_compute"] == {"floating", "integer"}
        assert counts["eu_gpai_systemic_compute"] == {"floating"}
        assert all(held and held <= {"floating", "integer"} for held in counts.values())

    def test_the_smallest_first(self) -> None:
        sizes = [item.operations for item in thresholds(date(2026, 3, 1))]
        assert sizes == sorted(sizes)


class TestForecast:
    def test_a_steady_course_arrives_when_arithmetic_says(self) -> None:
        found = one(5e20, 1e20)
        assert found.crossed == 0.0
        assert found.expected is not None
        assert abs((found.expected - date(2026, 4, 5)).days) <= 7
        assert found.earliest is not None and found.earliest < found.expected

    def test_chances_grow_with_time(self) -> None:
        found = one(5e20, 1e20)
        assert found.crossed <= found.within_30 <= found.within_90 <= found.within_365

    def test_who_stopped_does_not_arrive(self) -> None:
        course = Course(line(5e20), np.concatenate((np.full(7, 1e19), np.zeros(70))), 0.0, 0.0)
        assert forecasts([course], [Threshold("t", "T", "in_force", 1e22, 0, "E.", ())], _NOW) == []

    def test_what_is_reserved_comes(self) -> None:
        assert one(5e20, 1e18, reserved=1e21).within_90 > 0.9

    def test_past_is_past(self) -> None:
        assert one(5e21, 1e18).crossed == 1.0


class TestFindings:
    @pytest.mark.parametrize(
        ("crossed", "standing", "told"),
        [(0.55, False, True), (0.45, False, False), (0.45, True, True), (0.3, True, False)],
    )
    def test_they_do_not_come_and_go(self, crossed: float, standing: bool, told: bool) -> None:
        from dataclasses import replace

        item = replace(one(9e20, 1e18), crossed=crossed)
        (sure,) = of_forecasts([replace(item, crossed=1.0)], {("owner", "o"): ("a",)}, set(), _NOW)
        found = of_forecasts([item], {("owner", "o"): ("a",)}, {sure.id} if standing else set(), _NOW)
        assert bool(found) is told

    def test_a_text_that_is_not_in_force_gives_none(self) -> None:
        assert of_forecasts([one(5e21, 1e18, state="expired")], {("owner", "o"): ("a",)}, set(), _NOW) == []

    def test_a_notice_period_tells_before_the_crossing(self) -> None:
        item = one(8e20, 2e20, notice=14)
        assert item.crossed < 0.5 < item.within_30
        (found,) = of_forecasts([item], {("owner", "o"): ("a",)}, set(), _NOW)
        assert "expected to pass" in found.summary
