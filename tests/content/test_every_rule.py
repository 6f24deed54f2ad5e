"""Every detection rule: its examples hold on the engine, and its words keep what is promised to reviewers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot

from vedette import detections
from vedette.base import Strength
from vedette.detections import Rule, guard

RULES = detections.rules()
ASKED_FOR = {"NET-01", "NET-04", "NET-09", "DEV-01", "ACC-01", "ACC-06", "ACC-08", "PAY-01", "PAY-02", "BEH-01"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestEveryRule:
    def test_gives_what_its_examples_say(self, rule: Rule) -> None:
        assert detections.trial(rule) == ()

    def test_can_be_written_for_another_engine(self, rule: Rule) -> None:
        written = guard.check(rule.sql, rule.reads, "rule.sql").sql(dialect="spark", comments=False)
        assert sqlglot.parse_one(written, dialect="spark") is not None

    def test_only_the_curated_address_range_stops(self, rule: Rule) -> None:
        assert (rule.strength is Strength.STOP) == (rule.id == "network/console_from_dprk")

    def test_speaks_in_whole_sentences(self, rule: Rule) -> None:
        for text in (
            rule.why,
            rule.blind_spots,
            rule.false_positives,
            rule.honest_customer,
            rule.next_step,
            rule.fairness,
        ):
            assert text[0].isupper() and text.endswith("."), text
        assert rule.summary.endswith(".")
        assert not re.search(
            r"\b(suspicious|criminal|fraudster|guilty|proves that)\b", f"{rule.title} {rule.why} {rule.summary}"
        )

    def test_does_not_weigh_more_than_its_strength_bears(self, rule: Rule) -> None:
        least, most = {"stop": (10, 12), "strong": (5, 7), "medium": (3, 6), "weak": (1, 3), "context": (0, 1)}[
            rule.strength
        ]
        assert least <= rule.weight.cap <= most


class TestThePack:
    def test_covers_what_was_asked(self) -> None:
        assert len(RULES) >= 14
        assert len({rule.family for rule in RULES}) >= 6
        assert {citation for rule in RULES for citation in rule.citation} >= ASKED_FOR

    @pytest.mark.shared_data
    def test_cites_requirements_that_exist(self, shared_data: Path) -> None:
        text = (shared_data.parent / "requirements.md").read_text("utf-8")
        for rule in RULES:
            assert all(f"| {citation} |" in text for citation in rule.citation), rule.id
