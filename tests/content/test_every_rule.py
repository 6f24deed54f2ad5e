"""Every detection rule: its examples hold on the engine, and its words keep what is promised to reviewers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import sqlglot

from vedette import detections
from vedette.base import Strength
from vedette.detections import Rule, coverage, guard
from vedette.detections.lake import column_names
from vedette.detections.parameters import tuned

RULES = detections.rules()
FAMILIES = {
    "network", "device", "account", "payment", "behaviour", "egress", "identity_provider", "credential", "lifecycle",
    "relation", "contact", "identity",
}  # fmt: skip


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

    def test_needs_columns_that_the_lake_holds(self, rule: Rule) -> None:
        held = column_names()
        for need in rule.needs:
            for column in need.columns:
                table, condition = coverage.lake_condition(column)
                assert condition.split()[0] in held[table], column

    def test_names_dated_sources(self, rule: Rule) -> None:
        assert rule.sources

    def test_stands_still_when_a_threshold_moves_within_its_range(self, rule: Rule) -> None:
        for parameter in rule.parameters:
            for value in (parameter.least, parameter.most):
                guard.check(tuned(rule, {parameter.name: value}).sql, rule.reads, "rule.sql")

    def test_leans_on_no_date_that_has_passed(self, rule: Rule) -> None:
        assert rule.expires is None or rule.expires > date(2026, 11, 25)


class TestThePack:
    def test_is_large_and_broad_enough(self) -> None:
        assert len(RULES) >= 42
        assert {rule.family for rule in RULES} == FAMILIES

    def test_only_few_rules_weigh_much_alone(self) -> None:
        strong = [rule for rule in RULES if rule.strength in (Strength.STRONG, Strength.STOP)]
        assert len(strong) * 4 <= len(RULES)

    def test_no_bits_of_one_row_pass_the_cap(self) -> None:
        for rule in RULES:
            written = [float(text) for text in re.findall(r"(?:THEN|ELSE|SELECT[^;]*?time_us,) (\d+\.\d) ", rule.sql)]
            assert all(bits <= rule.weight.cap for bits in written), rule.id


class TestCatalogue:
    @pytest.mark.parametrize("row", coverage.covered(RULES), ids=lambda row: row.row)
    def test_every_row_has_a_rule_or_a_reason(self, row: coverage.Covered) -> None:
        known = coverage.catalogue()
        if row.row in known.excluded or row.row in known.not_shown:
            assert not row.rules and row.reason.endswith(".")
        else:
            assert row.rules

    def test_reasons_name_rows_of_the_catalogue(self) -> None:
        known = coverage.catalogue()
        for reasons in (known.excluded, known.not_shown, known.partly):
            assert set(reasons) <= set(known.rows)
        assert len(set(known.rows)) == len(known.rows)

    @pytest.mark.shared_data
    def test_holds_the_rows_of_the_requirements_and_excludes_what_they_exclude(self, shared_data: Path) -> None:
        text = (shared_data.parent / "requirements.md").read_text("utf-8")
        section = text[text.index("## 2. DPRK") : text.index("## 3. International")]
        rows = re.findall(r"^\| ([A-Z]{3}-\d\d) \|.*\| ([^|]*) \|$", section, re.MULTILINE)
        known = coverage.catalogue()
        assert {row for row, _ in rows} == {row for row in known.rows if not row.startswith(("CMP", "LAB"))}
        assert {row for row, use in rows if use.startswith("exclude")} == set(known.excluded)

    @pytest.mark.shared_data
    def test_rules_cite_requirements_that_exist(self, shared_data: Path) -> None:
        text = (shared_data.parent / "requirements.md").read_text("utf-8")
        for rule in RULES:
            assert all(f"| {citation} |" in text for citation in rule.citation), rule.id
