"""The compute ledger on pages: the band and the thresholds, numbers as a file, gaps said plainly, and the tab of a case."""

from __future__ import annotations

import pytest

from tests.console.desk import Desk
from vedette.workloads.pages import power


class TestPower:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(3.21e21, "3.2 × 10²¹"), (0.0, "0"), (None, ""), (12.0, "1.2 × 10¹"), (9.96e20, "1.0 × 10²¹")],
    )
    def test_operations_are_written_for_people(self, value: float | None, text: str) -> None:
        assert power(value) == text


class TestLedger:
    def test_a_line_tells_its_band_and_what_it_rests_on(self, desk: Desk) -> None:
        text = desk.get("/compute?scope=account").text
        assert "a-00000" in text and "tensor activity" in text and "allocation only" in text

    def test_the_file_holds_the_view(self, desk: Desk) -> None:
        lines = desk.get("/compute.csv?scope=account&contains=a-00001").text.splitlines()
        assert len(lines) == 2 and "a-00001" in lines[1]

    def test_nothing_held_says_nothing_about_what_ran(self, desk: Desk) -> None:
        assert "says nothing about what ran" in desk.get("/compute?scope=actor").text

    @pytest.mark.parametrize("query", ["scope=x", "contains=%3Cscript%3E", "scope=account&contains=%00"])
    def test_a_strange_choice_is_told_as_a_page(self, desk: Desk, query: str) -> None:
        answer = desk.get(f"/compute?{query}")
        assert answer.status_code == 200 and "<script>" not in answer.text


class TestHolder:
    def test_course_forecast_and_jobs(self, desk: Desk) -> None:
        text = desk.get("/compute/holder?scope=account&id=a-00000").text
        assert "data-course=" in text and "What may come" in text and "j-1" in text

    def test_time_that_nobody_saw_is_said(self, desk: Desk) -> None:
        """An estimate that rests on allocations alone never looks like a measurement."""
        assert "1 jobs were seen less than half" in desk.get("/compute/holder?scope=account&id=a-00001").text

    def test_its_numbers_as_a_file(self, desk: Desk) -> None:
        assert desk.get("/compute/holder.csv?scope=account&id=a-00000").text.count("\n") > 10

    @pytest.mark.parametrize("path", ["holder", "holder.csv"])
    def test_an_unknown_holder(self, desk: Desk, path: str) -> None:
        assert desk.get(f"/compute/{path}?scope=account&id=nobody").status_code == 404


class TestCase:
    def test_the_tab_shows_the_accounts_of_the_case(self, desk: Desk) -> None:
        case = next(row["case_id"] for row in desk.get("/queue.json").json()["cases"] if row["accounts"] == ["a-00000"])
        page = desk.get(f"/cases/{case}?tab=compute").text
        assert f"/compute/about?case={case}&amp;account=a-00000" in page
        part = desk.get(f"/compute/about?case={case}&account=a-00000", **{"HX-Request": "true"}).text
        assert "<!doctype" not in part and "data-course=" in part and "a-00001" not in part

    def test_a_case_without_compute(self, desk: Desk) -> None:
        assert "Nothing is in the ledger" in desk.get("/compute/about?case=x&account=a-00007").text
