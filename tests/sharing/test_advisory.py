"""The advisory of a month: five customers' cases or nothing, nobody recognisable, nothing for those who want to evade."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.made import ANNA, BERT, JOB, finding, workspace
from tests.sharing.blind_group import CARA
from vedette import audit, cases, detections, findings
from vedette.app.rooms import catalogue
from vedette.base import ContentError, FixedClock, Strength
from vedette.cases import Outcome
from vedette.cases.appeal import answer, appeal
from vedette.cases.model import Action
from vedette.documents import Document, Paragraph, Table
from vedette.sharing.advisory import AdvisoryError, Month, Typology, content, gather, read_content, write
from vedette.sharing.advisory_files import advisory_files, page
from vedette.store import Store, Workspace

START = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
RULE = next(rule for rule in detections.rules() if rule.family == "device")


def decide(store: Store, clock: FixedClock, count: int, first: int = 0) -> None:
    """So many customers with a case each, decided as true."""
    for number in range(first, first + count):
        account = f"secret-{number}"
        with audit.writing(store, JOB, "find", clock=clock) as act:
            found = finding(RULE.id, account=account, family=RULE.family, summary="Ann Secret did it")
            findings.record(act, [found, finding("presence/ip", account=account, strength=Strength.STOP)])
    cases.refresh(store, JOB, clock)
    for number in range(first, first + count):
        case = cases.of_account(store, f"secret-{number}")
        assert case is not None
        values = {"expected_version": case.version, "clock": clock, "versions": {}}
        args = (Outcome.TRUE, Action.SUSPEND, "listed_party", "Ann Secret was seen.")
        cases.decide(store, ANNA, case.case_id, *args, **values)  # type: ignore[arg-type]  # mixed values
        cases.approve(store, BERT, case.case_id, clock=clock)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("advisory") / "ws"
    store = Store(workspace(root), catalogue())
    decide(store, FixedClock(START), 5)
    store.close()
    return root


@pytest.fixture
def house(made: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(made, tmp_path / "ws")
    store = Store(Workspace(tmp_path / "ws"), catalogue())
    yield store
    store.close()


class TestGather:
    def test_five_customers_are_enough_and_told_as_at_least_five(self, house: Store) -> None:
        found = gather(house, "2026-03", now=AFTER)

        assert found.rules == (Typology(RULE.id, 5),)
        assert {item.id for item in found.families} >= {"device"}

    def test_an_appeal_that_is_won_takes_the_fifth_case_away_and_then_nothing_is_told(self, house: Store) -> None:
        clock = FixedClock(START)
        case = cases.of_account(house, "secret-0")
        assert case is not None
        raised = appeal(house, CARA, case.case_id, "Not me.", clock=clock)
        answer(house, CARA, raised.appeal_id, changed=True, note="True.", clock=clock)

        found = gather(house, "2026-03", now=AFTER)

        assert (found.rules, found.families) == ((), ())
        assert found.held_back > 0
        assert advisory_files(found, house="X", home="us", clock=FixedClock(AFTER)) == {}

    def test_numbers_move_in_steps_so_that_nobody_is_the_difference(self, house: Store) -> None:
        decide(house, FixedClock(START), 3, first=5)

        assert gather(house, "2026-03", now=AFTER).rules == (Typology(RULE.id, 5),)

    def test_a_month_that_runs_or_is_none_is_refused_and_another_holds_nothing(self, house: Store) -> None:
        for month in ("2026-04", "2027-01", "march", "2026-13", "2026-03-01"):
            with pytest.raises(AdvisoryError):
                gather(house, month, now=AFTER)
        assert gather(house, "2026-02", now=AFTER).families == ()

    def test_the_month_ends_with_its_last_moment(self, house: Store) -> None:
        with pytest.raises(AdvisoryError):
            gather(house, "2026-03", now=datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
        assert gather(house, "2026-03", now=datetime(2026, 4, 1, tzinfo=UTC)).rules


class TestTexts:
    def files(self, store: Store) -> dict[str, bytes]:
        found = gather(store, "2026-03", now=AFTER)
        return advisory_files(found, house="Acme & <Sons>", home="us", clock=FixedClock(AFTER))

    def test_three_texts_in_three_forms_that_name_nobody(self, house: Store) -> None:
        made = self.files(house)

        assert len(made) == 9
        for name, data in made.items():
            if not name.endswith(".pdf"):
                text = data.decode()
                assert not re.search(r"secret|Ann|case_|fnd_|a-1", text)
        assert all(data.startswith(b"%PDF") for name, data in made.items() if name.endswith(".pdf"))

    def test_the_public_do_not_read_the_rules(self, house: Store) -> None:
        made = self.files(house)

        assert RULE.title in made["advisory-2026-03-staff.md"].decode()
        for audience in ("customers", "organisers"):
            text = made[f"advisory-2026-03-{audience}.md"].decode()
            assert RULE.title not in text and RULE.id not in text

    def test_the_page_escapes_and_loads_nothing(self, house: Store) -> None:
        text = self.files(house)["advisory-2026-03-customers.html"].decode()

        assert "Acme &amp; &lt;Sons&gt;" in text
        assert not re.search(r"<script|src=|href=|url\(", text)
        assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text

    def test_laws_are_those_in_force_at_home_that_day(self, house: Store) -> None:
        month = Month(month="2026-03", families=(Typology("device", 5),), rules=(), held_back=0)
        audience = next(item for item in content().audiences if item.id == "customers")

        def laws(home: str) -> set[str]:
            paper = write(month, audience, house="X", home=home, clock=FixedClock(AFTER))
            assert paper is not None
            return {row[0] for block in paper.blocks if isinstance(block, Table) for row in block.rows}

        assert laws("us") and laws("us") != laws("eu")

    def test_the_same_facts_give_the_same_bytes(self, house: Store) -> None:
        assert self.files(house) == self.files(house)

    def test_text_of_a_page_is_never_markup(self) -> None:
        paper = Document(title="<b>", blocks=(Paragraph("<script>alert(1)</script>"),), made_at="2026-03-01T12:00:00Z")
        assert b"<script>" not in page(paper)


class TestContent:
    def test_every_family_of_a_shipped_rule_has_its_text(self) -> None:
        assert {rule.family for rule in detections.rules()} <= set(content().families)

    def test_no_text_speaks_of_origin_as_a_sign(self) -> None:
        told = [text for family in content().families.values() for text in family.told.values()]
        assert not any(re.search(r"nationalit|ethnic|Korean|Chinese|Iranian|foreign", text) for text in told)

    @pytest.mark.parametrize(
        ("before", "after"),
        [("least_cases: 5", "least_cases: 4"), ("closing:", "closng:"), ("family: device", "family: account")],
    )
    def test_loosened_or_misspelt_content_is_refused(self, before: str, after: str) -> None:
        from importlib.resources import files

        text = (files("vedette.sharing") / "advisory.yml").read_text("utf-8")
        with pytest.raises(ContentError):
            read_content(text.replace(before, after, 1), "x.yml")
