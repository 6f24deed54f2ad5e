"""What several rooms' tests make: findings with sensible defaults, and stores on SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.postgres import Schemas
from vedette.base import Evidence, Finding, Principal, PrincipalKind, Strength, Subject
from vedette.store import Catalogue, Column, ColumnType, LakeTable, Store, Workspace

ANNA = Principal(PrincipalKind.PERSON, "anna")
BERT = Principal(PrincipalKind.PERSON, "bert")
JOB = Principal(PrincipalKind.JOB, "nightly")

THINGS = LakeTable(
    name="things",
    room="store",
    columns=(
        Column("id"),
        Column("size", ColumnType.WHOLE),
        Column("day"),
        Column("time_us", ColumnType.WHOLE),
        Column("received_us", ColumnType.WHOLE),
    ),
    key=("id",),
)
OWNERS = LakeTable(
    name="owners",
    room="store",
    columns=(
        Column("id"),
        Column("name"),
        Column("received_us", ColumnType.WHOLE),
        Column("ordinal", ColumnType.WHOLE),
    ),
    key=("id",),
    current=True,
    dated=False,
)
CATALOGUE = Catalogue((THINGS, OWNERS))


def finding(check: str = "network/odd", account: str = "a-1", **changes: Any) -> Finding:
    """A finding about one account; name what matters to the test."""
    values: dict[str, Any] = {
        "check": check,
        "version": "1",
        "subject": Subject("account", account),
        "accounts": (account,),
        "family": check.partition("/")[0],
        "strength": Strength.MEDIUM,
        "bits": None,
        "summary": f"{check} at {account}",
        "evidence": (Evidence("event", "e-1", {"country": "US"}),),
        "citation": ("NET-01",),
        "blind_spots": "absence proves nothing",
        "first_seen": datetime(2026, 1, 1, tzinfo=UTC),
        "last_seen": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Finding(**{**values, **changes})


def shared(check: str, accounts: tuple[str, ...], *, thing: str = "d-1", **changes: Any) -> Finding:
    """A finding about something that several accounts share."""
    return finding(check, accounts=accounts, subject=Subject("device", thing), **changes)


def workspace(root: Path, url: str | None = None) -> Workspace:
    """A workspace directory as ``vedette init`` leaves it."""
    made = Workspace(root, state_url=url)
    made.create('home = "us"\n')
    return made


class Stores:
    """Gives fresh stores of one kind of state database; SQLite ones are copies of one migrated workspace."""

    def __init__(self, kind: str, root: Path, url: str = "") -> None:
        self.kind = kind
        self._template = root / "template"
        self._schemas = Schemas(url) if kind == "postgresql" else None
        if kind == "sqlite":
            Store(workspace(self._template), CATALOGUE).close()

    @contextmanager
    def store(self, root: Path) -> Iterator[Store]:
        """One store in a directory of its own."""
        if self._schemas is None:
            shutil.copytree(self._template, root)
            opened = Store(Workspace(root), CATALOGUE)
            yield opened
            opened.close()
            return
        with self._schemas.fresh() as url:
            opened = Store(workspace(root, url), CATALOGUE)
            yield opened
            opened.close()

    def close(self) -> None:
        """Drop what was made in a database server."""
        if self._schemas is not None:
            self._schemas.close()
