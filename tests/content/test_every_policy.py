"""Every policy rule keeps the promises of the register: sourced, dated, cited, and never louder than its status."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from vedette import policy

RULES = policy.rules()
FILES = sorted((Path(policy.__file__).parent / "rules").iterdir())
LOUD = re.compile(r"\b(must|required by|obliges|shall)\b", re.IGNORECASE)
NEEDED = {
    "us_ofac_dprk_blocking",
    "us_ofac_dprk_services",
    "us_ofac_ownership",
    "us_ofac_records",
    "us_ofac_block_reject_report",
    "us_bis_affiliates",
    "us_bis_iaas_identification",
    "us_bis_iaas_beneficial_owner",
    "us_bis_iaas_retention",
    "us_ear_records",
    "eu_dprk_computer_services",
    "eu_dprk_sanctions",
    "un_2270_training",
    "un_2321_cooperation",
    "own_screening_noise",
}


def test_every_file_is_a_rule() -> None:
    assert {each.name for each in FILES} == {f"{each.id}.yml" for each in RULES}


def test_the_rules_the_project_rests_on_are_there() -> None:
    assert {each.id for each in RULES} >= NEEDED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestEveryRule:
    def test_is_sourced_and_checked(self, rule: policy.Rule) -> None:
        assert rule.checked_on >= date(2026, 1, 1)
        assert rule.citation
        assert all(re.fullmatch(r"[A-Z]{1,4}-\d{1,2}", each) for each in rule.citation)
        assert rule.source_address.startswith("https://") or rule.source_address == "none"

    def test_says_what_it_asks_in_one_sentence(self, rule: policy.Rule) -> None:
        assert rule.effect.endswith(".")
        assert rule.caption.endswith(".")
        assert ". " not in rule.caption

    def test_a_number_has_a_unit_and_stands_in_the_effect(self, rule: policy.Rule) -> None:
        if rule.number is not None:
            assert rule.unit
            assert str(int(rule.number)) in rule.effect

    def test_a_proposal_does_not_speak_as_law(self, rule: policy.Rule) -> None:
        if rule.status in (policy.Status.PROPOSED, policy.Status.BILL):
            assert rule.effect.startswith("Would ")
            assert not LOUD.search(rule.effect)

    def test_speaks_of_no_person_by_origin(self, rule: policy.Rule) -> None:
        assert not re.search(r"ethnic|birthplace|accent|surname", rule.text, re.IGNORECASE)


@pytest.mark.shared_data
def test_citations_stand_in_the_catalogue(shared_data: Path) -> None:
    catalogue = (shared_data.parent / "requirements.md").read_text("utf-8")

    missing = {each for rule in RULES for each in rule.citation if f"| {each} |" not in catalogue}

    assert missing == set()


AWAITED = {"eu_consolidated", "uk_fcdo_sanctions"}
"""List sources that no folder serves yet."""


def test_lists_that_rules_speak_of_exist() -> None:
    sources = Path(policy.__file__).parents[1] / "watchlists" / "sources"
    if not sources.is_dir():
        pytest.skip("the list sources are not in this tree")
    served = {each.name for each in sources.iterdir() if each.is_dir()}

    spoken = {word.partition(":")[2] for rule in RULES for word in rule.applies_to if word.startswith("list:")}

    assert spoken - served - AWAITED == set()
