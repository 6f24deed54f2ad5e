"""Keys are made, found, used and revoked in audited acts; the secret is kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.made import ANNA, BERT
from vedette.audit import verify, writing
from vedette.base import FixedClock
from vedette.doors.keys import ApiKey, KeyRefused, KeyState, Scope, Secret
from vedette.doors.store import find_key, keys, make_key, note_use, revoke_key
from vedette.store import Store

QUARTER = timedelta(days=90)


def make(store: Store, clock: FixedClock) -> tuple[ApiKey, Secret]:
    return make_key(store, ANNA, owner="signup", scopes=(Scope.VERIFY, Scope.READ), lifetime=QUARTER, clock=clock)


class TestKeys:
    def test_a_key_is_found_by_its_id_and_proven_by_its_secret(self, store: Store, clock: FixedClock) -> None:
        key, secret = make(store, clock)

        kept = find_key(store, key.id)

        assert kept is not None
        assert kept.key == key
        assert secret.proves(kept.secret_hash)
        assert key.created_by == "person:anna"
        assert key.expires_at == "2026-05-30T12:00:00Z"

    def test_an_unknown_id_finds_nothing(self, store: Store) -> None:
        assert find_key(store, "aaaaaaaaaa") is None
        assert keys(store) == ()

    def test_all_are_listed_oldest_first(self, store: Store, clock: FixedClock) -> None:
        first, _ = make(store, clock)
        clock.advance(timedelta(seconds=1))
        second, _ = make(store, clock)

        assert keys(store) == (first, second)

    def test_revoking_is_for_good_and_may_be_repeated(self, store: Store, clock: FixedClock) -> None:
        key, _ = make(store, clock)

        revoked = revoke_key(store, BERT, key.id, clock=clock)
        clock.advance(timedelta(days=1))
        again = revoke_key(store, BERT, key.id, clock=clock)

        assert revoked == again
        assert revoked.state(clock.now()) is KeyState.REVOKED

    def test_an_unknown_key_cannot_be_revoked(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(KeyRefused, match="keys list"):
            revoke_key(store, BERT, "nothing", clock=clock)

    def test_the_last_day_of_use_only_moves_forward(self, store: Store, clock: FixedClock) -> None:
        key, _ = make(store, clock)
        for day in ("2026-03-02", "2026-03-01", "2026-03-03"):
            with writing(store, ANNA, "test", clock=clock) as act:
                note_use(act, key.id, day)

        assert keys(store)[0].last_used_on == "2026-03-03"

    def test_every_write_is_in_the_log_and_no_secret_is(self, store: Store, clock: FixedClock) -> None:
        key, secret = make(store, clock)
        revoke_key(store, BERT, key.id, clock=clock)

        result = verify(store)

        assert result.holds, result.problems
        assert result.leaves == 2
        for path in store.workspace.root.rglob("*"):
            if path.is_file():
                assert secret.text.encode() not in path.read_bytes()
