"""Real processes on loopback: the published Python client reads our server; two houses exchange, and a recall arrives."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.made import ANNA
from tests.sharing.conftest import shared
from vedette.app.opening import create
from vedette.base import SystemClock
from vedette.sharing import admit
from vedette.sharing.fetch import Login, NoAnswer, Taxii
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.house import house
from vedette.sharing.judge import accept, items
from vedette.sharing.model import Collection, DeliveryState, Kind, Marking, Shared, State
from vedette.sharing.outbox import Outbox
from vedette.sharing.produce import add
from vedette.sharing.pull import pull
from vedette.sharing.send import add_collection, publish
from vedette.sharing.store.objects import deliveries
from vedette.sharing.watch import watched
from vedette.sharing.withdraw import recall_object
from vedette.store import Store

_START = (
    "import sys; from vedette.server.serve import Plan, serve; "
    "serve(Plan(workspace=sys.argv[1], port=0), lambda port: print(port, flush=True))"
)
CLOCK = SystemClock()
pytestmark = pytest.mark.enable_socket


class Running:
    """A house: its workspace, and the process that serves it."""

    def __init__(self, root: Path) -> None:
        self.store: Store = create(root, "us")
        self.collection: Collection = add_collection(self.store, ANNA, "indicators", "Open", clock=CLOCK)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.port = 0

    def wait(self) -> Running:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.port = int(line)
        return self

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}/taxii2/vedette/"

    @property
    def address(self) -> str:
        return f"{self.root}collections/{self.collection.id}/"

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        self.store.close()

    def publish(self, *addresses: str) -> list[Shared]:
        given = [(Kind.ADDRESS, text) for text in addresses]
        made = add(self.store, ANNA, house(self.store), given, clock=CLOCK, marking=Marking.GREEN)
        publish(self.store, ANNA, self.collection, clock=CLOCK)
        return made

    def peer(self, name: str, **given: Any) -> str:
        alias = (self.collection.alias,)
        return admit.add(self.store, ANNA, name, clock=CLOCK, reads=alias, writes=alias, **given)[1]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Running]]:
    """South, who publishes, and north."""
    root = tmp_path_factory.mktemp("houses")
    found = Running(root / "south"), Running(root / "north")
    yield found[0].wait(), found[1].wait()
    for one in found:
        one.end()


@pytest.mark.slow
class TestPublishedClient:
    def test_it_reads_writes_and_pages(self, houses: tuple[Running, Running]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from taxii2client.v21 import Collection as TheirCollection
            from taxii2client.v21 import Server, as_pages

        south, _ = houses
        token = south.peer("published-client")
        made = south.publish(*(f"8.8.{n}.8" for n in range(5)))
        server = Server(f"http://127.0.0.1:{south.port}/taxii2/", user="published-client", password=token)
        (root,) = server.api_roots
        (collection,) = root.collections
        assert (collection.title, collection.can_read, collection.can_write) == ("Open", True, True)
        ours = [item.id for item in made]
        assert set(ours) <= {row["id"] for row in collection.get_objects()["objects"]}
        pages = list(as_pages(collection.get_objects, per_request=2))
        assert len(pages) >= 3
        assert [row["id"] for page in pages for row in page["objects"] if row["id"] in ours] == ours
        assert set(ours) <= {row["id"] for row in collection.get_manifest()["objects"]}
        assert collection.get_object(made[0].id)["objects"][0]["id"] == made[0].id
        assert collection.object_versions(made[0].id)["versions"] == [made[0].modified]
        future = shared(valid_until="2090-01-01T00:00:00.000Z")
        status = collection.add_objects({"objects": [as_stix(future)]})
        assert (status.status, status.success_count) == ("complete", 1)
        assert root.get_status(status.id).success_count == 1
        assert collection.get_object(future.id)["objects"][0]["id"] == future.id
        collection.delete_object(future.id)
        again = TheirCollection(south.address, user="published-client", password=token)
        assert future.id not in {row["id"] for row in again.get_objects()["objects"]}
        for endpoint in (again, collection, root, server):
            endpoint.close()


@pytest.mark.slow
class TestTwoHouses:
    def test_exchange_and_a_recall_that_arrives_by_pull_and_by_push(self, houses: tuple[Running, Running]) -> None:
        """North takes south's indicators, a person accepts one, south recalls it: north watches for it no longer."""
        south, north = houses
        one, two = south.publish("9.9.1.9", "9.9.2.9")
        for_north = south.peer("north")
        south_peer, _ = admit.add(
            north.store, ANNA, "south", clock=CLOCK, url=south.root, credential=for_north, writes=("indicators",)
        )
        (told,) = pull(north.store, ANNA, south_peer, clock=CLOCK)
        assert told.stored >= 2
        found = {item.item.id: item for item in items(north.store, clock=CLOCK)}
        accept(north.store, ANNA, [found[one.id].id, found[two.id].id], clock=CLOCK, reason="corroborated")
        assert len(watched(north.store, clock=CLOCK)) == 2

        recall_object(south.store, ANNA, one.id, "The address changed hands", clock=CLOCK)
        (told,) = pull(north.store, ANNA, south_peer, clock=CLOCK)
        assert (told.recalled, told.stored) == (1, 0)
        (left,) = watched(north.store, clock=CLOCK)
        assert left.item.id == two.id
        (gone,) = [item for item in items(north.store, clock=CLOCK, wanted=State.RECALLED) if item.item.id == one.id]
        assert gone.reason == "The address changed hands"

    def test_a_recall_is_posted_by_the_serving_process(self, houses: tuple[Running, Running]) -> None:
        south, north = houses
        (three,) = south.publish("9.9.3.9")
        for_south = north.peer("posting-south", public_key=house(south.store).public)
        assert for_south
        token = south.peer("reading-north", url=north.address)
        with Taxii(south.root, Login(token=token)) as reader:
            assert three.id in [row["id"] for row in reader.page(south.collection.id).objects]
        recall_object(south.store, ANNA, three.id, "An error", clock=CLOCK)
        end = time.monotonic() + 20
        arrived: list[Any] = []
        while not arrived and time.monotonic() < end:
            time.sleep(0.3)
            every = items(north.store, clock=CLOCK, wanted=State.RECALLED)
            arrived = [item for item in every if item.item.id == three.id and item.source == "peer:posting-south"]
        assert arrived
        time.sleep(0.3)
        with south.store.database.reading() as connection:
            (done,) = [one for one in deliveries(connection, object_id=three.id) if one.peer == "reading-north"]
        assert done.state is DeliveryState.SENT

    def test_revoked_in_one_process_is_out_in_the_other(self, houses: tuple[Running, Running]) -> None:
        south, _ = houses
        token = south.peer("short-lived")
        reader = Taxii(south.root, Login(token=token), sleep=lambda _seconds: None)
        assert reader.api_root()["title"] == "Vedette"
        assert reader.discovery()["default"] == south.root
        admit.revoke(south.store, ANNA, "short-lived", clock=CLOCK)
        with pytest.raises(NoAnswer) as caught:
            reader.collections()
        reader.client.close()
        assert caught.value.status == 401
        assert Outbox(south.store, CLOCK).round().failed == 0
