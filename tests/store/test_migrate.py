"""Every room's tables are there after opening, once; opening again changes nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import inspect

from vedette.store import Store
from vedette.store.database import StateDatabase
from vedette.store.migrate import heads, migration_folders

FILES = sorted(path for folder in migration_folders() for path in folder.glob("[0-9]*.py"))


class TestMigrate:
    def test_every_rooms_branch_is_applied(self, store: Store) -> None:
        with store.database.reading() as connection:
            applied = set(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())

        assert applied == heads()
        rooms = {revision.rpartition("_")[0] for revision in applied}
        assert {"store", "audit", "findings", "approvals", "cases", "detections", "screening"} <= rooms

    def test_opening_again_changes_nothing(self, store: Store) -> None:
        again = StateDatabase(store.database.url)
        with again.reading() as connection:
            first = sorted(inspect(connection).get_table_names())
        again.close()

        with store.database.reading() as connection:
            assert sorted(inspect(connection).get_table_names()) == first


class TestEveryMigration:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[1].name}/{path.name}")
    def test_names_its_room_and_number(self, path: Path) -> None:
        values = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        room, number = path.parents[1].name, path.name[:4]

        assert values["revision"] == f"{room}_{number}"
        assert (values["branch_labels"] == (room,)) is (number == "0001")
        assert (values["down_revision"] is None) is (number == "0001")

    @pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[1].name}/{path.name}")
    def test_uses_only_types_that_both_databases_share(self, path: Path) -> None:
        names = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sa"
        }

        assert names <= {
            "Column",
            "Text",
            "BigInteger",
            "Float",
            "LargeBinary",
            "Index",
            "PrimaryKeyConstraint",
            "text",
        }
