"""The laws of the shared words: who acts, strengths in order, findings that explain themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.made import finding
from vedette.base import Evidence, Principal, PrincipalKind, Strength, Subject


class TestPrincipal:
    def test_reads_as_kind_and_id(self) -> None:
        assert str(Principal(PrincipalKind.COMMAND_LINE, "anna")) == "command_line:anna"

    @pytest.mark.parametrize("text", ["", "  "])
    def test_nobody_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="needs an id"):
            Principal(PrincipalKind.PERSON, text)


class TestStrength:
    def test_ranks_from_the_strongest(self) -> None:
        assert [item.value for item in sorted(Strength, key=lambda item: item.rank)] == [
            "stop",
            "strong",
            "medium",
            "weak",
            "context",
        ]


class TestEvidence:
    def test_values_stand_beside_kind_and_reference(self) -> None:
        assert Evidence("event", "e-1", {"country": "KP"}).as_json() == {
            "kind": "event",
            "ref": "e-1",
            "country": "KP",
        }


class TestFinding:
    def test_the_id_follows_check_subject_and_window_only(self) -> None:
        first = finding()

        assert finding(summary="other words", count=7, bits=3.0, accounts=("x",)).id == first.id
        assert finding(check="network/other").id != first.id
        assert finding(account="a-2").id != first.id
        assert finding(subject=Subject("device", "a-1")).id != first.id
        assert finding(window="2026-01").id != first.id

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"first_seen": datetime(2026, 1, 1)}, "zone"),
            ({"last_seen": datetime(2026, 1, 1)}, "zone"),
            ({"last_seen": datetime(2025, 1, 1, tzinfo=UTC)}, "end before it begins"),
            ({"count": 0}, "at least one"),
            ({"blind_spots": " "}, "no blind spot"),
        ],
    )
    def test_what_cannot_be_is_refused(self, changes: dict[str, Any], problem: str) -> None:
        with pytest.raises(ValueError, match=problem):
            finding(**changes)
