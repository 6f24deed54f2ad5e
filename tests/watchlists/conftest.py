"""A workspace, a principal, and small list files to load into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vedette.base import FixedClock, Principal, PrincipalKind
from vedette.store import Catalogue, Store, Workspace
from vedette.watchlists import LoadResult, load

PRINCIPAL = Principal(PrincipalKind.PERSON, "list-owner")
SOURCES = Path(__file__).resolve().parents[2] / "src" / "vedette" / "watchlists" / "sources"
Loader = Callable[..., tuple[LoadResult, ...]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty workspace's store."""
    workspace = Workspace(tmp_path / "ws")
    workspace.create('home = "us"\n')
    opened = Store(workspace, Catalogue(()))
    yield opened
    opened.close()


@pytest.fixture
def take(store: Store, clock: FixedClock) -> Loader:
    """Load paths into the store as the list owner."""

    def taken(*paths: Path, **options: object) -> tuple[LoadResult, ...]:
        return load(store, PRINCIPAL, paths, clock=clock, **options)  # type: ignore[arg-type]  # handed through

    return taken


def sdn_row(number: int, name: str, programme: str = "DPRK2", remarks: str = "-0- ", kind: str = '"individual"') -> str:
    """One row of OFAC's primary file."""
    said = remarks if remarks == "-0- " else f'"{remarks}"'
    return f'{number},"{name}",{kind},"{programme}",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{said}\r\n'


def sdn_file(path: Path, numbers: range, **changes: str) -> Path:
    """A primary file with one invented entry per number; ``changes`` renames entries: n17="OTHER NAME"."""
    text = "".join(sdn_row(number, changes.get(f"n{number}", f"SAMPLE, Person {number}")) for number in numbers)
    path.write_bytes(text.encode() + b"\x1a")
    return path
