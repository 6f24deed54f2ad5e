"""Where rows live: state database, event lake, vault, archive, and engines over the lake. Knows no room's words.

Grows by one engine module at a time; a room's tables stand in the room.
"""

from vedette.store.archive import Archive, ArchiveError
from vedette.store.catalogue import Catalogue, Column, ColumnType, LakeTable, Sensitivity, UnknownTable
from vedette.store.database import StateDatabase, StateError
from vedette.store.house import Store
from vedette.store.lake import Lake, LakeError, StagedFiles
from vedette.store.vault import Vault, VaultError, load_key
from vedette.store.workspace import Workspace, WorkspaceError, write_durably

__all__ = [
    "Archive",
    "ArchiveError",
    "Catalogue",
    "Column",
    "ColumnType",
    "Lake",
    "LakeError",
    "LakeTable",
    "Sensitivity",
    "StagedFiles",
    "StateDatabase",
    "StateError",
    "Store",
    "UnknownTable",
    "Vault",
    "VaultError",
    "Workspace",
    "WorkspaceError",
    "load_key",
    "write_durably",
]
