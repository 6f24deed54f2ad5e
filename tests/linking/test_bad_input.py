"""What exports get wrong: values that mean nothing or everybody shows are reported and link nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.linking.lake import START, account, key, put
from tests.made import JOB
from vedette import linking
from vedette.base import FixedClock
from vedette.linking import Graph, weights
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine

SOME = [f"a-{number}" for number in range(5)]


def strangers(store: Store, **facts: str) -> None:
    put(store, "accounts", [account(one, **facts) for one in SOME] + [account(f"s-{n:03d}") for n in range(120)])


class TestPlaceholders:
    @pytest.mark.parametrize(
        ("kind", "column", "text"),
        [
            ("document", "document_token", "0000"),
            ("document", "document_token", "n/a"),
            ("email", "email_canonical_token", "test@test"),
            ("phone", "phone_token", "+10000000000"),
            ("registration", "registration_token", "0000"),
        ],
    )
    def test_are_counted_and_link_nobody(
        self, store: Store, clock: FixedClock, kind: str, column: str, text: str
    ) -> None:
        strangers(store, **{column: store.vault.tokens(kind, [text])[0], "name_token": "same"})
        result = linking.refresh(store, JOB, clock)
        assert (result.candidates, result.actors) == (0, 0)
        assert result.generic == {kind: 5}

    @pytest.mark.parametrize("text", ["", None])
    def test_nothing_is_no_value(self, store: Store, clock: FixedClock, text: str | None) -> None:
        put(
            store, "accounts", [account(one, phone_token=text, document_token=text, address_token=text) for one in SOME]
        )
        put(store, "keys", [key(one, "") for one in SOME])
        assert linking.refresh(store, JOB, clock).candidates == 0


class TestReferrals:
    def test_bringing_oneself_is_no_relation(self, store: Store, clock: FixedClock) -> None:
        put(store, "accounts", [account(one, referrer_account_id=one) for one in SOME])
        put(store, "accounts", [account("b-1", referrer_account_id="b-2"), account("b-2", referrer_account_id="b-1")])
        assert linking.refresh(store, JOB, clock).candidates == 0

    def test_a_referrer_that_is_no_account_is_harmless(self, store: Store, clock: FixedClock) -> None:
        put(store, "accounts", [account(one, referrer_account_id="nobody") for one in SOME])
        assert linking.refresh(store, JOB, clock).candidates == 0


class TestEverybody:
    def test_a_million_accounts_with_one_value_of_every_kind_make_no_pair(self, tmp_path: Path) -> None:
        million = "range(1000000) AS r(n)"
        views = {
            "link_account": "SELECT 'a-' || n AS account_id, 1 AS person, NULL::VARCHAR AS name, 'a-' || n AS seller, "
            f"'home' AS address, 'x.example' AS domain, 'US' AS country, NULL::VARCHAR AS identity FROM {million}",
            "link_observation": f"SELECT 'a-' || n AS account_id, kind, 'one' AS value, {START} AS first_us, {START} AS last_us "
            f"FROM {million}, (VALUES ('device'), ('key'), ('phone')) AS k(kind)",
            "link_name_part": "SELECT NULL::VARCHAR AS account_id, NULL::VARCHAR AS part WHERE FALSE",
        }
        with DuckEngine(views, tmp_path, memory="700MB", threads=2) as engine:
            graph = Graph(engine, weights())
            assert graph.rebuild() == 0
            assert graph.hubs() == [(kind, 1_000_000, "many holders") for kind in ("device", "key", "phone")]

    def test_ids_of_any_sort_are_texts(self, store: Store, clock: FixedClock) -> None:
        nasty = ["'; DROP TABLE l_seen; --", "a|b", "=cmd()", "\u202eabc", "x" * 5_000]
        put(store, "accounts", [account(one) for one in nasty] + [account(f"s-{n:03d}") for n in range(60)])
        put(store, "keys", [key(one) for one in nasty])
        linking.refresh(store, JOB, clock)
        (actor,) = linking.actors(store)
        assert actor.accounts == tuple(sorted(nasty))
        assert linking.graph_json(store, nasty[0])["nodes"]
