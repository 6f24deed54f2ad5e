"""A refresh from lake to actors: the same input changes nothing, people's words stay, rings are told once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.linking.lake import START, account, key, payment, put, signin
from tests.made import ANNA, JOB, shared
from vedette import audit, findings, linking
from vedette.base import FixedClock, Strength, from_micros
from vedette.linking import JudgementError
from vedette.store import Store

LATER = FixedClock(datetime(2026, 4, 1, 12, 0, tzinfo=UTC))


def accounts_of(store: Store) -> list[tuple[str, ...]]:
    return sorted(actor.accounts for actor in linking.actors(store))


class TestRefresh:
    def test_three_accounts_with_one_key_are_one_actor_for_a_person_to_look_at(
        self, ringed: Store, clock: FixedClock
    ) -> None:
        result = linking.refresh(ringed, JOB, clock)
        assert (result.accounts, result.actors, result.links, result.for_review) == (43, 1, 3, 1)
        (actor,) = linking.actors(ringed)
        assert actor.accounts == ("a-1", "a-2", "a-3")
        assert actor.review == ("3 different verified identities",)

    def test_again_changes_nothing_and_leaves_no_leaf(self, ringed: Store, clock: FixedClock) -> None:
        first = linking.refresh(ringed, JOB, clock)
        leaves = audit.verify(ringed).leaves
        assert not linking.due(ringed)
        assert linking.refresh(ringed, JOB, LATER).as_json() == {**first.as_json(), "events": 0}
        assert [event.what for event in linking.events(ringed)] == ["born"]
        assert audit.verify(ringed).leaves == leaves

    def test_an_empty_lake_has_no_actors(self, store: Store, clock: FixedClock) -> None:
        assert linking.refresh(store, JOB, clock).actors == 0
        assert linking.actors(store) == []

    def test_new_accounts_join_under_the_same_id(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        before = linking.actor_of(ringed, "a-1")
        put(ringed, "accounts", [account("a-0")])
        put(ringed, "keys", [key("a-0")])
        assert linking.due(ringed)
        linking.refresh(ringed, JOB, LATER)
        assert linking.actor_of(ringed, "a-0") == before
        assert [event.what for event in linking.events(ringed)] == ["born", "changed"]

    def test_as_of_tells_who_was_in_it_then(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        put(ringed, "accounts", [account("a-0")])
        put(ringed, "keys", [key("a-0")])
        linking.refresh(ringed, JOB, LATER)
        assert linking.as_of(ringed, "2026-02-01T00:00:00Z") == {}
        assert list(linking.as_of(ringed, "2026-03-02T00:00:00Z").values()) == [("a-1", "a-2", "a-3")]
        assert list(linking.as_of(ringed, "2026-05-01T00:00:00Z").values()) == [("a-0", "a-1", "a-2", "a-3")]

    def test_the_log_holds(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        assert audit.verify(ringed).holds


class TestJudge:
    def test_a_cut_survives_re_runs_and_names_who_said_it(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        word = linking.cut(ringed, ANNA, "a-3", "a-1", reason=" Met both. ", clock=clock)
        assert (word.left, word.right, word.by, word.reason) == ("a-1", "a-3", "person:anna", "Met both.")
        for _ in range(2):
            linking.refresh(ringed, JOB, LATER)
            assert not any({"a-1", "a-3"} <= set(group) for group in accounts_of(ringed))

    def test_a_confirmation_joins_strangers(self, ringed: Store, clock: FixedClock) -> None:
        linking.confirm(ringed, ANNA, "s-01", "s-02", reason="She told us.", clock=clock)
        linking.refresh(ringed, JOB, clock)
        assert ("s-01", "s-02") in accounts_of(ringed)

    def test_three_confirmed_strangers_are_a_ring(self, ringed: Store, clock: FixedClock) -> None:
        for other in ("s-02", "s-03"):
            linking.confirm(ringed, ANNA, "s-01", other, reason="She told us.", clock=clock)
        assert linking.refresh(ringed, JOB, clock).rings == 2
        assert ("s-01", "s-02", "s-03") in accounts_of(ringed)

    def test_the_last_word_counts(self, ringed: Store, clock: FixedClock) -> None:
        linking.confirm(ringed, ANNA, "s-01", "s-02", reason="She told us.", clock=clock)
        linking.cut(ringed, ANNA, "s-02", "s-01", reason="It was her sister.", clock=LATER)
        linking.refresh(ringed, JOB, LATER)
        assert ("s-01", "s-02") not in accounts_of(ringed)

    @pytest.mark.parametrize(
        ("one", "other", "reason", "problem"),
        [
            ("a-1", "a-1", "why", "cannot be compared with itself"),
            ("a-1", "nobody", "why", "there is no account 'nobody'"),
            ("a-1", "a-2", "  ", "needs a reason"),
        ],
    )
    def test_refuses(self, ringed: Store, clock: FixedClock, one: str, other: str, reason: str, problem: str) -> None:
        with pytest.raises(JudgementError, match=problem):
            linking.confirm(ringed, ANNA, one, other, reason=reason, clock=clock)


class TestRing:
    def test_a_ring_of_different_people_is_found(self, ringed: Store, clock: FixedClock) -> None:
        assert linking.refresh(ringed, JOB, clock).rings == 1
        (found,) = findings.standing(ringed, check="linking/ring")
        assert found.finding.accounts == ("a-1", "a-2", "a-3")
        assert found.finding.strength is Strength.MEDIUM
        assert found.finding.family == "linking"

    def test_its_times_come_from_the_data_and_not_from_the_day_of_the_run(self, store: Store) -> None:
        day = 86_400_000_000
        ring = [account(f"a-{n}", opened_us=START + n * day) for n in (1, 2, 3)]
        put(store, "accounts", [*ring, *(account(f"s-{n:02d}") for n in range(40))])
        put(store, "keys", [{**key(f"a-{n}"), "time_us": START + 9 * day} for n in (1, 2, 3)])
        linking.refresh(store, JOB, LATER)
        (found,) = findings.standing(store, check="linking/ring")
        assert found.finding.first_seen == from_micros(START + 2 * day)
        assert found.finding.last_seen == from_micros(START + 9 * day)

    def test_it_is_not_told_when_another_check_names_the_same_accounts(self, ringed: Store, clock: FixedClock) -> None:
        with audit.writing(ringed, JOB, "test", clock=clock) as act:
            findings.record(act, [shared("credential/key_of_many_names", ("a-1", "a-2", "a-3"))])
        assert linking.refresh(ringed, JOB, clock).rings == 0

    def test_it_is_withdrawn_when_a_person_cuts_it(self, ringed: Store, clock: FixedClock) -> None:
        linking.refresh(ringed, JOB, clock)
        for pair in (("a-1", "a-2"), ("a-1", "a-3"), ("a-2", "a-3")):
            linking.cut(ringed, ANNA, *pair, reason="A course.", clock=clock)
        linking.refresh(ringed, JOB, clock)
        assert findings.standing(ringed, check="linking/ring") == []

    def test_one_customer_with_three_accounts_is_no_ring(self, store: Store, clock: FixedClock) -> None:
        same = {"name_token": "n", "document_token": "d"}
        put(store, "accounts", [account(f"a-{n}", **same) for n in range(3)] + [account(f"s-{n}") for n in range(40)])
        result = linking.refresh(store, JOB, clock)
        assert (result.actors, result.for_review, result.rings) == (1, 0, 0)


class TestHonestGroups:
    """Whoever shares honestly is never one hand."""

    def crowd(self, store: Store, *rows: dict[str, object]) -> None:
        put(store, "accounts", [*rows, *(account(f"s-{n:03d}") for n in range(300))])

    def test_a_reseller_pays_signs_in_and_keeps_keys_for_clients(self, store: Store, clock: FixedClock) -> None:
        clients = [f"c-{n}" for n in range(5)]
        self.crowd(store, account("head", kind="organization"), *(account(one, reseller_id="head") for one in clients))
        everybody = ["head", *clients]
        put(store, "payments", [payment(one) for one in everybody])
        put(store, "signins", [signin(one, device_id="d-1", ip="9.9.9.9") for one in everybody])
        put(store, "keys", [key(one) for one in everybody])
        assert linking.refresh(store, JOB, clock).actors == 0

    def test_colleagues_on_one_card_and_one_office(self, store: Store, clock: FixedClock) -> None:
        staff = [f"c-{n}" for n in range(6)]
        self.crowd(store, *(account(one, email_domain="firm.example", phone_token="switchboard") for one in staff))
        put(store, "payments", [payment(one) for one in staff])
        put(store, "signins", [signin(one, device_id="d-1", ip="9.9.9.9") for one in staff])
        assert linking.refresh(store, JOB, clock).actors == 0

    def test_a_family_with_one_home_computer_card_and_telephone(self, store: Store, clock: FixedClock) -> None:
        family = ["c-1", "c-2", "c-3"]
        self.crowd(store, *(account(one, address_token="home", phone_token="p") for one in family))
        put(store, "payments", [payment(one) for one in family])
        put(store, "signins", [signin(one, device_id="d-1", ip="9.9.9.9", ip_class="residential") for one in family])
        assert linking.refresh(store, JOB, clock).actors == 0

    @pytest.mark.parametrize("network", ["vpn", "tor", "cgnat", "hosting", "education"])
    def test_strangers_behind_one_gateway(self, store: Store, clock: FixedClock, network: str) -> None:
        self.crowd(store)
        put(store, "signins", [signin(f"s-{n:03d}", ip="9.9.9.9", ip_class=network) for n in range(30)])
        assert linking.refresh(store, JOB, clock).candidates == 0
