"""Actors whose accounts contradict each other go to a person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.linking.lake import START, account, key, put, signin
from tests.made import JOB
from vedette import findings, linking
from vedette.base import FixedClock, Strength
from vedette.store import Store

MINUTE = 60_000_000


def meet(store: Store, *, minutes: float = 10, times: int = 3, **second: Any) -> None:
    """a-1 and a-2 share a key and sign in near each other in time, a-1 in the US."""
    put(store, "accounts", [account(one, document_token="d") for one in ("a-1", "a-2")])
    put(store, "accounts", [account(f"s-{number:02d}") for number in range(40)])
    put(store, "keys", [key("a-1"), key("a-2")])
    rows = []
    for number in range(times):
        at = START + number * 1000 * MINUTE + 14 * MINUTE
        rows.append(signin("a-1", number, time_us=at, ip_country="US", device_id="d-1"))
        there = {"ip_country": "DE", "device_id": "d-2", **second}
        rows.append(signin("a-2", number, time_us=at + int(minutes * MINUTE), **there))
    put(store, "signins", rows)


class TestOverlap:
    def test_in_two_countries_at_one_time_is_told_and_marks_the_actor(self, store: Store, clock: FixedClock) -> None:
        meet(store)
        assert linking.refresh(store, JOB, clock).contradictions == 1
        (found,) = findings.standing(store, check="linking/contradiction")
        assert found.finding.accounts == ("a-1", "a-2")
        assert found.finding.strength is Strength.WEAK
        assert "a-1 and a-2 were used in US and DE within 15 minutes 3 times" in found.finding.summary
        (actor,) = linking.actors(store)
        assert actor.review == ("a-1 and a-2 were used in US and DE within 15 minutes 3 times",)

    @pytest.mark.parametrize(
        "case",
        [
            {"minutes": 16},
            {"times": 2},
            {"ip_country": "US"},
            {"device_id": "d-1"},
            {"ip_class": "vpn"},
            {"outcome": "failure"},
            {"ip_country": None},
        ],
    )
    def test_stays_quiet(self, store: Store, clock: FixedClock, case: dict[str, Any]) -> None:
        meet(store, **case)
        assert linking.refresh(store, JOB, clock).contradictions == 0
        assert linking.actors(store)[0].review == ()

    @pytest.mark.parametrize("minutes", [0, -15, 15, 1])
    def test_counts_each_meeting_once_whatever_the_slot(self, store: Store, clock: FixedClock, minutes: int) -> None:
        meet(store, minutes=minutes)
        linking.refresh(store, JOB, clock)
        assert "within 15 minutes 3 times" in linking.actors(store)[0].review[0]

    def test_strangers_contradict_nobody(self, store: Store, clock: FixedClock) -> None:
        meet(store)
        put(store, "signins", [signin("s-01", n, time_us=START + n * MINUTE, ip_country="JP") for n in range(5)])
        assert linking.refresh(store, JOB, clock).contradictions == 1

    def test_it_is_withdrawn_when_a_person_cuts_the_pair(self, store: Store, clock: FixedClock) -> None:
        meet(store)
        linking.refresh(store, JOB, clock)
        linking.cut(store, JOB, "a-1", "a-2", reason="Two people.", clock=clock)
        assert linking.refresh(store, JOB, clock).contradictions == 0
        assert findings.standing(store, check="linking/contradiction") == []
