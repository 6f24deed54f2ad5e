"""Sign-up decisions over HTTP: as on the command line, stored before they are told, the same again for the same key."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.server.conftest import CUSTOMER, Served
from tests.server.test_assemble import problem
from vedette.app import store as state
from vedette.audit import verify as verify_log

LISTED = {
    "account_id": "a-2",
    "name": "Bartholomew Volkonskayev",
    "kind": "person",
    "country": "RU",
    "birth_date": "1961-03-14",
}


class TestOne:
    def test_an_ordinary_customer_is_clear_and_says_of_what(self, served: Served) -> None:
        told = served.verify().json()

        assert (told["query_id"], told["outcome"], told["human_required"]) == ("a-1", "clear", False)
        assert told["checks_run"] == ["presence", "screening"]
        assert told["list_versions"]["sample"].startswith("2026-03-01.")

    def test_a_listed_one_is_held_for_a_person(self, served: Served) -> None:
        told = served.verify(LISTED).json()

        assert (told["outcome"], told["human_required"]) == ("stop", True)
        assert told["hold_expires"]
        assert any("Volkonskayev" in finding["summary"] for finding in told["findings"])

    def test_without_a_list_nobody_is_clear(self, fresh: Served) -> None:
        told = fresh.verify().json()

        assert told["outcome"] == "review"
        assert [item["check"] for item in told["checks_missing"]] == ["screening"]

    def test_it_is_stored_and_can_be_read_again(self, served: Served) -> None:
        told = served.verify(LISTED).json()

        again = served.ask("GET", f"/v1/verifications/{told['verification_id']}", "verify").json()

        assert again == {**told, "replayed": True}

    @pytest.mark.parametrize("identity", ["ver_none", "%00", "..", "x" * 500])
    def test_an_unknown_decision(self, served: Served, identity: str) -> None:
        problem(served.ask("GET", f"/v1/verifications/{identity}", "verify"), 404)

    def test_the_log_holds_and_names_the_key(self, served: Served) -> None:
        told = served.verify().json()

        kept = state.verification(served.store, told["verification_id"])
        assert kept is not None
        assert kept.principal == "key:" + served.key("verify").split("_")[1]
        assert verify_log(served.store).holds

    @pytest.mark.parametrize(
        "customer",
        [
            {"name": "x" * 10_000},
            {"name": "김정은" * 3_000},
            {"name": "\u202e\u200b" * 500 + "Ann"},
            {"name": "é" + "\u0301" * 5_000},
            {"name": ["Ann", {"a": 1}], "owners": []},
            {"name": 17, "country": None},
            {"name": "Robert'); DROP TABLE verification;--", "email": "<script>alert(1)</script>"},
        ],
        ids=["long", "hangul", "bidi", "marks", "list", "number", "injection"],
    )
    def test_odd_names_get_an_answer_or_a_refusal(self, served: Served, customer: dict[str, Any]) -> None:
        response = served.verify(customer)

        assert response.status_code in (200, 422)
        assert response.elapsed.total_seconds() < 5

    @pytest.mark.parametrize(
        ("customer", "status"),
        [
            ({}, 422),
            ({"owners": "Ann"}, 422),
            ({"owners": [1]}, 422),
            ({"name": "A", "notes": ["x" * 19_000] * 4}, 413),
        ],
    )
    def test_what_is_no_customer(self, served: Served, customer: Any, status: int) -> None:
        problem(served.verify(customer), status)


class TestRepetition:
    def test_the_same_key_and_body_give_the_stored_answer(self, served: Served) -> None:
        first = served.verify(Idempotency_Key="r-1")
        again = served.verify(Idempotency_Key="r-1")

        assert again.json() == {**first.json(), "replayed": True}
        assert again.headers["idempotency-replayed"] == "true"
        assert "idempotency-replayed" not in first.headers

    def test_the_same_key_with_other_facts_is_refused(self, served: Served) -> None:
        served.verify(Idempotency_Key="r-2")

        told = problem(served.verify(LISTED, Idempotency_Key="r-2"), 422)

        assert told["type"].endswith("key-reused")

    def test_another_caller_s_key_is_another_key(self, served: Served) -> None:
        first = served.verify(Idempotency_Key="r-3").json()
        other = served.key("verify", "read")
        headers = {"Authorization": f"Bearer {other}", "Idempotency-Key": "r-3"}

        second = served.client.post("/v1/verifications", json=CUSTOMER, headers=headers).json()

        assert second["verification_id"] != first["verification_id"]
        assert not second["replayed"]

    @pytest.mark.parametrize("key", ["", "a b", "x" * 300])
    def test_an_unfit_key(self, served: Served, key: str) -> None:
        problem(served.verify(Idempotency_Key=key), 400)

    def test_many_at_once_with_one_key_make_one_decision(self, served: Served) -> None:
        """Clients that repeat a request while the first is at work: one stored decision, one answer for all."""
        served.key("verify")
        told: list[dict[str, Any]] = []
        start = threading.Barrier(6)

        def ask() -> None:
            start.wait()
            told.append(served.verify(Idempotency_Key="r-many").json())

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({item["verification_id"] for item in told}) == 1
        assert sum(not item["replayed"] for item in told) == 1


class TestSeveral:
    def test_each_is_answered_in_its_place(self, served: Served) -> None:
        told = served.verify({"customers": [CUSTOMER, 3, LISTED, {"owners": 1}, {"name": "Bo Nobody"}]}).json()

        outcomes = [item["outcome"] for item in told["verifications"]]
        assert outcomes == ["clear", None, "stop", None, "clear"]
        assert told["verifications"][1]["human_required"]
        assert told["verifications"][3]["place"] == "customers:4 [owners]"

    def test_a_repeated_batch_is_answered_as_before(self, served: Served) -> None:
        body = {"customers": [CUSTOMER, LISTED]}
        first = served.verify(body, Idempotency_Key="b-1").json()["verifications"]
        again = served.verify(body, Idempotency_Key="b-1").json()["verifications"]

        assert again == [{**item, "replayed": True} for item in first]

    @pytest.mark.parametrize(
        "body",
        [
            {"customers": []},
            {"customers": {}},
            {"customers": [CUSTOMER] * 1_001},
            {"customers": [CUSTOMER], "name": "Ann"},
        ],
        ids=["none", "object", "too many", "both"],
    )
    def test_what_is_no_batch(self, served: Served, body: Any) -> None:
        problem(served.verify(body), 422)
