"""The forms of this room's export files: the columns of DESIGN section 4 and no others.

What is not named here is never stored: command lines, image names, paths, prompts and names of models cannot get in.
"""

from __future__ import annotations

from vedette.store.intake import Field, Form

_TIME = "Write the time with its zone, for example 2026-01-31T09:00:00Z"
_ACCOUNT = "Name the account"
_NUMBER = "Write a number with a point, or leave it blank"
_LONGEST_INTERVAL = 7 * 86_400

#: Shares of an interval, 0..1. Values outside are bounded and counted, not refused: the rest of the row is of use.
FRACTIONS = (
    "gpu_util",
    "sm_active",
    "tensor_active",
    "dram_active",
    "fp64_active",
    "memory_used_fraction",
)
#: Non-negative measures, with the most that is plausible; beyond it a value is blanked and counted.
MEASURES = {
    "power_w": 20_000.0,
    "energy_j": 1e10,
    "sm_clock_mhz": 5_000.0,
    "pcie_tx_bytes": 1e15,
    "pcie_rx_bytes": 1e15,
    "nvlink_tx_bytes": 1e15,
    "nvlink_rx_bytes": 1e15,
    "net_tx_bytes": 1e15,
    "net_rx_bytes": 1e15,
}

USAGE = Form(
    name="usage",
    fields=(
        Field("time", "time", required=True, remedy=_TIME),
        Field("seconds", "number", minimum=0, maximum=_LONGEST_INTERVAL, remedy="Write the length of the interval"),
        Field("account_id", "text", required=True, remedy=_ACCOUNT),
        Field("job_id", "text"),
        Field("node", "text"),
        Field("gpu_uuid", "text"),
        Field("gpu_model", "text"),
        Field("gpu_count", "whole", minimum=0, maximum=4_096, remedy="Write how many GPUs the row speaks of"),
        *(Field(name, "number", remedy=_NUMBER) for name in (*FRACTIONS, *MEASURES)),
    ),
    key=(),
    repeats="duplicate",
)

FLOWS = Form(
    name="flows",
    fields=(
        Field("time", "time", required=True, remedy=_TIME),
        Field("seconds", "number", minimum=0, maximum=_LONGEST_INTERVAL, remedy="Write the length of the interval"),
        Field("src_account_id", "text"),
        Field("src_node", "text"),
        Field("dst_account_id", "text"),
        Field("dst_node", "text"),
        Field("bytes", "number", minimum=0, maximum=1e18, remedy=_NUMBER),
    ),
    key=(),
    repeats="duplicate",
)

ALLOCATIONS = Form(
    name="allocations",
    fields=(
        Field("job_id", "text", required=True, remedy="Give every job its id"),
        Field("account_id", "text", required=True, remedy=_ACCOUNT),
        Field("started_at", "time", required=True, remedy=_TIME),
        Field("ended_at", "time", remedy=_TIME),
        Field("node_count", "whole", minimum=0, maximum=100_000, remedy="Write how many nodes"),
        Field("gpu_model", "text"),
        Field("gpu_count", "whole", minimum=0, maximum=1_000_000, remedy="Write how many GPUs each node has"),
        Field("region", "text"),
    ),
    key=(),
    repeats="duplicate",
)

FORMS = (USAGE, FLOWS, ALLOCATIONS)
