"""Brings the state database to the present shape: one Alembic branch per room, found by scanning the rooms' folders."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

_PACKAGE = Path(__file__).resolve().parents[1]
_FILE = re.compile(r"^(\d{4})_\w+\.py$")


def migration_folders() -> list[Path]:
    """The folder ``migrations`` of each room, and of each part of a room, that has one."""
    found = (*_PACKAGE.glob("*/migrations"), *_PACKAGE.glob("*/*/migrations"))
    return sorted(path for path in found if path.is_dir())


def heads() -> set[str]:
    """The newest revision of each room or part, named ``<room>_NNNN`` by the file that holds it."""
    found = set()
    for folder in migration_folders():
        numbers = [match.group(1) for path in folder.iterdir() if (match := _FILE.match(path.name))]
        if numbers:
            found.add(f"{folder.parent.name}_{max(numbers)}")
    return found


def migrate(engine: Engine) -> None:
    """Apply what is missing. Costs one small query where nothing is, and imports Alembic only where something is."""
    with engine.connect() as connection:
        current = _current(connection)
        connection.rollback()
    if current == heads():
        return
    with engine.connect().execution_options(vedette_write=True) as connection, connection.begin():
        _upgrade(connection)


def _current(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def _upgrade(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    folders = [str(folder) for folder in migration_folders()]
    scripts = ScriptDirectory(str(Path(__file__).parent), version_locations=folders)

    def upgrade(revisions: object, _context: object) -> object:
        return scripts._upgrade_revs("heads", revisions)  # type: ignore[arg-type]  # Alembic's own commands call it so

    with EnvironmentContext(config, scripts, fn=upgrade, destination_rev="heads") as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()
