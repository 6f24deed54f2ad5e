"""The sharing officer's pages: items judged, objects recalled, peers kept out; hostile texts stay texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.made import ANNA
from tests.server.house import Browser, House
from tests.sharing.conftest import shared
from vedette.base import FixedClock
from vedette.doors.people import Role
from vedette.sharing import admit, judge
from vedette.sharing.house import house as own_house
from vedette.sharing.model import Kind, Marking, Reading, State
from vedette.sharing.produce import add
from vedette.sharing.receive import take
from vedette.sharing.send import add_collection
from vedette.sharing.store.objects import objects


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two items, an object, a collection and a peer."""
    made = House(tmp_path_factory.mktemp("pages"), FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC)))
    store, clock = made.place.store, made.place.clock
    hostile = shared(Kind.TOOL, value="<script>alert(1)</script>", title="<b>x", description="'\"><img src=x>")
    take(store, ANNA, "peer:north", Reading(objects=(shared(), hostile)), clock=clock)
    add(store, ANNA, own_house(store), [(Kind.DOMAIN, "a.example")], clock=clock, marking=Marking.GREEN)
    add_collection(store, ANNA, "indicators", "Open", clock=clock)
    admit.add(store, ANNA, "north", clock=clock, reads=("indicators",), contact="sec@north.example")
    yield made
    store.close()


@pytest.fixture(scope="module")
def officer(served: House) -> Browser:
    return served.person("olga", Role.SHARING_OFFICER)


def send(browser: Browser, path: str, **fields: str) -> Any:
    return browser.ask("POST", path, data={"csrf": browser.csrf, **fields})


class TestPages:
    def test_items_are_shown_as_texts(self, officer: Browser) -> None:
        text = "".join(officer.get(f"/sharing?state={state.value}").text for state in State)
        assert "8.8.8.8" in text
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text

    def test_judging(self, served: House, officer: Browser) -> None:
        store, clock = served.place.store, served.place.clock
        take(store, ANNA, "peer:east", Reading(objects=(shared(), shared(Kind.RANGE))), clock=clock)
        one, two = (item for item in judge.items(store, clock=clock) if item.source == "peer:east")
        assert send(officer, f"/sharing/inbound/{one.id}", act="accept", reason="seen").status_code == 303
        assert send(officer, f"/sharing/inbound/{two.id}", act="reject", reason="").status_code == 422
        assert send(officer, f"/sharing/inbound/{two.id}", act="reject", reason="odd").status_code == 303
        (kept,) = judge.items(store, clock=clock, wanted=State.ACCEPTED)
        assert kept.decided_by == "person:olga"
        for state in State:
            assert officer.get(f"/sharing?state={state.value}").status_code == 200

    def test_publish_recall_and_keep_out(self, served: House, officer: Browser) -> None:
        store = served.place.store
        page = officer.get("/sharing/outgoing").text
        for shown in ("a.example", "indicators", "sec@north.example"):
            assert shown in page
        assert send(officer, "/sharing/collections/indicators/publish").status_code == 303
        with store.database.reading() as connection:
            (own,) = objects(connection)
        assert send(officer, f"/sharing/objects/{own.item.id}/recall", reason="").status_code == 422
        assert send(officer, f"/sharing/objects/{own.item.id}/recall", reason="changed hands").status_code == 303
        assert send(officer, "/sharing/peers/north/revoke").status_code == 303
        assert admit.find(store, "north").revoked_at
        page = officer.get("/sharing/outgoing").text
        assert "changed hands" in page
        assert "vdp_" not in page

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.ADMIN, Role.AUDITOR])
    def test_only_the_sharing_officer(self, served: House, role: Role) -> None:
        browser = served.person(f"some-{role.value}", role)
        assert browser.get("/sharing").status_code == 403
        assert browser.get("/sharing/outgoing").status_code == 403
