"""Listed institutions: named with the obligation, and never for a longer name that is another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.institutions.conftest import take
from tests.made import JOB
from vedette import watchlists
from vedette.base import FixedClock
from vedette.institutions import open_desk
from vedette.institutions.index import Index
from vedette.institutions.judge import shipped_judge
from vedette.institutions.listed import Listed, _add, _Entry
from vedette.institutions.resolve import find
from vedette.store import Store

ROOT = Path(__file__).resolve().parents[2] / "src" / "vedette"


@pytest.fixture(scope="module")
def listed() -> Listed:
    found = Listed()
    for name in ("Nanjing University", "Tianjin University", "Harbin Institute of Technology", "SUT"):
        _add(found, [name], _Entry("sample", "v1", name, name, "inform", "Weigh the tie."))
    return found


class TestCompetition:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("Nanjing University, China", ["Nanjing University"]),
            ("Nanjing University of Aeronautics and Astronautics", []),
            ("Tianjin University of Technology, Tianjin", []),
            ("School of Physics, Tianjin University", ["Tianjin University"]),
            ("Harbin Institute of Technology, Shenzhen", ["Harbin Institute of Technology"]),
            ("Sutter Health", []),
            ("SUT", []),
            ("SUTD, Singapore", []),
        ],
    )
    def test_a_longer_name_wins_unless_it_is_a_part(
        self, world: Index, listed: Listed, text: str, names: list[str]
    ) -> None:
        found = find(text, world, judge=shipped_judge())
        assert [item.name for item in listed.names(found, world)] == names


class TestFromLists:
    def test_lists_in_force_and_trackers_name_their_obligation(self, store: Store, clock: FixedClock) -> None:
        sample = next((ROOT / "watchlists" / "sources" / "us_dow_1286").glob("sample.*"))
        watchlists.load(store, JOB, [sample], clock=clock, force=True, reason="a sample")
        take(store, clock, ROOT / "institutions" / "registries" / "tracker" / "sample.csv")
        desk = open_desk(store)
        (one,) = desk.resolve("Academy of Sample Sciences, Institute of Samples").listed
        assert (one.list_id, one.duty) == ("us_dow_1286", "inform")
        assert one.obligation.endswith(".")
        (two,) = desk.resolve("Sampleton Defence Institute, Sampleton").listed
        assert (two.list_id, two.obligation) == ("tracker", "Ask for a statement of end use.")
