"""A policy file is read strictly: each fault is refused with its place, and nothing misspelt just does nothing."""

from __future__ import annotations

from datetime import date

import pytest

from vedette import policy
from vedette.base import ContentError

GOOD = """\
id: us_sample
title: "A sample"
caption: What the sample is for.
jurisdiction: us
homes: [us]
status: law
effective_from: 2025-01-01
effective_to: null
citation: [OFAC-02]
source: "31 CFR 0"
source_address: https://example.org/text
checked_on: 2026-11-23
number: 10
unit: years
applies_to: ['record:sanctions']
effect: Keep it.
"""
PERIODS = """\
periods:
  - {from: 2025-01-01, to: 2025-06-30, state: in_force, note: as published}
  - {from: 2025-07-01, to: null, state: suspended, note: suspended}
"""


class TestReadRule:
    def test_every_field_arrives(self) -> None:
        rule = policy.read_rule(GOOD + PERIODS, "rules/us_sample.yml")

        assert (rule.id, rule.status, rule.number, rule.unit) == ("us_sample", policy.Status.LAW, 10.0, "years")
        assert rule.effective_from == date(2025, 1, 1)
        assert rule.effective_to is None
        assert rule.homes == ("us",)
        assert [each.state.value for each in rule.periods] == ["in_force", "suspended"]
        assert rule.text.startswith("id: us_sample")

    def test_version_follows_the_text(self) -> None:
        first = policy.read_rule(GOOD, "us_sample.yml")
        again = policy.read_rule(GOOD, "us_sample.yml")
        changed = policy.read_rule(GOOD.replace("number: 10", "number: 5"), "us_sample.yml")

        assert first.version == again.version
        assert first.version != changed.version
        assert len(first.version) == 16

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("caption: What", "captoin: What", "missing key 'caption'"),
            ("effect: Keep it.", "effect: Keep it.\ncaveats: none", "unknown key 'caveats'"),
            ("citation: [OFAC-02]", "citation: []", "empty list"),
            ("homes: [us]", "homes: [usa]", "unknown home 'usa'"),
            ("status: law", "status: rumour", "'status' is 'rumour'"),
            ("jurisdiction: us", "jurisdiction: mars", "'jurisdiction' is 'mars'"),
            ("jurisdiction: us", "jurisdiction: eu", "does not begin with its jurisdiction"),
            ("id: us_sample", "id: us_other", "is not the file's name"),
            ("status: law", "status: proposed", "a proposal has no day of effect"),
            ("effective_from: 2025-01-01", "effective_from: null", "owes its reader a caveat"),
            ("effective_to: null", "effective_to: 2024-01-01", "ends before it begins"),
            ("number: 10\n", "", "'unit' without 'number'"),
            ("unit: years\n", "", "missing key 'unit'"),
            ("https://example.org/text", "example.org", "no https address"),
            ("['record:sanctions']", "[sanctions]", "is no kind:name"),
            ("checked_on: 2026-11-23", "checked_on: lately", "a day such as"),
        ],
    )
    def test_faults_are_refused(self, old: str, new: str, problem: str) -> None:
        with pytest.raises(ContentError, match="us_sample.yml") as caught:
            policy.read_rule(GOOD.replace(old, new, 1), "us_sample.yml")

        assert problem in str(caught.value)

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("from: 2025-07-01", "from: 2025-07-02", "gap or overlap"),
            ("from: 2025-07-01", "from: 2025-06-30", "gap or overlap"),
            ("to: 2025-06-30", "to: 2024-06-30", "ends before it begins"),
            ("state: suspended", "state: paused", "'state' is 'paused'"),
            ("note: suspended", "note: suspended, why: x", "unknown key 'why'"),
        ],
    )
    def test_faulty_periods_are_refused(self, old: str, new: str, problem: str) -> None:
        with pytest.raises(ContentError) as caught:
            policy.read_rule(GOOD + PERIODS.replace(old, new, 1), "us_sample.yml")

        assert problem in str(caught.value)

    def test_a_fault_names_its_line(self) -> None:
        with pytest.raises(ContentError) as caught:
            policy.read_rule(GOOD.replace("status: law", "status: rumour"), "us_sample.yml")

        assert caught.value.place.line == 6
        assert "One of: bill" in caught.value.remedy
