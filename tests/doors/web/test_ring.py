"""The ring remembers keys for two seconds, notes their use once a day, and keeps a bounded account of refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.doors.web.test_bucket import Watch
from tests.made import ANNA
from vedette.audit.store import leaves
from vedette.base import FixedClock
from vedette.doors.keys import KeyState, Scope, Secret, new_secret
from vedette.doors.store import keys, make_key, revoke_key
from vedette.doors.web.ring import KeyRing, Refusals
from vedette.store import StateError, Store


def made(store: Store, clock: FixedClock) -> Secret:
    _, secret = make_key(store, ANNA, owner="x", scopes=(Scope.READ,), lifetime=timedelta(days=2), clock=clock)
    return secret


def log(store: Store) -> list[bytes]:
    with store.database.reading() as connection:
        return [body for _, body, _ in leaves(connection)]


class TestKeyRing:
    def test_a_secret_finds_its_key(self, store: Store, clock: FixedClock) -> None:
        secret = made(store, clock)
        key, state = KeyRing(store, clock).owner_of(secret)
        assert key is not None
        assert (key.id, state) == (secret.key_id, KeyState.ACTIVE)

    def test_a_wrong_secret_of_a_known_id_learns_nothing(self, store: Store, clock: FixedClock) -> None:
        secret = made(store, clock)
        clock.advance(timedelta(days=3))
        wrong = Secret(secret.key_id, new_secret().text)
        assert KeyRing(store, clock).owner_of(wrong) == (None, None)
        assert KeyRing(store, clock).owner_of(secret)[1] is KeyState.EXPIRED

    def test_a_revoked_key_opens_for_two_seconds_at_most(self, store: Store, clock: FixedClock) -> None:
        secret, watch = made(store, clock), Watch()
        ring = KeyRing(store, clock, watch)
        assert not ring.remembered(secret)
        ring.owner_of(secret)
        assert ring.remembered(secret)
        revoke_key(store, ANNA, secret.key_id, clock=clock)

        watch.now = 1.9
        assert ring.owner_of(secret)[1] is KeyState.ACTIVE
        watch.now = 2.0
        assert ring.owner_of(secret)[1] is KeyState.REVOKED

    def test_guesses_do_not_fill_the_memory(self, store: Store, clock: FixedClock) -> None:
        ring = KeyRing(store, clock)
        for _ in range(1_005):
            ring.owner_of(new_secret())
        assert len(ring._kept) <= 1_000

    def test_use_is_noted_once_a_day(self, store: Store, clock: FixedClock) -> None:
        ring, secret = KeyRing(store, clock), made(store, clock)
        for _ in range(3):
            key, _ = ring.owner_of(secret)
            assert key is not None
            if ring.must_note(key):
                ring.note(key)
        assert keys(store)[0].last_used_on == "2026-03-01"
        assert len(log(store)) == 2

    def test_a_busy_database_turns_nobody_away(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = made(store, clock)
        ring = KeyRing(store, clock)
        key, _ = ring.owner_of(secret)
        assert key is not None

        def busy() -> None:
            raise StateError("locked")

        monkeypatch.setattr(store.database, "writing", busy)
        ring.note(key)


class TestRefusals:
    def test_the_log_grows_by_one_leaf_a_period_whatever_arrives(self, store: Store, clock: FixedClock) -> None:
        watch = Watch()
        refusals = Refusals(store, clock, now=watch)
        for number in range(500):
            watch.now = number / 2
            if refusals.count("unknown"):
                refusals.write()
        assert len(log(store)) == 1

        watch.now = 300
        assert refusals.count("none")
        refusals.write()
        assert b'"reasons":{"none":1,"unknown":499},"refused":500' in log(store)[1]

    def test_nothing_counted_is_nothing_written(self, store: Store, clock: FixedClock) -> None:
        Refusals(store, clock).write()
        assert log(store) == []

    def test_what_could_not_be_written_is_kept(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refusals = Refusals(store, clock)
        refusals.count("none")

        def busy() -> None:
            raise StateError("locked")

        with monkeypatch.context() as patched:
            patched.setattr(store.database, "writing", busy)
            refusals.write()
        refusals.write()
        assert b'"refused":1' in log(store)[0]
