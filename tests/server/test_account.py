"""One's own account: sessions are seen and ended, a password is changed by whoever proves the current one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.doors.access.people import PASSWORD
from tests.server.house import Browser, House
from tests.server.web import TestClient
from vedette.base import FixedClock
from vedette.doors.people import Role

OTHER = "walnut ferry copper nine"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("account"), FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC)))
    yield made
    made.place.store.close()


def enter(house: House, name: str, password: str) -> TestClient:
    client = house.browser()
    client.post("/sign-in", data={"name": name, "password": password})
    return client


def change(person: Browser, current: str, new: str) -> int:
    data = {"csrf": person.csrf, "current": current, "new": new}
    status: int = person.client.post("/account/password", data=data).status_code
    return status


class TestPassword:
    def test_the_new_one_opens_and_every_other_session_ends(self, house: House) -> None:
        bea = house.person("bea", Role.ANALYST)
        other = enter(house, "bea", PASSWORD)
        assert change(bea, PASSWORD, OTHER) == 303
        assert bea.get("/v1/me").json()["name"] == "bea"
        assert other.get("/v1/me").status_code == 401
        assert enter(house, "bea", PASSWORD).get("/v1/me").status_code == 401
        assert enter(house, "bea", OTHER).get("/v1/me").status_code == 200

    def test_only_for_whoever_proves_the_current_one(self, house: House) -> None:
        carl = house.person("carl", Role.ANALYST)
        for current, new in (("guess", OTHER), ("", OTHER), (PASSWORD, "short"), (PASSWORD, "carlcarlcarl")):
            assert change(carl, current, new) == 422
        assert enter(house, "carl", PASSWORD).get("/v1/me").status_code == 200

    def test_guessing_it_is_slowed_down_like_a_sign_in(self, house: House) -> None:
        dora = house.person("dora", Role.ANALYST)
        for _ in range(5):
            change(dora, "guess", OTHER)
        assert change(dora, PASSWORD, OTHER) == 422
        assert (
            "Too many"
            in dora.client.post("/account/password", data={"csrf": dora.csrf, "current": PASSWORD, "new": OTHER}).text
        )


class TestSessions:
    def test_they_are_shown_and_the_others_ended(self, house: House) -> None:
        emil = house.person("emil", Role.VIEWER)
        other = enter(house, "emil", PASSWORD)
        assert emil.client.get("/account").text.count("<tr>") == 3
        told = emil.client.post("/account/sessions", data={"csrf": emil.csrf})
        assert "1 other sessions" in told.text
        assert other.get("/v1/me").status_code == 401
        assert emil.get("/v1/me").status_code == 200

    def test_no_other_site_does_it(self, house: House) -> None:
        fred = house.person("fred", Role.VIEWER)
        assert fred.client.post("/account/sessions").status_code == 403
