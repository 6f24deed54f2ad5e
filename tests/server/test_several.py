"""Several processes on one state database: sessions, lock-outs and decisions are shared, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cases.test_refresh import refresh
from tests.doors.access.people import PASSWORD, joined
from tests.made import finding
from tests.server.web import TestClient
from vedette import audit, cases
from vedette.app.rooms import catalogue
from vedette.base import FixedClock, Strength
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store, Workspace

SUSPEND = {"outcome": "true", "action": "suspend", "reason_code": "listed_party", "note": "Passport number agrees."}


@pytest.fixture
def two(store: Store, clock: FixedClock) -> Iterator[tuple[TestClient, TestClient]]:
    """A browser at each of two services over one workspace."""
    limits = Limits(requests_per_second=0, failures_per_second=0)
    opened = [Store(Workspace(store.workspace.root, store.workspace.state_url), catalogue()) for _ in range(2)]
    apps = [assemble(Workplace(one, "us", clock, limits, Entrance(second_factor=False))) for one in opened]
    yield TestClient(apps[0], base_url="https://testserver"), TestClient(apps[1], base_url="https://testserver")
    for one in opened:
        one.close()


def enter(client: TestClient, name: str, password: str = PASSWORD) -> int:
    status: int = client.post("/sign-in", data={"name": name, "password": password}, follow_redirects=False).status_code
    return status


class TestTwo:
    def test_who_signed_in_at_one_is_known_at_the_other(
        self, store: Store, clock: FixedClock, two: tuple[TestClient, TestClient]
    ) -> None:
        joined(store, clock, "bea")
        enter(two[0], "bea")
        two[1].cookies = two[0].cookies
        me = two[1].get("/v1/me").json()
        assert me["name"] == "bea"
        two[1].post("/sign-out", data={"csrf": me["csrf"]})
        two[0].cookies.set("__Host-vedette", "x" * 43, domain="testserver.local")
        assert two[0].get("/v1/me").status_code == 401

    def test_guessing_at_both_is_no_faster(
        self, store: Store, clock: FixedClock, two: tuple[TestClient, TestClient]
    ) -> None:
        joined(store, clock, "bea")
        statuses = [enter(two[number % 2], "bea", "guess") for number in range(6)]
        assert statuses == [401, 401, 401, 401, 401, 429]

    def test_two_decide_the_same_case_at_the_same_moment(
        self, store: Store, clock: FixedClock, two: tuple[TestClient, TestClient]
    ) -> None:
        refresh(store, clock, *(finding("presence/ip", account=f"s-{n}", strength=Strength.STOP) for n in range(3)))
        tokens = []
        for client, name in zip(two, ("bea", "carl"), strict=True):
            joined(store, clock, name, Role.ANALYST)
            enter(client, name)
            tokens.append(client.get("/v1/me").json()["csrf"])

        def decide(number: int, case_id: str, tag: str) -> int:
            headers = {"X-CSRF-Token": tokens[number], "If-Match": tag}
            answer = two[number].post(f"/v1/cases/{case_id}/decisions", json=SUSPEND, headers=headers)
            return int(answer.status_code)

        for account in ("s-0", "s-1", "s-2"):
            case = cases.of_account(store, account)
            assert case is not None
            tag = two[0].get(f"/v1/cases/{case.case_id}").headers["etag"]
            with ThreadPoolExecutor(2) as pool:
                found = sorted(pool.map(lambda number: decide(number, case.case_id, tag), (0, 1)))  # noqa: B023  # used at once
            assert found == [201, 412]
        assert audit.verify(store).holds
