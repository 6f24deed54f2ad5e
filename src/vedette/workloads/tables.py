"""The lake's tables of this room: telemetry of accelerators, flow totals, and who was allocated what."""

from __future__ import annotations

from collections.abc import Iterable

from vedette.store import Column, ColumnType, LakeTable
from vedette.workloads.forms import FRACTIONS, MEASURES

_TYPES = {"": ColumnType.TEXT, "whole": ColumnType.WHOLE, "number": ColumnType.NUMBER}
_DATED = ("time_us:whole", "day", "received_us:whole")


def _columns(words: Iterable[str]) -> tuple[Column, ...]:
    """Columns from ``name[:type]``."""
    parts = (word.partition(":") for word in words)
    return tuple(Column(name, _TYPES[kind]) for name, _, kind in parts)


USAGE = LakeTable(
    name="usage",
    room="workloads",
    columns=_columns(
        (
            *_DATED,
            "seconds:number",
            "account_id",
            "job_id",
            "node",
            "gpu_uuid",
            "gpu_model",
            "gpu_count:whole",
            *(f"{name}:number" for name in (*FRACTIONS, *MEASURES)),
        )
    ),
    key=("time_us", "account_id", "job_id", "node", "gpu_uuid"),
)

FLOWS = LakeTable(
    name="flows",
    room="workloads",
    columns=_columns(
        (
            *_DATED,
            "seconds:number",
            "src_account_id",
            "src_node",
            "dst_account_id",
            "dst_node",
            "bytes:number",
        )
    ),
    key=("time_us", "src_account_id", "src_node", "dst_account_id", "dst_node"),
)

ALLOCATIONS = LakeTable(
    name="allocations",
    room="workloads",
    columns=_columns(
        (
            "job_id",
            "account_id",
            "received_us:whole",
            "ordinal:whole",
            "started_us:whole",
            "ended_us:whole",
            "node_count:whole",
            "gpu_model",
            "gpu_count:whole",
            "region",
        )
    ),
    key=("account_id", "job_id"),
    current=True,
    dated=False,
)

TABLES: tuple[LakeTable, ...] = (USAGE, FLOWS, ALLOCATIONS)
