"""One act, one leaf, one transaction: rows, files and leaf are there together or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Column, Float, LargeBinary, MetaData, Table, Text, select

from tests.made import ANNA, JOB
from vedette import audit
from vedette.audit.store import head_note, leaves
from vedette.base import FixedClock
from vedette.store import Store

THING = Table(
    "test_thing",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("size", Float, nullable=True),
    Column("blob", LargeBinary, nullable=True),
)


@pytest.fixture(autouse=True)
def _table(store: Store) -> None:
    with store.database.writing() as connection:
        THING.metadata.create_all(connection)


def bodies(store: Store) -> list[dict[str, Any]]:
    with store.database.reading() as connection:
        return [json.loads(body) for _, body, _ in leaves(connection)]


def rows(store: Store) -> list[str]:
    with store.database.reading() as connection:
        return list(connection.execute(select(THING.c.id).order_by(THING.c.id)).scalars())


class TestWriting:
    def test_rows_and_leaf_commit_together(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "a", "size": 1.5}, {"id": "b", "blob": b"\x00\xff"}])
            act.fact("list", "x@1")

        (leaf,) = bodies(store)
        assert rows(store) == ["a", "b"]
        assert leaf["act"] == "test.write"
        assert leaf["time"] == "2026-03-01T12:00:00Z"
        assert leaf["principal"] == {"kind": "person", "id": "anna"}
        assert (leaf["rows"], leaf["facts"]) == ({"test_thing": 2}, {"list": "x@1"})
        assert audit.verify(store).holds

    def test_an_exception_leaves_nothing(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(ZeroDivisionError), audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "a"}])
            1 / 0  # noqa: B018

        assert (rows(store), bodies(store)) == ([], [])

    def test_an_act_that_did_nothing_leaves_no_leaf(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.look", clock=clock) as act:
            act.upsert(THING, [])

        assert bodies(store) == []
        with store.database.reading() as connection:
            assert head_note(connection) is None

    def test_a_fact_alone_leaves_one(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.tell", clock=clock) as act:
            act.fact("forced", True)

        assert bodies(store)[0]["facts"] == {"forced": True}

    def test_an_upsert_replaces_the_whole_row(self, store: Store, clock: FixedClock) -> None:
        for row in ({"id": "a", "size": 1.0}, {"id": "a"}):
            with audit.writing(store, ANNA, "test.write", clock=clock) as act:
                act.upsert(THING, [row])

        with store.database.reading() as connection:
            assert connection.execute(select(THING.c.size)).scalar_one() is None
        assert audit.verify(store).holds

    def test_a_deletion_is_committed_to(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "a"}, {"id": "b"}])
        with audit.writing(store, ANNA, "test.delete", clock=clock) as act:
            assert act.delete(THING, [{"id": "a"}]) == 1

        assert rows(store) == ["b"]
        assert audit.verify(store).holds

    def test_a_row_may_come_back(self, store: Store, clock: FixedClock) -> None:
        for step in ("write", "delete", "write"):
            with audit.writing(store, ANNA, step, clock=clock) as act:
                if step == "write":
                    act.upsert(THING, [{"id": "a"}])
                else:
                    act.delete(THING, [{"id": "a"}])

        assert audit.verify(store).holds

    def test_the_act_knows_its_leaf_and_principal(self, store: Store, clock: FixedClock) -> None:
        for number in range(3):
            with audit.writing(store, JOB, "test.tell", clock=clock) as act:
                act.fact("number", number)
                assert (act.index, act.principal) == (number, JOB)

    def test_many_rows_in_one_act(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            assert act.upsert(THING, ({"id": f"t-{n:05d}", "size": float(n)} for n in range(12_345))) == 12_345

        result = audit.verify(store)
        assert (result.holds, result.rows, result.leaves) == (True, 12_345, 1)

    def test_an_integral_float_is_the_same_row_after_reading(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "a", "size": 3}, {"id": "b", "size": 0.1 + 0.2}, {"id": "c", "size": -0.0}])

        assert audit.verify(store).problems == []

    def test_hostile_text_stays_text(self, store: Store, clock: FixedClock) -> None:
        hostile = ["'; DROP TABLE test_thing; --", '"', "\\", "名前\u202e", "\x1b[2J", '["a"]']
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": text} for text in hostile])

        assert sorted(rows(store)) == sorted(hostile)
        assert audit.verify(store).holds


class TestNoPersonalData:
    def test_a_commitment_reveals_nothing_without_the_key(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "secret-name"}])

        with store.database.reading() as connection:
            body = b"".join(body for _, body, _ in leaves(connection))
        assert b"secret" not in body

    def test_two_workspaces_commit_differently(
        self, store: Store, stores: Any, clock: FixedClock, tmp_path: Any
    ) -> None:
        keys = store.workspace.keys / "commitments.key"
        (keys).unlink(missing_ok=True)
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "a"}])
        first = bodies(store)[0]["commitments"]
        keys.unlink()
        with audit.writing(store, ANNA, "test.write", clock=clock) as act:
            act.upsert(THING, [{"id": "a"}])

        assert bodies(store)[1]["commitments"] != first
