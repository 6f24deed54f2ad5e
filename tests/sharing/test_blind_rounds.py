"""While the service runs, nobody has to remember to withdraw a tag or to destroy a key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sharing.blind_group import WRITTEN, Group, appealed, decided, group, template, won
from vedette import audit
from vedette.base import FixedClock
from vedette.sharing.blind import compute
from vedette.sharing.blind import store as state
from vedette.sharing.blind.match import Query
from vedette.sharing.blind.publish import case_of
from vedette.sharing.blind.rounds import Round, Withdrawals
from vedette.sharing.blind.transport import Unanswered

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("blind"), FixedClock(START))


@pytest.fixture
def pair(made: Path, tmp_path: Path) -> Iterator[Group]:
    yield from group(tmp_path, made, FixedClock(START), 2, round_minutes=0)


def rounds(houses: Group, number: int) -> Withdrawals:
    return Withdrawals(houses.stores[number], houses.clock, lambda: nullcontext(houses.wire))


class TestRound:
    def test_a_tag_leaves_with_its_decision(self, pair: Group) -> None:
        case = decided(pair.stores[1], "a-1", pair.clock)
        other = decided(pair.stores[1], "a-2", pair.clock)
        pair.publish_all()
        assert rounds(pair, 1).round() == Round()
        assert pair.held(0, WRITTEN) == [True]

        won(pair.stores[1], appealed(pair.stores[1], case, pair.clock), pair.clock)

        assert rounds(pair, 1).round() == Round(withdrawn=2)
        assert pair.held(0, WRITTEN) == [False]
        assert case != other
        assert rounds(pair, 1).round() == Round()

    def test_a_tag_leaves_when_its_days_are_over_and_an_epoch_ends_with_its_keys(self, pair: Group) -> None:
        pair.publish_all()
        pair.clock.advance(timedelta(days=31))

        assert rounds(pair, 0).round() == Round(destroyed=1)

    def test_an_idle_round_writes_nothing(self, pair: Group) -> None:
        decided(pair.stores[1], "a-1", pair.clock)
        pair.publish_all()
        with pair.stores[1].database.reading() as connection:
            before = connection.exec_driver_sql("SELECT size FROM audit_head").scalar_one()
        rounds(pair, 1).round()
        with pair.stores[1].database.reading() as connection:
            assert connection.exec_driver_sql("SELECT size FROM audit_head").scalar_one() == before
        assert audit.verify(pair.stores[1]).problems == []

    def test_a_relay_that_is_down_is_tried_again(self, pair: Group) -> None:
        case = decided(pair.stores[1], "a-1", pair.clock)
        pair.publish_all()
        appealed(pair.stores[1], case, pair.clock)
        pair.wire.down.add("https://h0.example")
        with pytest.raises(Unanswered):
            rounds(pair, 1).round()
        pair.wire.down.clear()
        assert rounds(pair, 1).round() == Round(withdrawn=2)


class TestTwoAtOnce:
    def test_a_withdrawal_between_reading_and_writing_makes_publishing_begin_again(
        self, pair: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = decided(pair.stores[1], "a-1", pair.clock)
        pair.publish_all()
        assert pair.held(0, WRITTEN) == [True]
        (hit,) = state.hits(pair.stores[0])
        decided(pair.stores[1], "a-2", pair.clock)
        honest = compute.tags_of
        done: list[bool] = []

        def overtaken(*given: Any, **named: Any) -> list[bytes]:
            if not done:
                done.append(True)
                won(pair.stores[1], appealed(pair.stores[1], case, pair.clock), pair.clock)
                assert rounds(pair, 1).round() == Round(withdrawn=2)
            return honest(*given, **named)

        monkeypatch.setattr("vedette.sharing.blind.publish.compute.tags_of", overtaken)
        pair.publish(1)

        assert pair.held(0, WRITTEN, Query("email", "ann@example.org")) == [False, True]
        assert case_of(pair.stores[1], pair.owns[1], hit["tag"]) is None
