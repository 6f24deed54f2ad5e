"""People come in through pages: the first link, sign-in, sign-out, and requests that other sites forge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends
from starlette.responses import Response

from tests.doors.access.people import PASSWORD, joined
from tests.made import ANNA
from tests.server.web import TestClient
from vedette.app.opening import create
from vedette.base import FixedClock
from vedette.doors import web
from vedette.doors.access import first_invitation, invite
from vedette.doors.people import Role, codes
from vedette.doors.web import Entrance, Limits, Permission, Workplace
from vedette.doors.web.person import Person, needs_person
from vedette.server.assemble import assemble

_READ = Annotated[Person, Depends(needs_person(Permission.READ))]
_ADMIN = Annotated[Person, Depends(needs_person(Permission.ADMIN))]


def rooms_pages() -> APIRouter:
    """Pages as a room would have them."""
    router = APIRouter()

    @router.get("/here")
    def here(person: _READ) -> Response:
        return web.answer({"name": person.name, "csrf": person.csrf, "roles": list(person.roles)})

    @router.post("/here")
    def change(person: _READ, sent: Annotated[web.Form, Depends(web.form)]) -> Response:
        return web.answer({"given": sent.get("given"), "principal": str(person.principal)})

    @router.get("/administration")
    def administration(person: _ADMIN) -> Response:
        return web.answer({"name": person.name})

    return router


class House:
    """A served workspace, of which a client is a browser."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.app = assemble(place)
        self.app.include_router(rooms_pages())

    def browser(self) -> TestClient:
        base = "https://testserver" if self.place.entrance.secure else "http://testserver"
        return TestClient(self.app, base_url=base, follow_redirects=False)

    def inside(self, name: str, code: str = "") -> TestClient:
        browser = self.browser()
        response = sign_in(browser, name, code=code)
        assert response.status_code == 303, response.text
        return browser


def sign_in(browser: TestClient, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    response: httpx.Response = browser.post("/sign-in", data={"name": name, "password": password, **more})
    return response


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[House]:
    """A house that is reached encrypted, with an analyst and an administrator who has an authenticator."""
    store = create(tmp_path_factory.mktemp("house") / "ws", "us")
    joined(store, clock, "bea", Role.ANALYST)
    joined(store, clock, "carla", Role.ADMIN)
    limits = Limits(requests_per_second=0, failures_per_second=0)
    yield House(Workplace(store, "us", clock, limits, Entrance(second_factor=False)))
    store.close()


class TestFirstLink:
    def test_leads_in_and_is_good_once(self, tmp_path: Path, clock: FixedClock) -> None:
        store = create(tmp_path / "ws", "us")
        token = first_invitation(store, ANNA, clock=clock)
        browser = House(Workplace(store, "us", clock)).browser()

        page = browser.get(f"/welcome/{token}")
        secret = "".join(re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)[0].split())
        lacking = browser.post(f"/welcome/{token}", data={"name": "zoe", "password": PASSWORD})
        code = codes.code_at(secret, codes.step_of(clock.now()))
        entered = browser.post(f"/welcome/{token}", data={"name": "Zoe", "password": PASSWORD, "code": code})

        assert page.status_code == 200
        assert lacking.status_code == 422 and "code is wrong" in lacking.text
        assert entered.status_code == 303
        assert browser.get("/administration").json() == {"name": "zoe"}
        assert browser.get(f"/welcome/{token}").status_code == 404
        store.close()

    @pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "<script>"])
    def test_no_other_link_does(self, house: House, token: str) -> None:
        response = house.browser().get(f"/welcome/{token}")
        assert response.status_code == 404
        assert "<script>" not in response.text


