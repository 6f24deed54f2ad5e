"""Cases over HTTP: who decides names what was shown, two people are needed where policy says so, and two never collide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cases.test_refresh import BOTH, refresh
from tests.made import finding
from tests.server.conftest import new_key
from tests.server.house import Browser, House
from vedette import audit
from vedette.base import FixedClock, Strength
from vedette.doors.people import Role

FALSE = {"outcome": "false", "reason_code": "namesake", "note": "Birth dates differ by 30 years."}
SUSPEND = {"outcome": "true", "action": "suspend", "reason_code": "listed_party", "note": "Passport number agrees."}


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("cases"), clock)
    yield made
    made.place.store.close()


@pytest.fixture(scope="module")
def bea(house: House) -> Browser:
    return house.person("bea", Role.ANALYST, Role.APPROVER)


@pytest.fixture(scope="module")
def carl(house: House) -> Browser:
    return house.person("carl", Role.ANALYST, Role.APPROVER)


@pytest.fixture
def case_id(house: House, clock: FixedClock, request: pytest.FixtureRequest) -> str:
    """A fresh case, about an account named after the test."""
    account = request.node.name[:40].replace("[", "-").replace("]", "")
    refresh(house.place.store, clock, finding("presence/ip", account=account, strength=Strength.STOP))
    with house.place.store.database.reading():
        from vedette import cases

        found = cases.of_account(house.place.store, account)
    assert found is not None
    return found.case_id


def decide(person: Browser, case_id: str, body: dict[str, Any], tag: str | None = None) -> Any:
    """Decide on what the person sees now, or on a tag seen earlier."""
    seen = tag or person.get(f"/v1/cases/{case_id}").headers["etag"]
    return person.post(f"/v1/cases/{case_id}/decisions", body, If_Match=seen)


class TestReading:
    def test_pages_of_the_queue(self, house: House, clock: FixedClock, bea: Browser) -> None:
        accounts = [f"page-{number}" for number in range(5)]
        refresh(
            house.place.store, clock, *(finding("presence/ip", account=a, strength=Strength.STOP) for a in accounts)
        )
        wanted = "&".join(f"account={account}" for account in accounts)
        seen, more, cursor = [], True, ""
        while more:
            page = bea.get(f"/v1/cases?{wanted}&limit=2{cursor}").json()
            seen += [row["accounts"][0] for row in page["cases"]]
            more, cursor = page["more"], f"&cursor={page['next']}"
        assert sorted(seen) == accounts
        assert page["total"] == 5

    def test_a_case_with_evidence_and_what_is_unchanged(self, bea: Browser, case_id: str) -> None:
        shown = bea.get(f"/v1/cases/{case_id}")
        assert shown.json()["evidence"]
        tag = shown.headers["etag"]
        assert bea.get(f"/v1/cases/{case_id}", headers={"If-None-Match": tag}).status_code == 304

    @pytest.mark.parametrize(
        "query", ["stauts=open", "status=odd", "priority_min=x", "limit=0", "cursor=x", "updated_since=yesterday"]
    )
    def test_a_filter_that_cannot_be_read_is_refused(self, bea: Browser, query: str) -> None:
        assert bea.get(f"/v1/cases?{query}").status_code in (400, 422)

    def test_a_key_reads_and_never_decides(self, house: House, case_id: str) -> None:
        headers = {"Authorization": f"Bearer {new_key(house.place, 'read', 'admin')}"}
        client = house.browser()
        tag = client.get(f"/v1/cases/{case_id}", headers=headers).headers["etag"]
        refused = client.post(f"/v1/cases/{case_id}/decisions", json=FALSE, headers={**headers, "If-Match": tag})
        assert refused.status_code == 403
        assert refused.json()["type"].endswith("people-only")


class TestDeciding:
    def test_on_what_was_shown(self, house: House, clock: FixedClock, bea: Browser, case_id: str) -> None:
        tag = bea.get(f"/v1/cases/{case_id}").headers["etag"]
        assert bea.post(f"/v1/cases/{case_id}/decisions", SUSPEND).status_code == 428
        account = bea.get(f"/v1/cases/{case_id}").json()["accounts"][0]
        refresh(house.place.store, clock, *(finding(item.check, account=account) for item in BOTH))

        stale = decide(bea, case_id, SUSPEND, tag)
        fresh = decide(bea, case_id, SUSPEND)

        assert stale.status_code == 412
        assert fresh.status_code == 201
        assert fresh.json()["state"] == "waiting"

    def test_a_second_person_agrees_and_never_the_maker(self, bea: Browser, carl: Browser, case_id: str) -> None:
        decide(bea, case_id, SUSPEND)
        assert bea.post(f"/v1/cases/{case_id}/approval", {"agree": True}).status_code == 403
        waiting = bea.get("/v1/approvals").json()["approvals"]
        assert case_id in str(waiting)
        agreed = carl.post(f"/v1/cases/{case_id}/approval", {"agree": True})
        assert agreed.json()["state"] == "final"
        assert bea.get(f"/v1/cases/{case_id}").json()["decisions"][0]["decided_by"] == "person:bea"

    def test_two_people_decide_the_same_case_at_once(self, bea: Browser, carl: Browser, case_id: str) -> None:
        tags = [person.get(f"/v1/cases/{case_id}").headers["etag"] for person in (bea, carl)]
        first = decide(bea, case_id, SUSPEND, tags[0])
        second = decide(carl, case_id, SUSPEND, tags[1])
        assert (first.status_code, second.status_code) == (201, 412)

    def test_while_another_holds_it(self, bea: Browser, carl: Browser, case_id: str) -> None:
        claimed = bea.post(f"/v1/cases/{case_id}/claim").json()
        assert claimed["given"] and claimed["etag"]
        told = carl.post(f"/v1/cases/{case_id}/claim").json()
        assert (told["given"], told["held_by"]) == (False, "person:bea")
        assert decide(carl, case_id, SUSPEND).status_code == 409
        assert bea.post(f"/v1/cases/{case_id}/release").json()["status"] == "open"

    def test_a_slip_is_taken_back(self, bea: Browser, case_id: str) -> None:
        decide(bea, case_id, SUSPEND)
        assert bea.post(f"/v1/cases/{case_id}/undo").json()["status"] in ("open", "claimed")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {**FALSE, "outcome": "guilty"},
            {**FALSE, "reason_code": "x"},
            {**FALSE, "note": " "},
            {**FALSE, "nationality": "x"},
            [],
            {**FALSE, "note": 1},
        ],
    )
    def test_what_is_no_decision(self, bea: Browser, case_id: str, body: Any) -> None:
        response = decide(bea, case_id, body)
        assert response.status_code == 422
        assert "nationality" not in response.text


class TestDesk:
    def test_the_next_case_goes_to_one_person(self, bea: Browser, carl: Browser, case_id: str) -> None:
        one = bea.post("/v1/cases/claim-next", {"filter": f"case={case_id}"}).json()
        other = carl.post("/v1/cases/claim-next", {"filter": f"case={case_id}"}).json()
        assert one["case"]["case_id"] == case_id
        assert other == {"case": None}
        bea.post(f"/v1/cases/{case_id}/release")

    def test_words_sleep_assignment_and_escalation(self, bea: Browser, clock: FixedClock, case_id: str) -> None:
        assert bea.post(f"/v1/cases/{case_id}/notes", {"note": "Asked sales."}).status_code == 201
        assert bea.post(f"/v1/cases/{case_id}/assign", {"person": "carl"}).status_code == 200
        until = (clock.now() + timedelta(hours=1)).isoformat()
        assert bea.post(f"/v1/cases/{case_id}/snooze", {"until": until}).json()["status"] == "snoozed"
        assert bea.post(f"/v1/cases/{case_id}/snooze", {"until": "2026-03-02T12:00:00"}).status_code == 422
        assert bea.post(f"/v1/cases/{case_id}/escalate", {"note": "Needs counsel."}).json()["priority"] == 100

    def test_many_at_once_are_counted_first(self, house: House, clock: FixedClock, bea: Browser) -> None:
        accounts = ["many-1", "many-2"]
        refresh(
            house.place.store,
            clock,
            *(finding(item.check, account=account) for account in accounts for item in BOTH),
        )
        body = {"filter": "account=many-1&account=many-2", **FALSE}
        counted = bea.post("/v1/cases/bulk", body).json()
        assert bea.post("/v1/cases/bulk", {**body, "fingerprint": "0" * 16}).status_code == 412
        done = bea.post("/v1/cases/bulk", {**body, "fingerprint": counted["fingerprint"]}).json()
        assert done["decided"] == counted["cases"] > 0

    @pytest.mark.parametrize("path", ["/v1/cases/case_none", "/v1/cases/%00", "/v1/cases/" + "x" * 500])
    def test_there_is_no_such_case(self, bea: Browser, path: str) -> None:
        assert bea.get(path).status_code == 404

    def test_an_unknown_bulk_act(self, bea: Browser) -> None:
        assert bea.post("/v1/bulks/none/approval", {"agree": True}).status_code in (404, 422)


class TestProvable:
    def test_everything_that_was_done_is_in_a_log_that_holds(self, house: House, tmp_path: Path) -> None:
        auditor = house.person("otto", Role.AUDITOR)
        page = auditor.get("/v1/audit/entries?limit=1000").json()
        acts = {entry["leaf"]["act"] for entry in page["entries"]}
        assert {"doors.sign_in"} <= acts
        assert auditor.get("/v1/audit/proof/0").json()["index"] == 0
        assert auditor.get("/v1/audit/proof/999999").status_code == 404
        assert "vedette.local/audit" in auditor.get("/v1/audit/checkpoint").json()["checkpoint"]
        assert auditor.get(f"/v1/audit/entries?start={page['next']}").json()["entries"] == []
        assert audit.verify(house.place.store).holds

    def test_figures_name_routes_and_no_customer(self, house: House, bea: Browser, case_id: str) -> None:
        bea.get(f"/v1/cases/{case_id}")
        headers = {"Authorization": f"Bearer {new_key(house.place, 'metrics')}"}
        text = house.browser().get("/metrics", headers=headers).text
        assert 'route="/v1/cases/{case_id}"' in text
        assert "vedette_cases_undecided" in text and "vedette_audit_leaves" in text
        assert case_id not in text and "bea" not in text
