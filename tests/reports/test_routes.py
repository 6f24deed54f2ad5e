"""Reports over HTTP: two people and the paper that was shown; customer data only for whom it opens, and with a leaf."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors.access.people import PASSWORD, joined
from tests.reports.conftest import EMAIL, NAME
from tests.reports.test_desk import GROUND, HAND
from tests.server.conftest import new_key
from tests.server.house import Browser
from tests.server.web import TestClient
from vedette import audit, cases
from vedette.base import FixedClock
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store

ROLES = {
    "ann": (Role.ANALYST,),
    "bob": (Role.APPROVER,),
    "sue": (Role.SHARING_OFFICER,),
    "both": (Role.ANALYST, Role.APPROVER),
    "vic": (Role.VIEWER,),
}


@pytest.fixture
def place(house: Store, clock: FixedClock) -> Workplace:
    limits = Limits(requests_per_second=0, failures_per_second=0)
    return Workplace(house, "us", clock, limits, Entrance(second_factor=False))


@pytest.fixture
def people(place: Workplace) -> Iterator[dict[str, Browser]]:
    app = assemble(place)
    found = {}
    for name, roles in ROLES.items():
        joined(place.store, place.clock, name, *roles)
        client = TestClient(app, base_url="https://testserver", follow_redirects=False)
        assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
        found[name] = Browser(client, client.get("/v1/me").json()["csrf"])
    yield found


@pytest.fixture
def case_id(house: Store) -> str:
    return cases.find(house, "a-1").case_id


def drafted(people: dict[str, Browser], case_id: str, who: str = "ann") -> dict[str, Any]:
    body = {"report": "ofac_blocking", "subject": case_id, "entered": {**HAND, "location": "Seoul", "value": "3 USD"}}
    response = people[who].post("/v1/reports", body)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def step(people: dict[str, Browser], who: str, made: dict[str, Any], verb: str, body: Any = None) -> Any:
    address = f"/v1/reports/{made['report_id']}"
    tag = people[who].get(address).headers["etag"]
    return people[who].post(f"{address}/{verb}", body, If_Match=tag)


class TestWay:
    def test_from_draft_to_receipt(self, people: dict[str, Browser], case_id: str, house: Store) -> None:
        made = drafted(people, case_id)

        assert step(people, "ann", made, "submit", {"to": "ofac", **GROUND}).json()["state"] == "review"
        assert step(people, "bob", made, "approval", {"agree": True}).json()["state"] == "approved"
        assert step(people, "sue", made, "sent").json()["state"] == "sent"
        told = step(people, "sue", made, "received", {"receipt": "ORS-1"}).json()

        assert (told["state"], told["receipt"], told["route"]) == ("acknowledged", "ORS-1", "ofac")
        steps = people["vic"].get(f"/v1/reports/{made['report_id']}").json()["steps"]
        assert [one["verb"] for one in steps] == ["drafted", "submitted", "approved", "sent", "acknowledged"]
        assert audit.verify(house).holds

    def test_whoever_drafted_never_agrees(self, people: dict[str, Browser], case_id: str) -> None:
        made = drafted(people, case_id, "both")
        assert step(people, "ann", made, "submit", {"to": "ofac", **GROUND}).status_code == 200
        assert step(people, "both", made, "approval", {"agree": True}).status_code == 422
        assert step(people, "bob", made, "approval", {"agree": False}).json()["state"] == "draft"

    def test_whoever_submitted_never_agrees(self, people: dict[str, Browser], case_id: str) -> None:
        made = drafted(people, case_id)
        assert step(people, "both", made, "submit", {"to": "ofac", **GROUND}).status_code == 200
        assert step(people, "both", made, "approval", {"agree": True}).status_code == 403

    def test_an_answer_to_another_paper_than_the_one_shown_does_nothing(
        self, people: dict[str, Browser], case_id: str
    ) -> None:
        made = drafted(people, case_id)
        address = f"/v1/reports/{made['report_id']}"
        seen = people["ann"].get(address).headers["etag"]
        drafted(people, case_id)
        people["ann"].post(
            "/v1/reports", {"report": "ofac_blocking", "subject": case_id, "entered": {"value": "9 USD"}}
        )

        assert people["ann"].post(f"{address}/submit", {"to": "ofac", **GROUND}, If_Match=seen).status_code == 412
        assert people["ann"].post(f"{address}/submit", {"to": "ofac", **GROUND}).status_code == 428

    @pytest.mark.parametrize(
        "body",
        [
            {"report": "no_such"},
            {"report": "ofac_blocking"},
            {"report": "ofac_blocking", "subject": "case_none"},
            {"report": "ofac_blocking\u0000"},
            {"report": "nil_screening_result", "subject": "a-1", "entered": {"colour": "red"}},
            {"report": "sar_narrative", "subject": "a-1", "language": "xx"},
        ],
    )
    def test_what_cannot_be_drafted(self, people: dict[str, Browser], body: dict[str, Any]) -> None:
        assert people["ann"].post("/v1/reports", body).status_code == 422

    def test_the_same_draft_sent_twice_is_one(self, people: dict[str, Browser], case_id: str) -> None:
        body = {"report": "ofac_blocking", "subject": case_id}
        one = people["ann"].post("/v1/reports", body, Idempotency_Key="k-1")
        two = people["ann"].post("/v1/reports", body, Idempotency_Key="k-1")
        assert one.json() == two.json()
        assert two.headers["idempotency-replayed"] == "true"


class TestFiles:
    def test_customer_data_leaves_only_for_whom_it_opens_and_with_a_leaf(
        self, people: dict[str, Browser], case_id: str, house: Store
    ) -> None:
        made = drafted(people, case_id)
        address = f"/v1/reports/{made['report_id']}/file?form=json"
        before = audit.verify(house).leaves

        assert people["vic"].get(address).status_code == 403
        assert people["sue"].get(address).status_code == 403
        taken = people["ann"].get(address)

        assert taken.headers["content-disposition"].endswith(f'"{made["report_id"]}.json"')
        assert NAME in json.dumps(taken.json(), ensure_ascii=False)
        assert audit.verify(house).leaves > before

    @pytest.mark.parametrize(("form", "begin"), [("pdf", b"%PDF"), ("zip", b"PK"), ("docx", b"PK"), ("md", b"")])
    def test_forms(self, people: dict[str, Browser], case_id: str, form: str, begin: bytes) -> None:
        made = drafted(people, case_id)
        taken = people["ann"].get(f"/v1/reports/{made['report_id']}/file?form={form}")
        assert taken.status_code == 200
        assert taken.content.startswith(begin)

    def test_nothing_leaves_that_nobody_approved(self, people: dict[str, Browser], case_id: str) -> None:
        made = drafted(people, case_id)
        assert people["sue"].get(f"/v1/reports/{made['report_id']}/outgoing?form=pdf").status_code == 422

    @pytest.mark.parametrize("form", ["exe", "", "../../etc/passwd"])
    def test_another_form(self, people: dict[str, Browser], case_id: str, form: str) -> None:
        made = drafted(people, case_id)
        assert people["ann"].get(f"/v1/reports/{made['report_id']}/file", params={"form": form}).status_code == 422


class TestReading:
    def test_a_program_reads_states_page_by_page_and_no_content(
        self, people: dict[str, Browser], case_id: str, place: Workplace
    ) -> None:
        drafted(people, case_id)
        people["ann"].post("/v1/reports", {"report": "export_red_flags", "subject": case_id})
        client, held = people["ann"].client, {"Authorization": f"Bearer {new_key(place, 'read')}"}
        client.cookies.clear()

        first = client.get("/v1/reports?limit=1", headers=held).json()
        rest = client.get("/v1/reports", params={"limit": 1, "cursor": first["next"]}, headers=held).json()
        mine = client.get("/v1/reports", params={"subject": case_id, "state": "draft"}, headers=held).json()

        assert (first["more"], rest["more"]) == (True, False)
        assert {first["reports"][0]["report"], rest["reports"][0]["report"]} == {
            "ofac_blocking",
            "export_red_flags",
        }
        assert [one["subject"] for one in mine["reports"]] == [case_id] * 2
        assert NAME not in str((first, rest, mine))
        assert EMAIL not in str((first, rest, mine))
        assert client.post("/v1/reports", json={"report": "sar_narrative"}, headers=held).status_code == 403

    def test_kinds_with_the_grounds_of_today(self, people: dict[str, Browser]) -> None:
        told = people["vic"].get("/v1/report-kinds").json()
        assert "ofac_blocking" in {kind["name"] for kind in told["kinds"]}
        assert "us_disclosure_counsel" in {rule for rules in told["grounds"].values() for rule in rules}

    @pytest.mark.parametrize("identity", ["rep_none", "x" * 200, "%00"])
    def test_an_unknown_one(self, people: dict[str, Browser], identity: str) -> None:
        assert people["vic"].get(f"/v1/reports/{identity}").status_code == 404
