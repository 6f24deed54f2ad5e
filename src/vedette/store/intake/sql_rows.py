"""Writes the rows of a query on somebody's database as JSON lines, read only, a piece at a time, passwords never told."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from vedette.base import VedetteError

_AT_ONCE = 1_000
_DIALECTS = ("sqlite", "postgresql")
_LONGEST_TOLD = 300


class QueryRefused(VedetteError):
    """The database cannot be reached, or the query is not one that only reads."""


def spool_query(address: str, query: str, target: Path) -> int:
    """Write each row as an object by the names of its columns; returns how many there are.

    ``address`` is a SQLAlchemy URL of SQLite (an existing file) or PostgreSQL, ``query`` one SELECT. The session is read only and
    rolled back. Raises QueryRefused, whose text never holds the password.
    """
    url = _url(address)
    text = _select(query)
    try:
        engine = create_engine(url, hide_parameters=True)
        try:
            with engine.connect() as connection:
                return _write(_read_only(connection, url), text, target)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as fault:
        told = _without_password(str(getattr(fault, "orig", None) or fault), url)
        remedy = "Check the address, the rights of the user and the query"
        raise QueryRefused(f"the database refused: {told}", remedy=remedy) from None


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in _DIALECTS:
        remedy = "Write sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        raise QueryRefused("the address is not one of a SQLite or PostgreSQL database", remedy=remedy)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise QueryRefused("the SQLite file does not exist", remedy="Name an existing file, as in sqlite:///FILE")
    return url


def _select(query: str) -> str:
    """The query without its last semicolon, where it is one statement that begins as a reading one does."""
    text = query.strip().removesuffix(";").strip()
    if ";" in text or text.split(None, 1)[:1] == [] or text.split(None, 1)[0].upper() not in ("SELECT", "WITH"):
        raise QueryRefused(
            "the query is not one SELECT", remedy="Write one SELECT (or WITH ... SELECT) without semicolons"
        )
    return text


def _read_only(connection: Connection, url: URL) -> Connection:
    if url.get_backend_name() == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
        return connection
    return connection.execution_options(postgresql_readonly=True)


def _write(connection: Connection, query: str, target: Path) -> int:
    count = 0
    found = connection.execution_options(stream_results=True, yield_per=_AT_ONCE).exec_driver_sql(query)
    with target.open("w", encoding="utf-8") as file:
        for row in found.mappings():
            file.write(json.dumps({name: _value(value) for name, value in row.items()}) + "\n")
            count += 1
    connection.rollback()
    return count


def _value(value: Any) -> Any:
    """A value as an export writes it; a time without zone stays without, for the form to refuse."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _without_password(text: str, url: URL) -> str:
    """The beginning of a message, without the password in either spelling."""
    secret = str(url.password or "")
    for written in {
        secret,
        url.render_as_string(hide_password=False).partition("://")[2].partition("@")[0].partition(":")[2],
    }:
        text = text.replace(written, "***") if written else text
    return " ".join(text.split())[:_LONGEST_TOLD]
