"""The store of one workspace: state, lake, vault and archive behind one object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vedette.store.archive import Archive
from vedette.store.catalogue import Catalogue
from vedette.store.database import StateDatabase
from vedette.store.engines.duckdb import DuckEngine
from vedette.store.lake import Lake
from vedette.store.vault import Vault
from vedette.store.workspace import Workspace


class Store:
    """Everything kept in one workspace. Opening it makes missing parts and brings the state database up to date."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue, *, memory: str = "1200MB", threads: int = 2) -> None:
        workspace.require()
        workspace.ensure_parts()
        self.workspace = workspace
        self.catalogue = catalogue
        self.database = StateDatabase(workspace.url)
        self.lake = Lake(workspace.lake, catalogue)
        self.vault = Vault(workspace.keys)
        self.archive = Archive(workspace.archive)
        self._memory = memory
        self._threads = threads

    def engine(self, tables: Iterable[str] | None = None) -> DuckEngine:
        """A DuckDB connection whose views are these tables of the lake (all by default), as committed now."""
        names = list(tables) if tables is not None else [table.name for table in self.catalogue]
        relations = {name: f"SELECT * FROM {sql}" for name, sql in self.relations(names).items()}
        return DuckEngine(relations, self.workspace.scratch, memory=self._memory, threads=self._threads)

    def relations(self, names: Iterable[str]) -> dict[str, str]:
        """The sub-select over committed files for each table named."""
        with self.database.reading() as connection:
            files = self.lake.files(connection)
        by_table: dict[str, list[Mapping[str, Any]]] = {}
        for row in files:
            by_table.setdefault(str(row["table_name"]), []).append(row)
        return {name: self.lake.relation(name, by_table.get(name, [])) for name in names}

    def sweep(self) -> int:
        """Remove what an interrupted run left behind. Only while no other process writes."""
        with self.database.reading() as connection:
            files = self.lake.files(connection)
        for leftover in self.workspace.scratch.iterdir():
            if leftover.is_file():
                leftover.unlink(missing_ok=True)
        return self.lake.sweep(files)

    def close(self) -> None:
        """Give back connections."""
        self.database.close()
