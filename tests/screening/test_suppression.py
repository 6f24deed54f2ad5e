"""A known false positive stays away only while both sides are what they were, and only until its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.screening.people import customer
from vedette.base import Address, Identifier, Party, Strength, Subject
from vedette.screening import Index, Level, Match, score
from vedette.screening.suppression import CHECK, Suppression, facts_of, sift, suppressed_findings

_DAY = date(2026, 3, 1)


@pytest.fixture
def match(index: Index) -> Match:
    """A match by name only."""
    (found,) = score(customer("Kim Jong Su"), against=index, limit=1)
    assert found.level is Level.NAME_ONLY
    return found


def _held(match: Match, **changes: Any) -> Suppression:
    held = Suppression(
        id="sup_1",
        account_id="a-1",
        who="",
        list_id=match.list,
        entity_id=match.entity_id,
        party_print="p",
        entry_hash=match.entry_hash,
        reason="another person: passport seen",
        owner="person:anna",
        made_at="2026-02-01T00:00:00Z",
        expires=date(2026, 6, 1),
    )
    return replace(held, **changes)


class TestSift:
    def test_a_covered_match_is_set_aside_and_named(self, match: Match) -> None:
        found = sift([match], [_held(match)], party_print="p", day=_DAY)
        assert (found.standing, found.aside) == ((), ((match, _held(match)),))

    @pytest.mark.parametrize(
        ("changes", "print_", "day"),
        [
            ({}, "another print", _DAY),
            ({"entry_hash": "changed"}, "p", _DAY),
            ({}, "p", date(2026, 6, 2)),
            ({"ended_at": "2026-02-02T00:00:00Z"}, "p", _DAY),
            ({"who": "owner o-1"}, "p", _DAY),
            ({"entity_id": "p-9"}, "p", _DAY),
            ({"list_id": "yy_other"}, "p", _DAY),
        ],
    )
    def test_it_returns_by_itself(self, match: Match, changes: dict[str, Any], print_: str, day: date) -> None:
        """When either side changed or time is up, nobody has to remember to look again."""
        found = sift([match], [_held(match, **changes)], party_print=print_, day=day)
        assert found.standing == (match,)

    def test_its_last_day_still_counts(self, match: Match) -> None:
        assert sift([match], [_held(match)], party_print="p", day=date(2026, 6, 1)).standing == ()

    def test_one_person_cannot_set_a_stop_aside(self, match: Match) -> None:
        stop = replace(match, level=Level.IDENTIFIED)
        assert sift([stop], [_held(match)], party_print="p", day=_DAY).standing == (stop,)
        assert sift([stop], [_held(match, request_id="apr_1")], party_print="p", day=_DAY).standing == ()


class TestFactsOf:
    @pytest.mark.parametrize(
        "other",
        [
            customer("Kim Jong Sun"),
            customer("Kim Jong Su", birth_dates=("1990-01-01",)),
            customer("Kim Jong Su", countries=("KR",)),
            customer("Kim Jong Su", addresses=(Address("Seoul"),)),
            customer("Kim Jong Su", identifiers=(Identifier("email", "a@b.example"),)),
            customer("Kim Jong Su", websites=("a.example",)),
        ],
    )
    def test_every_compared_fact_counts(self, other: Party) -> None:
        assert facts_of(other) != facts_of(customer("Kim Jong Su"))

    def test_the_id_does_not(self) -> None:
        assert facts_of(replace(customer("Kim Jong Su"), id="x")) == facts_of(customer("Kim Jong Su"))


class TestFindings:
    def test_say_who_set_it_aside_and_never_alarm(self, match: Match) -> None:
        at = datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=20)
        (told,) = suppressed_findings(
            [(match, _held(match))], subject=Subject("account", "a-1"), accounts=("a-1",), at=at
        )
        assert (told.check, told.strength) == (CHECK, Strength.CONTEXT)
        assert "person:anna" in told.summary and "2026-06-01" in told.summary
        assert told.evidence[0].values["reason"] == "another person: passport seen"
