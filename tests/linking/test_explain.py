"""The waterfall of a pair: what counts, what does not and why, what would break it, and the way through the actor."""

from __future__ import annotations

import pytest

from tests.linking.lake import account, key, payment, put, signin
from tests.made import ANNA, JOB
from vedette import linking
from vedette.base import FixedClock
from vedette.linking import JudgementError
from vedette.linking.explain import masked
from vedette.linking.model import combined
from vedette.store import Store


class TestExplain:
    def test_tells_every_bit_of_a_link(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        found = linking.explain(ringed, "a-2", "a-1")
        assert (found.left, found.right, found.standing) == ("a-1", "a-2", "same")
        assert [(part.kind, part.holders, part.masked) for part in found.parts] == [("key", 3, "k…")]
        assert found.bits == found.prior + combined(found.parts, 2.0)
        assert found.breaks == ("key",)
        assert found.way == ("a-1", "a-2")
        assert found.actor_id == linking.actor_of(ringed, "a-1")

    def test_the_stored_link_and_the_explanation_agree(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        stored = next(link for link in linking.links(ringed, "a-1") if link.pair == ("a-1", "a-3"))
        assert linking.explain(ringed, "a-1", "a-3").bits == stored.bits

    def test_strangers_have_the_prior_only(self, ringed: Store) -> None:
        found = linking.explain(ringed, "s-01", "s-02")
        assert (found.standing, found.parts, found.idle, found.actor_id, found.way) == ("apart", (), (), None, ())
        assert found.bits == found.prior

    def test_says_what_the_network_gives(self, store: Store) -> None:
        put(store, "accounts", [account(f"s-{n:03d}") for n in range(200)])
        put(store, "signins", [signin(f"s-{n:03d}", ip="9.9.9.9", device_id="d") for n in range(2)])
        found = linking.explain(store, "s-000", "s-001")
        assert {part.kind for part in found.parts} == {"device", "ip", "ip_prefix"}
        assert found.bits - found.bits_without_network == 2.0

    @pytest.mark.parametrize(
        ("facts", "kind", "why"),
        [
            ({"reseller_id": "head"}, "device", "honest sharing: reseller"),
            ({"address_token": "h"}, "device", "honest sharing: kin"),
            ({"email_domain": "firm.example"}, "instrument", "honest sharing: employer"),
        ],
    )
    def test_says_what_is_explained_away(self, store: Store, facts: dict[str, str], kind: str, why: str) -> None:
        pair = ["a-1", "a-2"]
        put(store, "accounts", [account(one, **facts) for one in pair] + [account(f"s-{n}") for n in range(50)])
        put(store, "signins", [signin(one, device_id="d") for one in pair])
        put(store, "payments", [payment(one) for one in pair])
        assert {item.kind: item.why for item in linking.explain(store, *pair).idle}[kind] == why

    def test_says_that_too_many_hold_it(self, store: Store) -> None:
        put(store, "accounts", [account(f"s-{n:03d}") for n in range(60)])
        put(store, "keys", [key(f"s-{n:03d}", "published") for n in range(30)])
        (item,) = linking.explain(store, "s-000", "s-001").idle
        assert (item.kind, item.holders, item.why) == ("key", 30, "more than 20 accounts hold it")

    def test_a_rarer_value_counts_already(self, store: Store) -> None:
        put(store, "accounts", [account(f"s-{n:03d}") for n in range(60)])
        put(
            store,
            "keys",
            [key(f"s-{n:03d}", "common") for n in range(5)] + [key(f"s-{n:03d}", "rare") for n in range(2)],
        )
        found = linking.explain(store, "s-000", "s-001")
        assert [part.holders for part in found.parts] == [2]
        assert [item.why for item in found.idle] == ["a rarer value of its kind counts already"]

    def test_repeats_a_persons_word(self, ringed: Store, clock: FixedClock) -> None:
        linking.cut(ringed, ANNA, "a-1", "a-2", reason="Met both.", clock=clock)
        linking.refresh(ringed, JOB, clock)
        found = linking.explain(ringed, "a-1", "a-2")
        assert found.judgement is not None and found.judgement.reason == "Met both."
        assert found.as_json()["judgement"] == "cut"

    @pytest.mark.parametrize("other", ["nobody", "x' OR '1'='1"])
    def test_refuses_an_account_that_is_not_there(self, ringed: Store, other: str) -> None:
        with pytest.raises(JudgementError, match="there is no account"):
            linking.explain(ringed, "a-1", other)


@pytest.mark.parametrize(("value", "shown"), [("abcdefghijklmnop", "abcd…"), ("abcdef", "ab…"), ("ab", "…"), ("", "…")])
def test_masked(value: str, shown: str) -> None:
    assert masked(value) == shown