class TestSignIn:
    def test_the_cookie_is_bound_to_host_and_encryption_and_hidden_from_scripts(self, house: House) -> None:
        cookie = sign_in(house.browser(), "bea").headers["set-cookie"]
        assert cookie.startswith("__Host-vedette=")
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie

    def test_pages_lead_to_the_form_and_back(self, house: House) -> None:
        browser = house.browser()
        away = browser.get("/here?x=1", headers={"accept": "text/html"})
        assert away.status_code == 303
        assert away.headers["location"] == "/sign-in?next=/here%3Fx%3D1"
        assert 'value="/here?x=1"' in browser.get(away.headers["location"]).text
        assert sign_in(browser, "bea", next="/here?x=1").headers["location"] == "/here?x=1"
        assert browser.get("/here").json()["name"] == "bea"

    @pytest.mark.parametrize(
        "next_page", ["//evil.example", "https://evil.example", "/\\evil", "javascript:1", "/\n/x"]
    )
    def test_never_to_another_site(self, house: House, next_page: str) -> None:
        assert sign_in(house.browser(), "bea", next=next_page).headers["location"] == "/"

    def test_a_script_of_the_page_is_told_where_to_go(self, house: House) -> None:
        response = house.browser().get("/here", headers={"hx-request": "true"})
        assert response.status_code == 401
        assert response.headers["hx-redirect"] == "/sign-in"

    def test_each_sign_in_is_a_new_session_and_ends_the_earlier_one(self, house: House) -> None:
        browser = house.inside("bea")
        first = browser.cookies["__Host-vedette"]
        sign_in(browser, "bea")
        assert browser.cookies["__Host-vedette"] != first
        other = house.browser()
        other.cookies.set("__Host-vedette", first, domain="testserver.local")
        assert other.get("/here").status_code == 401

    def test_a_wrong_password_is_told_without_saying_what_was_wrong(self, house: House) -> None:
        browser = house.browser()
        texts = set()
        for name, password in (("bea", "guess"), ("nobody-at-all", PASSWORD), ("<b>", "x")):
            response = sign_in(browser, name, password)
            assert response.status_code == 401
            assert "<b>" not in response.text
            texts.add(re.search(r'role="alert"[^>]*>([^<]*)', response.text)[1])  # type: ignore[index]  # it is there
        assert texts == {"Name, password or code is wrong."}

    def test_whoever_guesses_waits(self, house: House, clock: FixedClock) -> None:
        joined(house.place.store, clock, "dora", Role.VIEWER)
        browser = house.browser()
        for _ in range(5):
            sign_in(browser, "dora", "guess")
        response = sign_in(browser, "dora")
        assert response.status_code == 429
        assert response.headers["retry-after"] == "2"

    def test_pages_have_a_strict_policy_and_are_not_kept(self, house: House) -> None:
        headers = house.browser().get("/sign-in").headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"

    def test_without_encryption_only_the_name_differs(self, tmp_path: Path, clock: FixedClock) -> None:
        store = create(tmp_path / "ws", "us")
        joined(store, clock, "bea")
        house = House(Workplace(store, "us", clock, entrance=Entrance(secure=False)))
        assert house.inside("bea").get("/here").json()["name"] == "bea"
        store.close()


class TestForged:
    def test_an_unsafe_request_carries_the_token(self, house: House) -> None:
        browser = house.inside("bea")
        token = browser.get("/here").json()["csrf"]

        for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
            assert browser.post("/here", data=data).status_code == 403
        assert browser.post("/here", json={"csrf": token}).status_code == 403
        by_field = browser.post("/here", data={"csrf": token, "given": "ä"})
        by_header = browser.post("/here", headers={"X-CSRF-Token": token})

        assert by_field.json() == {"given": "ä", "principal": "person:bea"}
        assert by_header.status_code == 200

    def test_the_token_of_another_session_is_no_good(self, house: House) -> None:
        token = house.inside("carla").get("/here").json()["csrf"]
        assert house.inside("bea").post("/here", data={"csrf": token}).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}],
    )
    @pytest.mark.parametrize("path", ["/here", "/sign-in", "/sign-out"])
    def test_nothing_from_another_site(self, house: House, headers: dict[str, str], path: str) -> None:
        browser = house.inside("bea")
        token = browser.get("/here").json()["csrf"]
        response = browser.post(path, data={"csrf": token, "name": "bea", "password": PASSWORD}, headers=headers)
        assert response.status_code == 403

    @pytest.mark.parametrize("data", [b"a=%ff", b"&".join(b"a=1" for _ in range(300)), b"a=%00"])
    def test_hostile_forms(self, house: House, data: bytes) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        assert house.inside("bea").post("/here", content=data, headers=headers).status_code in (400, 422)

    def test_a_large_form_is_not_read(self, house: House) -> None:
        assert house.inside("bea").post("/here", data={"a": "x" * 300_000}).status_code == 413


class TestPermission:
    def test_roles_decide(self, house: House) -> None:
        assert house.inside("carla").get("/administration").json() == {"name": "carla"}
        refused = house.inside("bea").get("/administration")
        assert refused.status_code == 403
        assert refused.json()["permission"] == "admin"

    def test_nobody_comes_in_without_a_session(self, house: House) -> None:
        for cookie in ("", "x", "a" * 43, "../../etc"):
            browser = house.browser()
            browser.cookies.set("__Host-vedette", cookie, domain="testserver.local")
            assert browser.get("/here").status_code == 401

    def test_refusals_are_counted_for_the_log(self, house: House) -> None:
        house.place.refusals.write()
        house.inside("bea").get("/administration")
        house.browser().get("/here")
        assert house.place.refusals._counts == {"permission admin": 1, "not signed in": 1}


class TestSignOut:
    def test_the_session_is_over(self, house: House) -> None:
        browser = house.inside("bea")
        secret = browser.cookies["__Host-vedette"]
        token = browser.get("/here").json()["csrf"]
        assert browser.post("/sign-out").status_code == 403
        response = browser.post("/sign-out", data={"csrf": token})
        assert response.headers["location"] == "/sign-in"
        browser.cookies.set("__Host-vedette", secret, domain="testserver.local")
        assert browser.get("/here").status_code == 401

    def test_an_invited_person_chooses_a_password_and_is_in(self, house: House, clock: FixedClock) -> None:
        token = invite(house.place.store, ANNA, "emil", (Role.VIEWER,), clock=clock)
        browser = house.browser()
        assert browser.post(f"/welcome/{token}", data={"password": "emilemilemil"}).status_code == 422
        assert browser.post(f"/welcome/{token}", data={"password": PASSWORD}).status_code == 303
        assert browser.get("/here").json()["roles"] == ["viewer"]
