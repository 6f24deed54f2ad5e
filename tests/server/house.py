"""A served workspace with people, for the tests: each client is a browser, one person's once they signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from tests.doors.access.people import PASSWORD, joined
from tests.server.web import TestClient
from vedette.app.opening import create
from vedette.base import FixedClock
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble


class Browser:
    """A browser in which somebody signed in; it sends the session's token as the console's script does."""

    def __init__(self, client: TestClient, csrf: str) -> None:
        self.client = client
        self.csrf = csrf

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request of this person."""
        headers = {"X-CSRF-Token": self.csrf, **given.pop("headers", {})}
        response: httpx.Response = self.client.request(method, path, headers=headers, **given)
        return response

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.ask("POST", path, json={} if body is None else body, headers=named)


class House:
    """A workspace behind the web."""

    def __init__(self, root: Path, clock: FixedClock) -> None:
        store = create(root / "ws", "us")
        limits = Limits(requests_per_second=0, failures_per_second=0)
        self.place = Workplace(store, "us", clock, limits, Entrance(second_factor=False))
        self.app = assemble(self.place)

    def browser(self) -> TestClient:
        """A browser without a session."""
        return TestClient(self.app, base_url="https://testserver", follow_redirects=False)

    def person(self, name: str, *roles: Role) -> Browser:
        """A new person, who has signed in."""
        joined(self.place.store, self.place.clock, name, *roles)
        client = self.browser()
        response = client.post("/sign-in", data={"name": name, "password": PASSWORD})
        assert response.status_code == 303, response.text
        return Browser(client, client.get("/v1/me").json()["csrf"])
