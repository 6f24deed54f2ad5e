"""A PostgreSQL server for the tests: the one that VEDETTE_TEST_POSTGRES_URL names, or one of its own that ends with them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

GIVEN = os.environ.get("VEDETTE_TEST_POSTGRES_URL", "")
_INSTALLED = Path("/usr/lib/postgresql")
# Nothing of a test outlives the machine it runs on: the server need not wait for the disk. The killed ones are its clients.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "autovacuum": "off",
}


class NoServer(Exception):
    """No PostgreSQL can be had here; the text says why."""


def binaries() -> Path:
    """The folder of the newest server's programs. Raises NoServer where there is none."""
    beside = shutil.which("initdb")
    if beside:
        return Path(beside).resolve().parent
    found = sorted(_INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoServer("no PostgreSQL is installed and VEDETTE_TEST_POSTGRES_URL names none")
    return found[-1].parent


@contextmanager
def server() -> Iterator[str]:
    """The URL of a database to make schemas in. Raises NoServer."""
    try:
        import psycopg  # noqa: F401  # the server is of no use without it
    except ModuleNotFoundError:
        raise NoServer("the driver psycopg is not installed (the extra `postgres`)") from None
    if GIVEN:
        yield GIVEN
        return
    programs = binaries()
    # Not under pytest's own folder: that is private to root, and the server refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="vedette-pg-"))
    if os.geteuid() == 0:
        owner = _unprivileged()
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    with _watched(programs, folder):
        yield _started(programs, folder)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise NoServer("PostgreSQL does not run as root, and there is no user `postgres`") from None


@contextmanager
def _watched(programs: Path, folder: Path) -> Iterator[None]:
    """Stop the server and remove its folder at the end, also where this process is killed: then the pipe closes."""
    script = 'cat >/dev/null; "$0" -D "$1/data" -m immediate -w stop; rm -rf "$1"'
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", script, str(programs / "pg_ctl"), str(folder)],
        user="postgres" if os.geteuid() == 0 else None,
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        assert watcher.stdin is not None
        watcher.stdin.close()
        watcher.wait(timeout=60)


def _started(programs: Path, folder: Path) -> str:
    data = folder / "data"
    _do(programs / "initdb", "-D", str(data), "-U", "tests", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in _SETTINGS.items())
    control = (programs / "pg_ctl", "-D", str(data))
    _do(*control, "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {options}", "start")
    return f"postgresql+psycopg://tests@/postgres?host={folder}"


def _do(program: Path, *words: str) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(program), *words], user=user, cwd="/", capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise NoServer(f"{program.name} failed: {(done.stderr or done.stdout).strip()[-500:]}")


class Schemas:
    """Schemas with every table and no row: one is emptied and used again unless a test changed its shape."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = create_engine(url)
        self._ready: list[tuple[str, str]] = []
        self._made: list[str] = []

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of one schema of one's own."""
        name, shape = self._ready.pop() if self._ready else self._migrated()
        yield self._within(name)
        with self._engine.begin() as connection:
            if _shape(connection, name) != shape:
                return
            _empty(connection, name)
        self._ready.append((name, shape))

    def close(self) -> None:
        """Drop them all."""
        for name in self._made:
            with self._engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        self._engine.dispose()

    def _within(self, name: str) -> str:
        return f"{self._url}{'&' if '?' in self._url else '?'}options=-csearch_path%3D{name}"

    def _migrated(self) -> tuple[str, str]:
        from vedette.store.database import StateDatabase

        name = f"t_{uuid.uuid4().hex[:12]}"
        with self._engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        self._made.append(name)
        StateDatabase(self._within(name)).close()
        with self._engine.begin() as connection:
            return name, _shape(connection, name)


_COLUMNS = text(
    "SELECT string_agg(table_name || '.' || column_name || ':' || data_type, ' ' ORDER BY table_name, column_name)"
    " FROM information_schema.columns WHERE table_schema = :name"
)
_EMPTIED = """
DO $$
DECLARE item record; used boolean;
BEGIN
  FOR item IN SELECT tablename FROM pg_tables WHERE schemaname = '{name}' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM {name}.%I)', item.tablename) INTO used;
    IF used THEN EXECUTE format('DELETE FROM {name}.%I', item.tablename); END IF;
  END LOOP;
END $$
"""


def _shape(connection: Connection, name: str) -> str:
    versions = connection.execute(text(f"SELECT version_num FROM {name}.alembic_version ORDER BY 1")).scalars()
    return " ".join([*versions, str(connection.execute(_COLUMNS, {"name": name}).scalar())])


def _empty(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(_EMPTIED.format(name=name).replace("%", "%%"))
