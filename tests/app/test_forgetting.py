"""What cleared customers handed in is shredded in time, with proof, and what held somebody is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.app.test_verifications import ANN, BO
from tests.journeys.scene import Desk as Commands
from tests.made import ANNA
from vedette.app import store as state
from vedette.app.desk import desk
from vedette.app.forgetting import forget, shred
from vedette.app.opening import open_store
from vedette.app.replay import UnknownVerification, replay
from vedette.app.verifications import KeyReused, decide
from vedette.audit.verify import verify as verify_log
from vedette.base import FixedClock
from vedette.store import Store
from vedette.store.vault import VaultError


@pytest.fixture
def store(equipped: Commands) -> Iterator[Store]:
    opened = open_store(equipped.root)
    yield opened
    opened.close()


class TestForget:
    def test_the_cleared_go_after_the_house_rules_days_and_the_held_stay(self, store: Store, clock: FixedClock) -> None:
        """An honest customer's data does not lie here for ever; who was held can still be told why."""
        judge = desk(store, "us", clock)
        cleared = decide(store, judge, ANN, key="a", principal=ANNA)
        stopped = decide(store, judge, BO, key="b", principal=ANNA)
        clock.advance(timedelta(days=730))
        assert forget(store, ANNA, clock=clock) == 0
        clock.advance(timedelta(seconds=1))
        assert forget(store, ANNA, clock=clock) == 1
        held = state.verification(store, cleared.verification_id)
        assert held is not None and (held.sealed, held.body, held.outcome) == (b"", "", "clear")
        assert replay(store, stopped.verification_id).result == "same"
        with pytest.raises(VaultError, match="cannot be opened"):
            replay(store, cleared.verification_id)
        assert verify_log(store).holds

    def test_nothing_due_writes_nothing(self, store: Store, clock: FixedClock) -> None:
        decide(store, desk(store, "us", clock), ANN, key=None, principal=ANNA)
        before = verify_log(store).leaves
        assert forget(store, ANNA, clock=clock) == 0
        assert verify_log(store).leaves == before

    def test_a_key_whose_answer_was_shredded_is_not_decided_twice(self, store: Store, clock: FixedClock) -> None:
        judge = desk(store, "us", clock)
        decide(store, judge, ANN, key="a", principal=ANNA)
        clock.advance(timedelta(days=1))
        assert forget(store, ANNA, clock=clock, days=0) == 1
        with pytest.raises(KeyReused):
            decide(store, judge, ANN, key="a", principal=ANNA)


class TestShred:
    def test_one_decision_on_request(self, store: Store, clock: FixedClock) -> None:
        stopped = decide(store, desk(store, "us", clock), BO, key=None, principal=ANNA)
        shred(store, ANNA, stopped.verification_id, clock=clock)
        before = verify_log(store).leaves
        shred(store, ANNA, stopped.verification_id, clock=clock)
        assert verify_log(store).leaves == before
        with pytest.raises(UnknownVerification):
            shred(store, ANNA, "ver_none", clock=clock)
