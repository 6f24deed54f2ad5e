"""The counts of an intake."""

from __future__ import annotations

import pytest

from vedette.events.model import Intake


class TestIntake:
    def test_counts_must_add_up(self) -> None:
        with pytest.raises(ValueError, match="do not add up"):
            Intake(adapter="x", read=3, stored=1, known=1, duplicates=1)
        with pytest.raises(ValueError, match="do not add up"):
            Intake(adapter="x", read=1, stored=1, known=0, other=0)

    @pytest.mark.parametrize(
        ("intake", "failed"),
        [
            (Intake(adapter="x"), False),
            (Intake(adapter="x", read=100, stored=99, known=99, refused_count=1), False),
            (Intake(adapter="x", read=100, stored=98, known=98, refused_count=2), True),
            (Intake(adapter="x", faults=("f.json: is cut off",)), True),
        ],
    )
    def test_more_than_one_in_a_hundred_refused_is_a_failure(self, intake: Intake, failed: bool) -> None:
        assert intake.failed() is failed

    def test_the_contract_fields_are_there(self) -> None:
        assert {"adapter", "read", "stored", "known", "other", "duplicates", "refused"} <= Intake(
            adapter="x"
        ).as_json().keys()
