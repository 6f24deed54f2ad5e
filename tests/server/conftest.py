"""A served workspace for the tests: an invented list in force, a key of each scope, and a client without a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.made import ANNA
from tests.server.web import TestClient
from vedette import watchlists
from vedette.app.opening import create
from vedette.base import FixedClock
from vedette.doors.keys import Scope
from vedette.doors.store import make_key
from vedette.doors.web import Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store

PEOPLE: list[dict[str, Any]] = [
    {
        "id": "NK-volk",
        "schema": "Person",
        "datasets": ["sample"],
        "properties": {
            "name": ["Bartholomew Volkonskayev"],
            "alias": ["Barto Volkonskayev"],
            "birthDate": ["1961-03-14"],
            "country": ["ru"],
            "passportNumber": ["X1234567"],
            "topics": ["sanction"],
        },
    },
    {
        "id": "NK-zarv",
        "schema": "Company",
        "datasets": ["sample"],
        "properties": {"name": ["Zarvanitsa Hydroacoustic"], "country": ["ua"], "topics": ["export.control"]},
    },
]
CUSTOMER = {"account_id": "a-1", "name": "Ann Example", "kind": "person", "country": "US"}


def write_list(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A FollowTheMoney file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@dataclass
class Served:
    """A client of the service, with what stands behind it."""

    client: TestClient
    place: Workplace
    clock: FixedClock
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.place.store

    def key(self, *scopes: str) -> str:
        """A key of these scopes, made once."""
        name = ",".join(scopes)
        if name not in self.keys:
            self.keys[name] = new_key(self.place, *scopes)
        return self.keys[name]

    def ask(self, method: str, path: str, scope: str | None, **given: Any) -> httpx.Response:
        """One request, with a key of a scope or with none."""
        headers = dict(given.pop("headers", {}))
        if scope is not None:
            headers["Authorization"] = f"Bearer {self.key(scope)}"
        return self.client.request(method, path, headers=headers, **given)

    def verify(self, customer: Any = CUSTOMER, **headers: str) -> httpx.Response:
        """Decide a customer."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.ask("POST", "/v1/verifications", "verify", json=customer, headers=named)

    def match(self, properties: dict[str, Any], dataset: str = "default", **params: Any) -> dict[str, Any]:
        """Match one person; the answer to it."""
        schema = params.pop("schema", "Person")
        body = {"queries": {"q": {"schema": schema, "properties": properties}}}
        response = self.ask("POST", f"/match/{dataset}", "match", json=body, params=params)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()["responses"]["q"]
        return found


def new_key(place: Workplace, *scopes: str, days: int = 90) -> str:
    """A fresh key, as its holder writes it."""
    wanted = tuple(Scope(scope) for scope in scopes)
    _, secret = make_key(
        place.store, ANNA, owner="tests", scopes=wanted, lifetime=timedelta(days=days), clock=place.clock
    )
    return secret.written


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, FixedClock]]:
    """One workspace a module, with a list in force."""
    clock = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    root = tmp_path_factory.mktemp("served")
    store = create(root / "ws", "us")
    watchlists.load(store, ANNA, [write_list(root / "sample.ftm.json", PEOPLE)], clock=clock)
    yield store, clock
    store.close()


@pytest.fixture(scope="module")
def served(template: tuple[Store, FixedClock]) -> Iterator[Served]:
    """The service over that workspace, without limits of rate."""
    store, clock = template
    place = Workplace(store, "us", clock, Limits(requests_per_second=0, failures_per_second=0))
    with TestClient(assemble(place), raise_server_exceptions=True) as client:
        yield Served(client, place, clock)


@pytest.fixture
def fresh(tmp_path: Path, clock: FixedClock) -> Iterator[Served]:
    """A service over a workspace of its own, without any list or key, with the usual limits."""
    place = Workplace(create(tmp_path / "ws", "us"), "us", clock)
    with TestClient(assemble(place)) as client:
        yield Served(client, place, clock)
