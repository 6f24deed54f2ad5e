"""What makes a list unbelievable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vedette.base import Name, Party
from vedette.watchlists.guards import doubts, names_in
from vedette.watchlists.model import Listing
from vedette.watchlists.source import source

SOURCE = replace(source("us_ofac_sdn"), expected_min=5, expected_max=50, max_shrink=0.1)


def listings(count: int, names: int = 1) -> list[Listing]:
    made = tuple(Name(f"N{index}") for index in range(names))
    return [Listing(entity_id=str(index), party=Party(id=str(index), names=made)) for index in range(count)]


class TestDoubts:
    @pytest.mark.parametrize(
        ("count", "in_force", "problems"),
        [
            (20, None, []),
            (5, None, []),
            (4, None, ["fewer than the 5"]),
            (0, None, ["fewer than the 5"]),
            (50, None, []),
            (51, None, ["more than the 50"]),
            (18, (20, 18), []),
            (17, (20, 17), ["17 entries follow 20 in force, a loss of 15%"]),
            (
                20,
                (20, 40),
                ["20 names follow 40 in force, a loss of 50% (at most 10%); were the alias files left out?"],
            ),
            (17, (20, 40), ["17 entries", "17 names"]),
            (40, (20, 20), []),
        ],
    )
    def test_each_reason_is_told(self, count: int, in_force: tuple[int, int] | None, problems: list[str]) -> None:
        found = doubts(SOURCE, listings(count), in_force)
        assert len(found) == len(problems)
        for fault, problem in zip(found, problems, strict=True):
            assert problem in str(fault)
            assert "--force" in fault.remedy

    def test_names_are_counted_over_all_listings(self) -> None:
        assert names_in(listings(3, names=4)) == 12
