"""The console over HTTP without a browser: a service with invented cases, and a signed-in client for each person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.console.serve import ROLES, fill
from tests.doors.access.people import joined
from tests.server.web import TestClient
from vedette import cases
from vedette.app.opening import create, open_store
from vedette.base import SystemClock
from vedette.doors.access import begin
from vedette.doors.access.sessions import WEB
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store

CASE = re.compile(r'<article class="case" data-case="(case_[a-z0-9]+)" data-version="(\d+)"')
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Desk:
    """The service, and a cookie of each person."""

    client: TestClient
    store: Store
    cookies: dict[str, str]

    def get(self, path: str, name: str | None = "bea", /, **headers: str) -> httpx.Response:
        return self._ask("GET", path, name, headers={"Accept": "text/html", **headers})

    def post(self, path: str, name: str = "bea", /, **fields: str) -> httpx.Response:
        """Send a form as a script would, with the token that the page holds."""
        return self.send(path, name, fields, {"HX-Request": "true"})

    def whole(self, path: str, name: str = "bea", /, **fields: str) -> httpx.Response:
        """Send a form as a browser without script would."""
        return self.send(path, name, fields, {})

    def send(self, path: str, name: str, fields: dict[str, str], headers: dict[str, str]) -> httpx.Response:
        """Send a form with the token of the person's own page, unless it brings another."""
        token = _TOKEN.search(self.get("/", name).text)
        assert token is not None
        headers = {"Accept": "text/html", **headers}
        return self._ask("POST", path, name, headers=headers, data={"csrf": token[1], **fields})

    def _ask(self, method: str, path: str, name: str | None, **given: Any) -> httpx.Response:
        self.client.cookies.clear()
        if name is not None:
            self.client.cookies.set("vedette", self.cookies[name])
        answer: httpx.Response = self.client.request(method, path, follow_redirects=False, **given)
        return answer

    def case(self, at: int) -> tuple[str, str]:
        """The id and version of one waiting case."""
        found = cases.view(self.store, cases.parse("status=open"), now=SystemClock().now(), limit=at + 1).cases[at]
        return found.case_id, str(found.version)


def furnish(folder: Path, count: int) -> dict[str, str]:
    """A workspace with so many cases, and the cookie of each person who is signed in there."""
    clock = SystemClock()
    store = create(folder, "us")
    fill(store, count)
    cookies = {}
    for name, roles in ROLES.items():
        person, _ = joined(store, clock, name, *roles)
        cookies[name] = begin(store, person, kind=WEB, how="password", clock=clock).secret
    store.close()
    return cookies


@contextmanager
def opened(folder: Path, cookies: dict[str, str]) -> Iterator[Desk]:
    """A service over a furnished workspace."""
    store = open_store(folder)
    entrance = Entrance(secure=False, second_factor=False)
    place = Workplace(store, "us", SystemClock(), Limits(requests_per_second=0), entrance=entrance)
    with TestClient(assemble(place)) as client:
        yield Desk(client, store, cookies)
