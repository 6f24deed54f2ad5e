"""Whatever is changed behind the log's back - a byte, a row, a leaf, a file - is noticed and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.made import ANNA, CATALOGUE, finding
from vedette import audit, findings
from vedette.base import FixedClock
from vedette.store import Store

ROW = "SELECT * FROM (SELECT 'd-1' AS id, 7 AS size, '2026-01-01' AS day, 1 AS time_us, 1 AS received_us)"


@pytest.fixture(autouse=True)
def _filled(store: Store, clock: FixedClock) -> None:
    """Four leaves: two findings, one of them changed, a lake file, a fact."""
    for item in (finding(), finding("payment/b"), finding(count=2)):
        with audit.writing(store, ANNA, "find", clock=clock) as act:
            findings.record(act, [item])
    with store.engine(()) as engine:
        staged = store.lake.stage(engine.connection, "things", ROW)
    with audit.writing(store, ANNA, "ingest", clock=clock) as act:
        act.commit_files(staged)


def behind(store: Store, sql: str) -> None:
    """Change the database without an act; every statement must hit something."""
    with store.database.writing() as connection:
        assert connection.execute(text(sql)).rowcount >= 1


def problems(store: Store) -> str:
    result = audit.verify(store)
    assert result.holds is not bool(result.problems)
    return "\n".join(result.problems)


class TestUntouched:
    def test_it_holds_and_says_what_was_looked_at(self, store: Store) -> None:
        result = audit.verify(store)

        assert (result.problems, result.leaves, result.rows, result.files) == ([], 4, 3, 1)
        assert len(result.root) == 64

    def test_an_empty_log_holds(self, tmp_path: Path) -> None:
        from tests.made import workspace

        fresh = Store(workspace(tmp_path / "fresh"), CATALOGUE)
        assert audit.verify(fresh).holds
        fresh.close()


class TestTampering:
    @pytest.mark.parametrize(
        ("sql", "problem"),
        [
            ("UPDATE finding SET summary = summary || '.' WHERE check_id = 'payment/b'", "the row was altered"),
            ("UPDATE finding SET bits = 3.5 WHERE check_id = 'payment/b'", "the row was altered"),
            ("UPDATE finding SET state = 'withdrawn' WHERE check_id = 'payment/b'", "the row was altered"),
            ("UPDATE finding SET id = 'fnd_other' WHERE check_id = 'payment/b'", "a row that the log does not know"),
            ("DELETE FROM finding WHERE check_id = 'payment/b'", "the row is gone"),
            ("DELETE FROM finding", "the row is gone"),
            (
                "INSERT INTO finding SELECT 'fnd_x', 99, check_id, check_version, subject_kind, subject_id, accounts, "
                "family, strength, bits, summary, evidence, citation, blind_spots, first_seen, last_seen, count, "
                "\"window\", state, recorded_at FROM finding WHERE check_id = 'payment/b'",
                "a row that the log does not know",
            ),
            (
                "INSERT INTO approval_request VALUES ('apr_x', 'case.suspend', 'case', 'c', 'd', 1, 'approved', 'p', 't')",
                "a row that the log does not know",
            ),
            ("DELETE FROM lake_file", "the row is gone"),
            ("UPDATE lake_file SET rows = rows + 1", "the row was altered"),
            ("DELETE FROM audit_leaf WHERE leaf_index = 3", "the checkpoint signs 4 leaves but the log holds 3"),
            ("DELETE FROM audit_leaf WHERE leaf_index = 1", "leaf 1 is missing"),
            ("UPDATE audit_leaf SET leaf_index = 9 WHERE leaf_index = 3", "leaf 3 is missing"),
            ("UPDATE audit_leaf SET leaf_hash = body WHERE leaf_index = 2", "leaf 2 was altered"),
            ("UPDATE audit_commitment SET row_id = '[\"x\"]' WHERE leaf_index = 1", "a row that the log does not know"),
            (
                "UPDATE audit_commitment SET commitment = NULL WHERE leaf_index = 1",
                "commitments of leaf 1 were altered",
            ),
            ("DELETE FROM audit_commitment WHERE leaf_index = 1", "commitments of leaf 1 were altered"),
            ("DELETE FROM audit_commitment WHERE leaf_index = 0", "commitments of leaf 0 were altered"),
            ("UPDATE audit_commitment SET leaf_index = 44 WHERE leaf_index = 1", "leaf 44, which does not exist"),
            ("DELETE FROM audit_head", "the signed checkpoint is missing"),
            ("UPDATE audit_head SET checkpoint = replace(checkpoint, '4', '5')", "checkpoint"),
            ("UPDATE audit_head SET checkpoint = ''", "the checkpoint cannot be read"),
        ],
    )
    def test_is_noticed(self, store: Store, sql: str, problem: str) -> None:
        behind(store, sql)

        assert problem in problems(store)

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: bytes([data[0] ^ 1]) + data[1:],
            lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0x80]) + data[len(data) // 2 + 1 :],
            lambda data: data[:-1],
            lambda data: data + b"\x00",
        ],
    )
    def test_one_byte_of_a_lake_file_is_noticed(self, store: Store, change: Callable[[bytes], bytes]) -> None:
        (path,) = store.workspace.lake.rglob("*.parquet")
        path.write_bytes(change(path.read_bytes()))

        assert "was altered" in problems(store)

    def test_a_lost_lake_file_is_noticed(self, store: Store) -> None:
        (path,) = store.workspace.lake.rglob("*.parquet")
        path.unlink()

        assert "is missing" in problems(store)

    def test_one_byte_of_a_leaf_is_noticed_wherever_it_stands(self, store: Store) -> None:
        from vedette.audit.store import LEAF

        with store.database.reading() as connection:
            body = bytes(connection.execute(LEAF.select().where(LEAF.c.leaf_index == 1)).one().body)
        for place in range(0, len(body), 17):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            with store.database.writing() as connection:
                connection.execute(LEAF.update().where(LEAF.c.leaf_index == 1), {"body": changed})

            assert "leaf 1 was altered" in problems(store), f"byte {place}"

    def test_a_leaf_forged_with_its_hash_still_breaks_the_root(self, store: Store) -> None:
        from vedette.audit.store import LEAF
        from vedette.audit.tree import leaf_hash

        with store.database.writing() as connection:
            body = bytes(connection.execute(LEAF.select().where(LEAF.c.leaf_index == 1)).one().body)
            forged = body.replace(b"anna", b"anne")
            connection.execute(
                LEAF.update().where(LEAF.c.leaf_index == 1), {"body": forged, "leaf_hash": leaf_hash(forged)}
            )

        assert "the log's root is not the signed one" in problems(store)

    def test_two_rows_exchanged_are_noticed(self, store: Store) -> None:
        behind(store, "UPDATE finding SET seq = 5 - seq")

        assert problems(store).count("the row was altered") == 2

    def test_another_signing_key_is_noticed(self, store: Store) -> None:
        (store.workspace.keys / "audit.key").unlink()

        assert "signature does not hold" in problems(store)

    def test_a_wiped_log_over_rows_that_stay_is_noticed(self, store: Store) -> None:
        for table in ("audit_leaf", "audit_commitment", "audit_head"):
            behind(store, f"DELETE FROM {table}")

        assert "a row that the log does not know" in problems(store)

    def test_many_problems_are_counted_not_all_told(self, store: Store, clock: FixedClock) -> None:
        with audit.writing(store, ANNA, "find", clock=clock) as act:
            findings.record(act, [finding(account=f"a-{number}") for number in range(150)])
        behind(store, "UPDATE finding SET summary = 'x'")

        result = audit.verify(store)

        assert (len(result.problems), result.further_problems) == (100, 51)


class TestProgress:
    def test_leaves_are_told_by_the_thousand(self, store: Store, clock: FixedClock) -> None:
        told: list[int] = []

        audit.verify(store, told.append)

        assert told == []
