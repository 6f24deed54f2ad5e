"""An export and a trail are read from a bucket as from a folder; each object once, as long as it stays the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import s3
from tests.made import JOB
from tests.s3 import Objects, needs_s3
from vedette.app.ingest import IngestReport, ingest_all, order_of
from vedette.app.opening import create
from vedette.base import FixedClock
from vedette.store import Store
from vedette.store.intake.objects import ObjectsRefused

running, site = s3.running, s3.site
pytestmark = [needs_s3, pytest.mark.enable_socket, pytest.mark.timeout(60)]
SAMPLE = Path("src/vedette/events/adapters/cloudtrail/sample.jsonl").read_bytes()
ACCOUNTS = b"account_id,name\na-1,Ada Example\n"
SIGNINS = b"event_id,time,account_id,ip\ns-1,2026-01-05T09:00:00Z,a-1,192.0.2.1\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = create(tmp_path / "ws", "us")
    yield opened
    opened.close()


def _records() -> list[bytes]:
    """Six events of the sample, each under an id of its own."""
    first = next(line for line in SAMPLE.splitlines() if b'"Records"' not in line)
    return [json.dumps({**json.loads(first), "eventID": f"e-{number}"}).encode() for number in range(6)]


def read(store: Store, site: Objects, address: str, clock: FixedClock, adapter: str | None = None) -> IngestReport:
    return ingest_all(store, JOB, order_of([address], adapter=adapter, endpoint=site.address), clock=clock)


class TestATrail:
    def test_objects_are_read_once_and_again_only_when_they_change(
        self, store: Store, site: Objects, clock: FixedClock
    ) -> None:
        lines = [b"%s\n" % line for line in _records()]
        site.held = {
            "AWSLogs/1/a.json.gz": gzip.compress(b"".join(lines[:3])),
            "AWSLogs/1/b.json.gz": gzip.compress(b"".join(lines[3:5])),
            "AWSLogs/1/index.html": b"<html>",
        }
        first = read(store, site, "s3://trail/AWSLogs", clock, "cloudtrail")
        assert [(item.read, item.stored) for item in first.intakes] == [(5, 5)]
        assert "1 objects are not read" in first.notes[-1]
        assert "index.html" in first.notes[-1]
        site.asked.clear()
        again = read(store, site, "s3://trail/AWSLogs", clock, "cloudtrail")
        assert (again.intakes, site.gets) == ([], [])
        assert "no objects that were not read before" in again.notes[-1]
        site.held["AWSLogs/1/b.json.gz"] = gzip.compress(b"".join(lines[3:6]))
        later = read(store, site, "s3://trail/AWSLogs", clock, "cloudtrail")
        assert [(item.read, item.stored, item.duplicates) for item in later.intakes] == [(3, 1, 2)]
        assert site.gets == ["AWSLogs/1/b.json.gz"]

    def test_a_broken_object_is_told_by_its_address_and_fetched_again(
        self, store: Store, site: Objects, clock: FixedClock
    ) -> None:
        site.held = {"t/a.json": SAMPLE, "t/b.json.gz": gzip.compress(SAMPLE)[:-20]}
        found = read(store, site, "s3://trail/t", clock, "cloudtrail")
        assert len(found.faults) == 1
        assert found.faults[0].startswith("s3://trail/t/b.json.gz")
        site.asked.clear()
        site.held["t/b.json.gz"] = gzip.compress(SAMPLE)
        again = read(store, site, "s3://trail/t", clock, "cloudtrail")
        assert (again.faults, site.gets) == ([], ["t/b.json.gz"])

    def test_one_that_changes_while_it_is_read_waits_and_the_rest_goes_on(
        self, store: Store, site: Objects, clock: FixedClock
    ) -> None:
        site.held, site.moving = {"t/a.json": SAMPLE, "t/b.json": SAMPLE + b"\n"}, {"t/a.json"}
        found = read(store, site, "s3://trail/t", clock, "cloudtrail")
        assert found.faults == ["s3://trail/t/a.json: changed while it was read"]
        assert found.intakes[0].read > 0


class TestAnExport:
    def test_tables_and_logs_are_read_as_from_a_folder(self, store: Store, site: Objects, clock: FixedClock) -> None:
        site.held = {"x/accounts.csv": ACCOUNTS, "x/signins.csv": SIGNINS, "x/logs/cloudtrail/2026/a.json": SAMPLE}
        found = read(store, site, "s3://trail/x/", clock)
        assert {item.adapter: item.stored for item in found.intakes if item.stored}.keys() == {
            "accounts", "signins", "cloudtrail",
        }  # fmt: skip
        assert found.faults == []
        site.held["x/signins.csv"] += b"s-2,2026-01-06T09:00:00Z,a-1,192.0.2.1\n"
        site.asked.clear()
        later = read(store, site, "s3://trail/x/", clock)
        assert [(item.adapter, item.stored) for item in later.intakes if item.read] == [("signins", 1)]
        assert site.gets == ["x/signins.csv"]

    def test_more_than_the_disk_can_bear_is_not_fetched(
        self, store: Store, site: Objects, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("vedette.app.objects._MOST_BYTES", 100)
        site.held = {"x/accounts.csv": ACCOUNTS, "x/signins.csv": SIGNINS * 9}
        with pytest.raises(ObjectsRefused, match="Name a narrower prefix"):
            read(store, site, "s3://trail/x", clock)
        assert site.gets == []
