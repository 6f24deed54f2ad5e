"""The affiliation strings of the lake: which are to be resolved, and what came of resolving them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from vedette.audit import writing
from vedette.base import Clock, Principal, to_micros
from vedette.store import Store
from vedette.store.engines.duckdb import literal

_ENCODER = msgspec.json.Encoder()
_COLUMNS = (
    "{'affiliation_id': 'VARCHAR', 'text': 'VARCHAR', 'country': 'VARCHAR', 'evidence': 'VARCHAR', "
    "'institutions': 'JSON', 'listed': 'JSON'}"
)


def unresolved(store: Store, versions: str) -> list[tuple[str, str]]:
    """Ids and texts of the strings without an answer of these versions, by id."""
    with store.engine(["authorships", "affiliations"]) as engine:
        rows = engine.rows(
            "SELECT affiliation_id, any_value(affiliation) FROM authorships WHERE affiliation_id <> '' AND affiliation_id NOT IN "
            "(SELECT affiliation_id FROM affiliations WHERE registries = $versions AND affiliation_id IS NOT NULL) "
            "GROUP BY 1 ORDER BY 1",
            {"versions": versions},
        )
    return [(str(key), str(text)) for key, text in rows]


def keep(store: Store, principal: Principal, rows: Iterable[dict[str, object]], versions: str, *, clock: Clock) -> None:
    """Store answers in one act."""
    handle, name = tempfile.mkstemp(prefix="affiliations-", suffix=".jsonl", dir=store.workspace.scratch)
    path, count = Path(name), 0
    try:
        with os.fdopen(handle, "wb") as file:
            for row in rows:
                file.write(_ENCODER.encode(row) + b"\n")
                count += 1
        with store.engine(["affiliations"]) as engine:
            first = int(engine.rows("SELECT coalesce(max(ordinal), 0) FROM affiliations")[0][0])
            select = (
                f"SELECT affiliation_id, text, {literal(versions)} AS registries, country, evidence, institutions::VARCHAR AS "
                f"institutions, listed::VARCHAR AS listed, {to_micros(clock.now())} AS received_us, "
                f"{first} + row_number() OVER () AS ordinal FROM read_json({literal(name)}, format = 'newline_delimited', "
                f"columns = {_COLUMNS})"
            )
            with writing(store, principal, "observatory.resolve", clock=clock) as act:
                act.commit_files(store.lake.stage(engine.connection, "affiliations", select))
                act.fact("strings", count)
                act.fact("versions", versions)
    finally:
        path.unlink(missing_ok=True)
