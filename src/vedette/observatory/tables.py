"""The lake's tables of this room: records and authorships as read, affiliations as resolved, and what `build` derives of them."""

from __future__ import annotations

from collections.abc import Iterable

from vedette.store import Column, ColumnType, LakeTable, Sensitivity

_TYPES = {"": ColumnType.TEXT, "whole": ColumnType.WHOLE}


def _columns(words: str) -> tuple[Column, ...]:
    """Columns from ``name[:type][!]``; ``!`` says personal."""
    return tuple(_column(word) for word in words.split())


def _column(word: str) -> Column:
    name, _, kind = word.rstrip("!").partition(":")
    return Column(name, _TYPES[kind], Sensitivity.PERSONAL if word.endswith("!") else Sensitivity.PUBLIC)


WORKS = LakeTable(
    name="works",
    room="observatory",
    columns=_columns(
        "record_id work_id source source_id doi year:whole date title titles abstract language venue type pages "
        "keywords funding countries title_key first_author! content_hash file_hash line:whole batch:whole "
        "first_us:whole received_us:whole ordinal:whole"
    ),
    key=("record_id",),
    current=True,
    dated=False,
)

AUTHORSHIPS = LakeTable(
    name="authorships",
    room="observatory",
    columns=_columns(
        "record_id source position:whole number:whole author_key! author! affiliation affiliation_id countries batch:whole "
        "received_us:whole"
    ),
    key=("record_id", "position", "number", "batch"),
    dated=False,
)

AFFILIATIONS = LakeTable(
    name="affiliations",
    room="observatory",
    columns=_columns(
        "affiliation_id text registries country evidence institutions listed received_us:whole ordinal:whole"
    ),
    key=("affiliation_id",),
    current=True,
    dated=False,
)

DISTINCT_WORKS = LakeTable(
    name="distinct_works",
    room="observatory",
    columns=_columns(
        "work_id doi year:whole date title titles abstract language venue type sources claimed countries undecided:whole "
        "authors:whole first_seen_us:whole received_us:whole"
    ),
    key=("work_id",),
    dated=False,
)

RESOLVED_AUTHORSHIPS = LakeTable(
    name="resolved_authorships",
    room="observatory",
    columns=_columns(
        "work_id year:whole affiliation_id affiliation institution_id institution institution_country relation country "
        "evidence authors:whole sources received_us:whole"
    ),
    key=("work_id", "affiliation_id", "institution_id"),
    dated=False,
)

TABLES: tuple[LakeTable, ...] = (WORKS, AUTHORSHIPS, AFFILIATIONS, DISTINCT_WORKS, RESOLVED_AUTHORSHIPS)


def columns(table: LakeTable) -> Iterable[str]:
    """The names of a table's columns."""
    return (column.name for column in table.columns)
