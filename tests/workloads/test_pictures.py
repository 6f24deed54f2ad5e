"""Pictures hold the numbers that they show, and name the thresholds near."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.workloads.test_forecast import line
from vedette.documents import svg
from vedette.workloads import classify, pictures
from vedette.workloads.forecast import Course, thresholds


class TestCourse:
    def test_it_ends_at_what_the_ledger_says_and_begins_at_nothing(self) -> None:
        course = Course(line(5e20), np.full(10, 5e19), 0.0, 0.0)
        figure = pictures.course(course, date(2026, 3, 1), thresholds(date(2026, 3, 1)))
        assert (figure.marks[0].value, figure.marks[0].label) == (0.0, "2026-02-19")
        assert (figure.marks[-1].value, figure.marks[-1].label) == (50.0, "2026-03-01")
        assert figure.marks[-1].low is not None and figure.marks[-1].low < 50 < (figure.marks[-1].high or 0)
        assert "10^21" in figure.description and "10^26" not in figure.description
        assert svg.write(figure).startswith("<svg")

    def test_a_year_has_few_marks(self) -> None:
        figure = pictures.course(Course(line(5e20), np.full(400, 1e18), 0.0, 0.0), date(2026, 3, 1), ())
        assert len(figure.marks) <= 62


class TestClasses:
    def test_hours_add_up_by_class(self) -> None:
        jobs = [classify.unseen("a", "1"), classify.unseen("a", "2")]
        assert [(mark.label, mark.value) for mark in pictures.classes(jobs, [3.0, 4.0]).marks] == [
            ("undetermined", 7.0)
        ]
