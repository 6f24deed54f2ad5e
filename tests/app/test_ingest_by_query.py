"""A query's rows pass the same checks as a file's; nothing told holds the password."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.made import JOB
from vedette.app.ingest import IngestError, Order, Query, ingest_all, order_of
from vedette.app.opening import create
from vedette.base import FixedClock

SELECT = "SELECT id AS payment_id, account AS account_id, paid AS time, amount FROM p"


@pytest.fixture
def address(tmp_path: Path) -> str:
    path = tmp_path / "billing.db"
    rows = [("p1", "a-1", "2026-01-05T09:00:00Z", 4.5), ("p2", "a-1", "2026-01-05 09:00", 1), ("p3", None, "", 1)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE p (id TEXT, account TEXT, paid TEXT, amount REAL)")
        connection.executemany("INSERT INTO p VALUES (?, ?, ?, ?)", rows)
    return f"sqlite:///{path}"


class TestQuery:
    def test_rows_are_stored_or_refused_with_their_number(
        self, tmp_path: Path, address: str, clock: FixedClock
    ) -> None:
        store = create(tmp_path / "ws", "us")
        order = Order(query=Query(address=address, table="payments", text=SELECT))
        (found,) = (item for item in ingest_all(store, JOB, order, clock=clock).intakes if item.read)
        assert (found.adapter, found.read, found.stored, found.refused_count) == ("payments", 3, 1, 2)
        empty = Order(query=Query(address=address, table="payments", text=f"{SELECT} WHERE false"))
        assert ingest_all(store, JOB, empty, clock=clock).notes == ["payments: the query gives no rows"]
        unknown = Order(query=Query(address=address, table="receipts", text=SELECT))
        with pytest.raises(IngestError, match="payments"):
            ingest_all(store, JOB, unknown, clock=clock)
        store.close()

    def test_the_address_is_not_shown(self) -> None:
        assert "secret" not in repr(Query(address="postgresql://u:secret@h/d", table="payments", text=SELECT))


class TestWhatAPersonNamed:
    @pytest.mark.parametrize(
        ("names", "paths", "objects"),
        [
            (["export"], ("export",), ()),
            (["s3://trail/AWSLogs"], (), ("s3://trail/AWSLogs",)),
            (["a.json", "s3://trail/x//y", "./b"], ("a.json", "b"), ("s3://trail/x//y",)),
            (["S3:/x"], ("S3:/x",), ()),
            ([], (), ()),
        ],
    )
    def test_addresses_of_buckets_are_kept_as_written_and_all_else_is_a_path(
        self, names: list[str], paths: tuple[str, ...], objects: tuple[str, ...]
    ) -> None:
        order = order_of(names, adapter="cloudtrail", endpoint="http://minio:9000")
        assert (tuple(map(str, order.paths)), order.objects) == (paths, objects)
        assert (order.adapter, order.endpoint) == ("cloudtrail", "http://minio:9000")
