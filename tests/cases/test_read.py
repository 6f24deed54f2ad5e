"""The content of cases is read strictly, and content that would let one family open a case is refused."""

from __future__ import annotations

import pytest

from vedette.base import ContentError
from vedette.cases.read import content, read_guidance, read_opening, read_reasons, read_timers

OPENING = content("opening.yml")
REASONS = content("reasons.yml")
TIMERS = content("timers.yml")
FAMILIES = content("families.yml")


def edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


class TestReadOpening:
    def test_shipped(self) -> None:
        rule = read_opening(OPENING, "opening.yml")

        assert (rule.threshold, rule.needed, rule.cap) == (10.0, 2, 8.0)
        assert rule.source("ownership") == rule.source("screening")
        assert rule.source("network").name == "network"

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("  bits: 10.0", "  bits: 8.0", "one family alone"),
            ("  bits: 10.0", "  bits: -1", "above 0"),
            ("families:\n  needed: 2", "families:\n  needed: 1", "no single family attributes"),
            ("share: 0.25", "share: 0", "between 0 and 1"),
            ("share: 0.25", "share: 1.5", "between 0 and 1"),
            ("[stop, strong, medium]", "[stop, weak]", "must not join"),
            ("most_accounts: 100", "most_accounts: 1", "at least 2"),
            ("most_accounts_stop: 1000", "most_accounts_stop: 10", "below"),
            ("[screening, ownership]", "[screening, screening]", "two sources"),
            ("strength: weak", "strength: feeble", "feeble"),
            ("  joins:", "  jions:", "missing key 'joins'"),
            ("caption:", "remark: x\ncaption:", "unknown key 'remark'"),
            ("citation: [EAR-04, CMP-02, KYC-14]", "citation: []", "empty list"),
        ],
    )
    def test_faults(self, old: str, new: str, problem: str) -> None:
        with pytest.raises(ContentError, match=problem) as fault:
            read_opening(edited(OPENING, old, new), "opening.yml")

        assert "opening.yml:" in str(fault.value)

    def test_every_strength_needs_a_weight(self) -> None:
        line = next(line for line in OPENING.splitlines(keepends=True) if "strength: weak" in line)

        with pytest.raises(ContentError, match="each strength"):
            read_opening(OPENING.replace(line, ""), "opening.yml")


class TestReadTimers:
    def test_shipped(self) -> None:
        found = read_timers(TIMERS, "timers.yml")

        assert (found.hold_hours, found.lease_minutes, found.undo_seconds) == (72, 60, 10)

    @pytest.mark.parametrize(("old", "new"), [("value: 72", "value: 0"), ("value: 72", "value: soon"), ("why", "y")])
    def test_faults(self, old: str, new: str) -> None:
        with pytest.raises(ContentError):
            read_timers(edited(TIMERS, old, new), "timers.yml")


class TestReadReasons:
    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("code: namesake", "code: listed_party", "already taken"),
            ("outcomes: [useful]", "outcomes: [usefull]", "unknown outcome"),
            ("outcomes: [useful]", "outcomes: []", "empty list"),
            ("undetermined", "useful", "no reason fits the outcome 'undetermined'"),
        ],
    )
    def test_faults(self, old: str, new: str, problem: str) -> None:
        with pytest.raises(ContentError, match=problem):
            read_reasons(edited(REASONS, old, new), "reasons.yml")


class TestReadGuidance:
    def test_an_unknown_family_gets_the_general_word(self) -> None:
        known, otherwise = read_guidance(FAMILIES, "families.yml")

        assert "network" in known
        assert otherwise.look_next

    @pytest.mark.parametrize(
        ("old", "new"),
        [("family: device", "family: network"), ("otherwise:", "other:"), ("    closes: A project", "    close: A")],
    )
    def test_faults(self, old: str, new: str) -> None:
        with pytest.raises(ContentError):
            read_guidance(edited(FAMILIES, old, new), "families.yml")
