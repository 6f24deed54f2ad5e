"""What blind matching keeps, on both databases: sealed keys and tags, requests counted once, hits and questions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.made import ANNA
from tests.sharing.test_blind_parts import joined, secrets
from vedette import audit
from vedette.base import FixedClock
from vedette.sharing.blind import store as state
from vedette.sharing.blind import tagset
from vedette.sharing.blind.epochs import accept, destroy, join
from vedette.sharing.blind.group import Epoch, GroupError, open_epoch
from vedette.store import Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = b"k" * 32


def agreed(store: Store, clock: FixedClock) -> Epoch:
    """This house and another one, in an epoch."""
    mine = join(store, ANNA, purpose="adverse-decision", label="l", name="me", url="https://me.example", clock=clock)
    made = open_epoch([mine, joined(1)], relay="me", opens=clock.now(), days=30, pairwise=True)
    accept(store, ANNA, made, clock=clock)
    return made


class TestEpoch:
    def test_secrets_are_sealed_and_come_back(self, store: Store, clock: FixedClock) -> None:
        made = agreed(store, clock)

        own = state.own_epoch(store, made.id)

        assert (own.epoch, own.state, own.name) == (made, "open", "me")
        assert own.secrets is not None
        with store.database.reading() as connection:
            raw = repr(connection.exec_driver_sql("SELECT * FROM blind_epoch").all())
        assert own.secrets.share_seed.hex() not in raw and repr(own.secrets.share_seed) not in raw
        assert own.secrets.share_seed != secrets(1).share_seed

    def test_an_epoch_is_accepted_once(self, store: Store, clock: FixedClock) -> None:
        made = agreed(store, clock)
        with pytest.raises(GroupError, match="already"):
            accept(store, ANNA, made, clock=clock)
        with pytest.raises(GroupError, match="already"):
            join(store, ANNA, purpose=made.purpose, label=made.label, name="me", url="https://me.example", clock=clock)

    def test_destroyed_it_cannot_be_opened_by_anybody(self, store: Store, clock: FixedClock) -> None:
        made = agreed(store, clock)
        destroy(store, ANNA, made.id, clock=clock)

        own = state.own_epoch(store, made.id)

        assert (own.secrets, own.state) == (None, "destroyed")
        assert audit.verify(store).problems == []

    def test_unknown_ones_are_refused(self, store: Store) -> None:
        for name in ("", "bep_none"):
            with pytest.raises(GroupError, match="unknown epoch"):
                state.own_epoch(store, name)


class TestRequests:
    def test_counted_by_member_and_epoch(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test", clock=clock) as act:
            for epoch, sender, number, count in (
                ("e", "a", 1, 5),
                ("e", "a", 2, 7),
                ("e", "b", 1, 1),
                ("f", "a", 1, 9),
            ):
                state.count(act, epoch, sender, f"{number:032}", "evaluate", count)
            assert state.used(act.connection, "e", "a") == 12
            assert state.used(act.connection, "g", "a") == 0
            assert state.seen(act.connection, "e", "a", f"{1:032}")
            assert not state.seen(act.connection, "f", "a", f"{2:032}")

        assert {(row["epoch_id"], row["sender"], row["requests"], row["elements"]) for row in state.asked(store)} == {
            ("e", "a", 2, 12),
            ("e", "b", 1, 1),
            ("f", "a", 1, 9),
        }


class TestTags:
    def test_sealed_by_member_part_and_round_and_forgotten_together(self, store: Store, clock: FixedClock) -> None:
        tag = b"t" * tagset.SIZE
        with audit.writing(store, ANNA, "test", clock=clock) as act:
            state.keep_tags(act, KEY, "e", "a", "live", 0, tag)
            state.keep_tags(act, KEY, "e", "a", "live", 1, tag * 2)
            state.keep_tags(act, KEY, "e", "b", "own", 0, tag)
            state.keep_tags(act, KEY, "f", "a", "live", 0, tag)
            (hit,) = state.keep_hits(act, store, "e", [(tag, "ref")])
            state.keep_question(
                act,
                store,
                {"question_id": "q", "epoch_id": "e", "asker": "a", "role": "mine", "state": "open"},
                tag,
            )
        with store.database.reading() as connection:
            assert [item[:2] for item in state.tags(connection, KEY, "e", "live")] == [("a", 0), ("a", 1)]
            raw = repr(connection.exec_driver_sql("SELECT sealed FROM blind_tags").all())
            assert repr(tag)[2:-1] not in raw
        assert [(item["hit_id"], item["ref"], item["tag"]) for item in state.hits(store)] == [(hit, "ref", tag.hex())]

        with audit.writing(store, ANNA, "test", clock=clock) as act:
            state.forget_tags(act, "e")

        assert (state.hits(store), state.questions(store)) == ([], [])
        with store.database.reading() as connection:
            assert list(state.tags(connection, KEY, "e", "live")) == []
            assert [item[2] for item in state.tags(connection, KEY, "f", "live")] == [tag]
        assert audit.verify(store).problems == []
