"""Keeps out of the lake what must not be there: columns that tell of origin or language, and mail addresses of people."""

from __future__ import annotations

import json

from vedette.events.forms import never_stored
from vedette.events.mask import Masker
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, identifier, literal
from vedette.store.intake import Reading

_MAY_HOLD_MAIL = ("user_id", "extra")


def kept(reading: Reading) -> str:
    """SQL of a reading's rows; refused columns are taken out of ``extra``."""
    table = identifier(reading.into)
    dropped = never_stored(reading.unknown_columns)
    if not dropped:
        return f"SELECT * FROM {table}"
    patch = literal(json.dumps(dict.fromkeys(dropped)))
    clean = f"nullif(json_merge_patch(extra, {patch})::VARCHAR, '{{}}')"
    return f"SELECT * REPLACE (CASE WHEN extra IS NOT NULL THEN {clean} END AS extra) FROM {table}"


def notes(reading: Reading) -> tuple[str, ...]:
    """What a reader of the summary must know of the columns that the form does not name."""
    dropped = never_stored(reading.unknown_columns)
    other = [name for name in reading.unknown_columns if name not in dropped]
    said = []
    if other:
        said.append(f"unknown columns kept in extra: {', '.join(other[:20])}")
    if dropped:
        said.append(f"never stored, because it must not be judged (EXC-01): {', '.join(dropped)}")
    return (*said, *reading.notes)


def mask_mail(store: Store, engine: DuckEngine, table: str) -> None:
    """Put tokens in place of mail addresses in the columns of a table that may hold them."""
    masker = Masker(store.vault.tokens)
    present = {row[0] for row in engine.rows(f"SELECT column_name FROM (DESCRIBE {table})")}
    for column in present.intersection(_MAY_HOLD_MAIL):
        query = f"SELECT DISTINCT {column} FROM {table} WHERE contains({column}, '@')"
        texts = [str(row[0]) for row in engine.rows(query)]
        if not texts:
            continue
        engine.run("CREATE OR REPLACE TEMP TABLE masked (text VARCHAR, token VARCHAR)")
        masked = [masker.mask(text) for text in texts]
        engine.run("INSERT INTO masked SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])", [texts, masked])
        engine.run(f"UPDATE {table} SET {column} = masked.token FROM masked WHERE {table}.{column} = masked.text")
