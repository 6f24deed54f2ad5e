"""Explaining whatever an answer names: evidence, checks, requirements and events, not only findings and cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.scene import Desk


@pytest.fixture
def evidence(worked: Desk) -> dict[str, str]:
    """The first reference of each kind that the findings' evidence holds."""
    items = [item for row in worked.findings().values() for item in row["evidence"]]
    return {item["kind"]: item["ref"] for item in reversed(items)}


class TestEvidence:
    @pytest.mark.parametrize(("kind", "told"), [("list_entry", "list entry"), ("event", "event")])
    def test_a_reference_is_explained_as_it_is_printed(
        self, worked: Desk, evidence: dict[str, str], kind: str, told: str
    ) -> None:
        answer = worked("explain", evidence[kind], "--json").done().row
        assert answer["kind"] == told and answer["facts"]

    def test_an_event_shows_times_and_nothing_sealed(self, worked: Desk, evidence: dict[str, str]) -> None:
        facts = worked("explain", evidence["event"], "--json").done().row["facts"]
        assert facts["time_at"].endswith("Z")
        assert not [name for name in facts if name.endswith(("_token", "_us"))]


class TestNames:
    @pytest.mark.parametrize(
        ("identity", "kind"),
        [
            ("presence/declared_country", "check"),
            ("screening/list_match", "check"),
            ("screening/ownership", "check"),
            ("OFAC-02", "requirement"),
        ],
    )
    def test_what_findings_name(self, worked: Desk, identity: str, kind: str) -> None:
        assert worked("explain", identity, "--json").done().row["kind"] == kind

    def test_every_check_and_citation_of_a_finding(self, worked: Desk) -> None:
        """README: `vedette explain ID` works on anything it prints."""
        for identity in sorted(set(_named(worked))):
            assert worked("explain", identity, "--json").done().row["title"], identity

    def test_a_name_of_nothing_is_refused_with_what_can_be_named(self, worked: Desk) -> None:
        assert "requirement" in worked("explain", "OFAC-99").err


def _named(worked: Desk) -> Iterator[str]:
    for row in worked.findings().values():
        yield row["check"]
        yield from row["citation"]
