"""Every reason, guidance and number of cases is fit to be read by a reviewer."""

from __future__ import annotations

from pathlib import Path

import pytest

import vedette
from vedette.base import Strength
from vedette.cases import Outcome, opening_rule, reasons
from vedette.cases.model import Reason
from vedette.cases.read import content, guidance, read_guidance


class TestEveryReason:
    @pytest.mark.parametrize("reason", reasons().values(), ids=lambda reason: reason.code)
    def test_reads_as_a_sentence(self, reason: Reason) -> None:
        assert reason.code == reason.code.lower()
        assert reason.text[0].isupper()
        assert reason.text.endswith(".")
        assert reason.outcomes

    def test_an_honest_customer_and_a_guilty_one_both_find_theirs(self) -> None:
        assert all(any(outcome in reason.outcomes for reason in reasons().values()) for outcome in Outcome)

    def test_none_speaks_of_origin(self) -> None:
        words = " ".join(reason.text.casefold() for reason in reasons().values())

        assert not any(word in words for word in ("nationality", "ethnic", "accent", "birthplace", "origin"))


class TestOpeningRule:
    def test_no_family_opens_alone(self) -> None:
        rule = opening_rule()

        assert all(rule.source(name).cap < rule.threshold for name in ("network", "screening", "anything"))
        assert rule.needed >= 2

    def test_stronger_never_weighs_less(self) -> None:
        bits = [opening_rule().bits[strength] for strength in Strength]

        assert bits == sorted(bits, reverse=True)
        assert opening_rule().bits[Strength.CONTEXT] == 0


FAMILIES = sorted(
    path.name for path in (Path(vedette.__file__).parent / "detections" / "rules").iterdir() if path.is_dir()
)


class TestGuidance:
    @pytest.mark.parametrize("family", FAMILIES)
    def test_every_family_of_detections_has_its_own(self, family: str) -> None:
        known, _ = read_guidance(content("families.yml"), "families.yml")

        assert family in known, "add the family to cases/families.yml"

    @pytest.mark.parametrize("family", ["presence", "screening", "ownership", "network", "device", "payment", "never"])
    def test_every_family_gets_advice(self, family: str) -> None:
        advice = guidance(family)

        assert advice.look_next.endswith(".")
        assert advice.closes.endswith(".")
