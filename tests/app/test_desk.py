"""The desk's checks: many customers at once are answered exactly as one after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.scene import Desk as Commands
from tests.journeys.scene import ftm_person, write_list
from vedette.app.checks import Customer
from vedette.app.desk import desk
from vedette.app.opening import open_store
from vedette.app.verify import Desk, Outcome
from vedette.base import FixedClock

LISTED = {"owner_name": "Zebedee Marrowgate", "birth_date": "1971-04-05", "country": "CN", "owner_kind": "person"}


@pytest.fixture
def judge(bare: Commands, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    entries = [ftm_person("e-1", "Zebedee Marrowgate", "1971-04-05", "CN"), ftm_person("e-2", "Ottoline Vexworth")]
    bare("lists", "load", write_list(tmp_path / "invented_list.jsonl", entries)).done()
    opened = open_store(bare.root)
    yield desk(opened, "us", clock)
    opened.close()


CUSTOMERS = (
    Customer("clear", {"name": "Ann Example", "country": "US"}),
    Customer("nameless", {"country": "US"}, ({"owner_id": "o", **LISTED},)),
    Customer(
        "owned", {"name": "Harbour Loom Works", "kind": "organization"}, ({**LISTED, "share_min": 60, "share_max": 60},)
    ),
    Customer("nameless owner", {"name": "Bo Sample"}, ({"share_min": 60}, {"owner_id": "2", **LISTED})),
    Customer("named", {"name": "Ottoline Vexworth"}),
    Customer("paid from there", {"name": "Cy Instance", "payer_country": ["US", "North Korea"]}),
    Customer("last", {"name": "Dee Specimen", "country": "US"}),
)


class TestDesk:
    def test_together_or_apart_everybody_gets_the_same_answer(self, judge: Desk) -> None:
        """A wrong order of answers would hold an honest customer for another one's list entry."""
        together = judge.decide_all(CUSTOMERS)
        assert together == [judge.decide(customer) for customer in CUSTOMERS]
        outcomes = {item.query_id: item.outcome for item in together}
        assert outcomes == {
            "clear": Outcome.CLEAR,
            "nameless": Outcome.REVIEW,
            "owned": Outcome.STOP,
            "nameless owner": Outcome.STOP,
            "named": Outcome.REVIEW,
            "paid from there": Outcome.REVIEW,
            "last": Outcome.CLEAR,
        }

    def test_a_payment_from_north_korea_is_found_by_its_country(self, judge: Desk) -> None:
        verdict = judge.decide(Customer("q", {"name": "Ann Example", "payer_country": "KP"}))
        assert [finding.check for finding in verdict.findings] == ["presence/payer_country"]

    def test_what_it_rests_on_is_named_for_a_replay(self, judge: Desk) -> None:
        assert set(judge.manifest) == {
            *("home", "hold_hours", "lists", "references", "references_day", "policies", "models", "program"),
        }
        assert "invented_list" in str(judge.manifest["lists"])
