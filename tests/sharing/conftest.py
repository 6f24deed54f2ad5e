"""A house for the tests: a workspace, its clock, objects of each kind, and a service over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.made import ANNA
from tests.server.web import TestClient
from vedette.base import FixedClock
from vedette.doors.web import Limits, Workplace
from vedette.server.assemble import assemble
from vedette.sharing import admit
from vedette.sharing.formats.stix21.words import made_id, type_of
from vedette.sharing.house import House, house
from vedette.sharing.model import Basis, Collection, Kind, Marking, Peer, Shared, Writer
from vedette.sharing.produce import add
from vedette.sharing.send import add_collection, publish
from vedette.store import Store

NOW, LATER, END = "2026-03-01T12:00:00.000Z", "2026-03-02T12:00:00.000Z", "2026-06-01T12:00:00.000Z"
OTHER = "identity--11111111-1111-5111-8111-111111111111"
WRITER = Writer(id=OTHER, name="House North", moment=NOW, seed=bytes(range(32)))
VALUES = {
    Kind.ADDRESS: "8.8.8.8",
    Kind.RANGE: "175.45.176.0/22",
    Kind.DOMAIN: "control.example.net",
    Kind.URL: "https://example.net/a?b=it's",
    Kind.USER_AGENT: "curl/8 \\ 'odd'",
    Kind.TOOL: "=HYPERLINK(1)",
    Kind.DEVICE_MODEL: "PiKVM v3",
    Kind.FILE_HASH: "a" * 64,
    Kind.PATTERN: "[ipv4-addr:value = '1.1.1.1' OR url:value LIKE 'a%'] REPEATS 5 TIMES",
}


def shared(kind: Kind = Kind.ADDRESS, **changes: Any) -> Shared:
    """An object of another house; name what matters to the test."""
    values: dict[str, Any] = {
        "id": made_id(type_of(kind), kind.value, str(sorted(changes.items()))),
        "kind": kind,
        "value": VALUES.get(kind, ""),
        "created": NOW,
        "modified": NOW,
        "valid_from": NOW,
        "valid_until": END,
        "marking": Marking.GREEN,
        "origin_id": OTHER,
        "origin": "House North",
        "basis": Basis.CONFIRMED_CASE,
        "family": "network",
        "citation": ("NET-01", "NET-04"),
        "appeal": "privacy@north.example",
        "confidence": 70,
        "title": 'A "quoted" title, 100% odd',
        "description": "Seen twice.\nSecond line",
    }
    return Shared(**{**values, **changes})


def every_kind() -> list[Shared]:
    """One object of each kind."""
    first, second = shared(), shared(Kind.RANGE)
    plain: dict[str, Any] = {"title": "", "refs": (first.id,)}
    return [
        first,
        second,
        *(shared(kind) for kind in VALUES if kind not in (Kind.ADDRESS, Kind.RANGE)),
        shared(Kind.TYPOLOGY, value="network/exit_hopping", refs=(OTHER,)),
        shared(Kind.SIGHTING, **plain, count=3, first_seen=NOW, last_seen=LATER),
        shared(Kind.RELATIONSHIP, title="", refs=(first.id, second.id), relation="related-to"),
        shared(Kind.GROUPING, refs=(first.id, second.id), relation="suspicious-activity"),
        shared(Kind.REPORT, refs=(first.id,)),
        shared(Kind.NOTE, refs=(first.id,)),
        shared(Kind.OPINION, **plain, relation="agree", recalled=True, recall_reason="An error"),
    ]


@pytest.fixture
def own(store: Store) -> House:
    """This house."""
    return house(store, "House South")


class Open:
    """A house whose service answers, with a collection, one object in it, and peers."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.own = house(store, "House South")
        self.collection: Collection = add_collection(store, ANNA, "indicators", "Open indicators", clock=clock)
        self.place = Workplace(store, "us", clock, Limits(requests_per_second=0, failures_per_second=0))
        self.client = TestClient(assemble(self.place), raise_server_exceptions=True)

    def peer(self, peer_id: str = "north", *, read: bool = True, write: bool = True, **given: Any) -> tuple[Peer, str]:
        name = (self.collection.alias,)
        return admit.add(
            self.store,
            ANNA,
            peer_id,
            clock=self.clock,
            reads=name if read else (),
            writes=name if write else (),
            **given,
        )

    def publish(self, *addresses: str, marking: Marking = Marking.GREEN) -> list[Shared]:
        given = [(Kind.ADDRESS, text) for text in addresses]
        made = add(self.store, ANNA, self.own, given, clock=self.clock, marking=marking)
        publish(self.store, ANNA, self.collection, clock=self.clock)
        return made

    @property
    def path(self) -> str:
        return f"/taxii2/vedette/collections/{self.collection.id}/"


@pytest.fixture
def open_house(store: Store, clock: FixedClock) -> Iterator[Open]:
    """A house that answers."""
    made = Open(store, clock)
    with made.client:
        yield made


Ask = Callable[..., Any]
