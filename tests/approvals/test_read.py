"""The policy table is read strictly."""

from __future__ import annotations

import pytest

from vedette import approvals
from vedette.approvals import read_policy
from vedette.base import ContentError

GOOD = """\
caption: A table.
checked_on: 2026-11-23
why: Because.
actions:
  - id: case.suspend
    approvals: 1
    why: It harms.
    citation: [EAR-04]
"""


class TestReadPolicy:
    def test_good(self) -> None:
        table = read_policy(GOOD, "actions.yml")

        assert table.actions["case.suspend"].approvals == 1
        assert table.version == read_policy(GOOD, "elsewhere.yml").version
        assert len(table.version) == 64

    @pytest.mark.parametrize(
        ("old", "new", "place"),
        [
            ("approvals: 1", "aprovals: 1", "actions.yml:5"),
            ("approvals: 1", "approvals: -1", "actions.yml:6"),
            ("approvals: 1", "approvals: 99", "actions.yml:6"),
            ("approvals: 1", "approvals: true", "actions.yml:6"),
            ("    why: It harms.\n", "", "actions.yml:5"),
            ("[EAR-04]", "[]", "actions.yml:8"),
            ("caption", "captoin", "actions.yml:1"),
        ],
    )
    def test_faults_name_their_place(self, old: str, new: str, place: str) -> None:
        with pytest.raises(ContentError) as fault:
            read_policy(GOOD.replace(old, new), "actions.yml")

        assert str(fault.value).startswith(place)

    def test_an_action_stands_once(self) -> None:
        with pytest.raises(ContentError, match="already taken"):
            read_policy(GOOD + GOOD.partition("actions:\n")[2], "actions.yml")


class TestOver:
    @pytest.mark.parametrize(("count", "needed"), [(None, 1), (1, 0), (25, 0), (26, 1), (10_000, 1)])
    def test_a_bulk_act_needs_a_second_person_over_twenty_five(self, count: int | None, needed: int) -> None:
        assert approvals.needs("case.bulk", count=count) == needed

    def test_a_number_waives_nothing_where_the_table_names_none(self) -> None:
        assert approvals.needs("case.suspend", count=1) == 1
