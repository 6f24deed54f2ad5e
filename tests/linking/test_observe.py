"""Observations from the lake: every place, its limits, generic values, and prefixes of addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlglot

from tests.linking.lake import START, account, key, payment, put, signin
from vedette.linking import Graph, observe, weights
from vedette.linking.read import generic_values
from vedette.store import Store

HOUR = 3_600_000_000


def seen(store: Store, kind: str) -> set[tuple[str, str]]:
    with store.engine(observe.TABLES) as engine:
        observe.prepare(engine, weights(), generic_values(), store.vault.tokens)
        return set(engine.rows("SELECT account_id, value FROM link_observation WHERE kind = ?", [kind]))


def explained(store: Store) -> dict[str, dict[str, Any]]:
    with store.engine(observe.TABLES) as engine:
        observe.prepare(engine, weights(), generic_values(), store.vault.tokens)
        Graph(engine, weights()).read()
        sql = (
            "SELECT o.*, CASE WHEN a.home IS NOT NULL THEN o.address END AS home, "
            "CASE WHEN a.employer IS NOT NULL THEN o.domain END AS employer "
            "FROM link_account AS o JOIN l_account AS a ON a.account_id = o.account_id"
        )
        return {row["account_id"]: row for row in engine.dictionaries(sql)}


class TestPlaces:
    @pytest.mark.parametrize(
        ("facts", "kind", "value"),
        [
            ({"phone_token": "p"}, "phone", "p"),
            ({"email_canonical_token": "m"}, "email", "m"),
            ({"recovery_phone_token": "p"}, "phone", "p"),
            ({"recovery_email_token": "m"}, "email", "m"),
            ({"document_token": "d"}, "document", "d"),
            ({"registration_token": "r"}, "registration", "r"),
            ({"address_token": "h"}, "address", "h"),
            ({"name_token": "n"}, "name", "n"),
            ({"birth_date_token": "b"}, "birth_date", "b"),
            ({"kind": "organization", "email_domain": "firm.example"}, "mail_domain", "firm.example"),
            ({"website_host": "site01-x9.example"}, "site_template", "site-x.example"),
            ({"referrer_account_id": "a-9"}, "referrer", "a-9"),
            ({"signup_device_id": "d-1"}, "device", "d-1"),
            ({"signup_ip": "9.8.7.6"}, "ip", "9.8.7.6"),
            ({"signup_ip": "9.8.7.6"}, "ip_prefix", "9.8.7"),
            ({"signup_ip": "2001:db8:1::5"}, "ip_prefix", "2001:db8:1"),
        ],
    )
    def test_of_an_account(self, store: Store, facts: Mapping[str, Any], kind: str, value: str) -> None:
        put(store, "accounts", [account("a-1", **facts)])
        assert seen(store, kind) == {("a-1", value)}

    @pytest.mark.parametrize(
        ("table", "row", "kind", "value"),
        [
            ("signins", signin("a-1", device_id="d-1"), "device", "d-1"),
            ("signins", signin("a-1", ip="9.8.7.6", ip_class="residential"), "ip", "9.8.7.6"),
            ("payments", payment("a-1"), "instrument", "i-1"),
            ("payments", payment("a-1", wallet="w"), "wallet", "w"),
            ("keys", key("a-1"), "key", "k-1"),
            (
                "owners",
                {"account_id": "a-1", "owner_id": "o", "owner_name_token": "n", "birth_date_token": "b"},
                "owner",
                "n|b",
            ),
        ],
    )
    def test_of_what_an_account_does(
        self, store: Store, table: str, row: Mapping[str, Any], kind: str, value: str
    ) -> None:
        put(store, table, [row])
        assert seen(store, kind) == {("a-1", value)}

    @pytest.mark.parametrize(
        ("table", "row", "kind"),
        [
            ("signins", signin("a-1", device_id="d-1", outcome="failure"), "device"),
            ("signins", signin("a-1", ip="9.8.7.6", ip_class="vpn"), "ip"),
            ("payments", payment("a-1", instrument_kind="credit"), "instrument"),
            ("accounts", account("a-1", signup_ip="9.8.7.6", signup_ip_class="education"), "ip"),
            ("accounts", account("a-1", email_domain="firm.example"), "mail_domain"),
            ("accounts", account("a-1", referrer_account_id="a-1"), "referrer"),
            ("accounts", account("a-1", phone_token=""), "phone"),
            ("accounts", account("a-1", signup_ip="::1:2"), "ip_prefix"),
            ("owners", {"account_id": "a-1", "owner_id": "o", "owner_name_token": "n"}, "owner"),
        ],
    )
    def test_left_out(self, store: Store, table: str, row: Mapping[str, Any], kind: str) -> None:
        put(store, table, [row])
        assert seen(store, kind) == set()

    def test_who_brought_others_holds_what_they_hold(self, store: Store) -> None:
        put(store, "accounts", [account("a-1"), account("a-2", referrer_account_id="a-1")])
        assert seen(store, "referrer") == {("a-1", "a-1"), ("a-2", "a-1")}

    @pytest.mark.parametrize(("minutes", "together"), [(1, True), (59, True), (121, False)])
    def test_neighbours_in_time_and_range_share_a_burst(self, store: Store, minutes: int, together: bool) -> None:
        times = [START + HOUR - 30 * 60_000_000, START + HOUR - 30 * 60_000_000 + minutes * 60_000_000]
        rows = [account(f"a-{n}", opened_us=time, signup_ip=f"9.8.7.{n}") for n, time in enumerate(times)]
        put(store, "accounts", rows)
        values = [{value for who, value in seen(store, "burst") if who == f"a-{n}"} for n in (0, 1)]
        assert bool(values[0] & values[1]) is together


class TestGeneric:
    def test_values_that_say_nothing_are_counted_and_left_out(self, store: Store) -> None:
        token = store.vault.token("document", "0000")
        put(
            store,
            "accounts",
            [account("a-1", document_token=token, signup_device_id="n/a"), account("a-2", document_token=token)],
        )
        with store.engine(observe.TABLES) as engine:
            observe.prepare(engine, weights(), generic_values(), store.vault.tokens)
            counted = dict(engine.rows("SELECT kind, COUNT(*) FROM link_left_out GROUP BY kind"))
        assert counted == {"device": 1, "document": 2}
        assert seen(store, "document") == set()

    def test_an_ordinary_value_stays(self, store: Store) -> None:
        put(store, "accounts", [account("a-1", document_token=store.vault.token("document", "c0ffee"))])
        assert len(seen(store, "document")) == 1


class TestAccounts:
    @pytest.mark.parametrize(("holders", "home"), [(6, "h"), (7, None)])
    def test_a_home_has_few_holders(self, store: Store, holders: int, home: str | None) -> None:
        put(store, "accounts", [account(f"a-{n}", address_token="h") for n in range(holders)])
        assert explained(store)["a-0"]["home"] == home

    @pytest.mark.parametrize(("countries", "own"), [(7, "m.example"), (8, None)])
    def test_a_domain_of_many_countries_is_nobodys_own(self, store: Store, countries: int, own: str | None) -> None:
        rows = [account(f"a-{n}", email_domain="m.example", country=f"C{n}") for n in range(countries)]
        put(store, "accounts", rows)
        assert explained(store)["a-0"]["employer"] == own

    @pytest.mark.parametrize(
        ("facts", "identity"),
        [
            ({}, "doc-a-1"),
            ({"document_token": None}, "name-a-1"),
            ({"verification_status": "reverified"}, "doc-a-1"),
            ({"verification_status": "pending"}, None),
            ({"verification_status": None}, None),
        ],
    )
    def test_only_verified_identities_count(self, store: Store, facts: Mapping[str, Any], identity: str | None) -> None:
        put(store, "accounts", [account("a-1", **facts)])
        assert explained(store)["a-1"]["identity"] == identity

    def test_a_firm_has_no_employer(self, store: Store) -> None:
        put(store, "accounts", [account("a-1", kind="organization", email_domain="f.example")])
        assert explained(store)["a-1"]["employer"] is None


@pytest.mark.parametrize("sql", [observe.observations(weights()), observe.ACCOUNTS])
def test_every_statement_can_be_written_for_spark(sql: str) -> None:
    (written,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert "SELECT" in written
