"""Every role against every route: what a role does not open stays shut, and nothing opens without signing in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute

from tests.server.house import Browser, House
from vedette.base import FixedClock
from vedette.doors.people import Permission, Role, permissions_of
from vedette.server.assemble import permission_of, routes

#: Routes that people use, with the permission they ask for. Whoever adds one says here who may use it.
PEOPLES = {
    ("GET", "/v1/me", "read"),
    ("GET", "/v1/customers/{account_id}", "read"),
    ("GET", "/v1/cases", "read"),
    ("GET", "/v1/cases/{case_id}", "read"),
    ("POST", "/v1/cases/claim-next", "decide"),
    ("POST", "/v1/cases/{case_id}/claim", "decide"),
    ("POST", "/v1/cases/{case_id}/release", "decide"),
    ("POST", "/v1/cases/{case_id}/decisions", "decide"),
    ("POST", "/v1/cases/{case_id}/approval", "approve"),
    ("POST", "/v1/cases/{case_id}/undo", "decide"),
    ("POST", "/v1/cases/{case_id}/notes", "decide"),
    ("POST", "/v1/cases/{case_id}/snooze", "decide"),
    ("POST", "/v1/cases/{case_id}/escalate", "decide"),
    ("POST", "/v1/cases/{case_id}/assign", "decide"),
    ("POST", "/v1/cases/bulk", "decide"),
    ("POST", "/v1/bulks/{bulk_id}/approval", "approve"),
    ("GET", "/v1/approvals", "read"),
    ("GET", "/v1/actors", "read"),
    ("GET", "/v1/actors/{actor_id}", "read"),
    ("GET", "/v1/links", "read"),
    ("GET", "/v1/rules", "read"),
    ("GET", "/v1/rules/{family}/{name}", "read"),
    ("GET", "/v1/compute-ledger", "read"),
    ("GET", "/v1/reports", "read"),
    ("GET", "/v1/report-kinds", "read"),
    ("POST", "/v1/reports", "decide"),
    ("GET", "/v1/reports/{report_id}", "read"),
    ("GET", "/v1/reports/{report_id}/file", "reveal"),
    ("GET", "/v1/reports/{report_id}/outgoing", "share"),
    ("POST", "/v1/reports/{report_id}/submit", "decide"),
    ("POST", "/v1/reports/{report_id}/approval", "approve"),
    ("POST", "/v1/reports/{report_id}/withdraw", "decide"),
    ("POST", "/v1/reports/{report_id}/sent", "share"),
    ("POST", "/v1/reports/{report_id}/received", "share"),
    ("GET", "/v1/audit/entries", "audit"),
    ("GET", "/v1/audit/checkpoint", "audit"),
    ("GET", "/v1/audit/proof/{index}", "audit"),
    ("GET", "/v1/keys", "admin"),
    ("DELETE", "/v1/keys/{key_id}", "admin"),
    ("GET", "/metrics", "admin"),
    ("GET", "/v1/deliveries", "admin"),
    ("POST", "/v1/deliveries/replay", "admin"),
}
_ANSWERED = (200, 201, 303, 400, 404, 415, 422, 428)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("matrix"), FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC)))
    yield made
    made.place.store.close()


@pytest.fixture(scope="module")
def people(house: House) -> dict[Role, Browser]:
    """Somebody of each role, and of that role alone."""
    return {role: house.person(f"some-{role.value}", role) for role in Role}


def peoples(house: House) -> list[tuple[str, APIRoute, Permission]]:
    """Every method of every route, pages included, that asks a permission of a person."""
    return [
        (method, route, permission)
        for route in routes(house.app)
        if (permission := permission_of(route)) is not None
        for method in sorted(route.methods or ())
    ]


def address(route: APIRoute) -> str:
    """An address of a route about things that are not there."""
    filled = route.path
    for name in route.param_convertors:
        filled = filled.replace("{" + name + "}", "0" if name == "index" else "none").replace(
            "{" + name + ":path}", "none"
        )
    return filled


class TestMatrix:
    def test_every_documented_route_is_in_the_table(self, house: House) -> None:
        found = {
            (method, route.path, asked.value) for method, route, asked in peoples(house) if route.include_in_schema
        }
        assert found == PEOPLES

    @pytest.mark.parametrize("role", list(Role))
    def test_a_role_opens_what_its_permissions_name(
        self, house: House, people: dict[Role, Browser], role: Role
    ) -> None:
        held = permissions_of([role])
        for method, route, asked in peoples(house):
            response = people[role].ask(method, address(route), **({"json": {}} if method == "POST" else {}))
            where = f"{role} {method} {route.path}: {response.status_code} {response.text[:200]}"
            if asked in held:
                assert response.status_code in _ANSWERED, where
            else:
                assert response.status_code == 403, where
                if route.include_in_schema:
                    assert response.json()["permission"] == asked.value, where

    def test_nobody_without_a_session(self, house: House) -> None:
        browser = house.browser()
        for method, route, _ in peoples(house):
            response = browser.request(method, address(route))
            assert response.status_code == 401, f"{method} {route.path}"

    def test_no_change_without_the_token(self, house: House, people: dict[Role, Browser]) -> None:
        for method, route, asked in peoples(house):
            holder = next(role for role in Role if asked in permissions_of([role]))
            if method not in ("GET", "HEAD"):
                response = people[holder].client.request(method, address(route), json={})
                assert response.status_code == 403, f"{method} {route.path}"
                if route.include_in_schema:
                    assert response.json()["type"].endswith("no-token")
