"""How fast a tool's telemetry comes in: a page of Prometheus with fourteen metrics of each GPU, read, placed and stored.

    python -m bench.telemetry [GPUS] [STEPS]

Prints rows a second from file to lake, of which the adapter's own part, and the peak memory. The records are invented.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from vedette.app.rooms import catalogue
from vedette.base import FixedClock, Principal, PrincipalKind
from vedette.store import Store, Workspace
from vedette.workloads.adapted import Document, Row
from vedette.workloads.discover import telemetry_adapter
from vedette.workloads.store.feed import ingest_telemetry

_BEGIN = 1_767_261_600
_CLOCK = FixedClock(datetime(2026, 2, 1, tzinfo=UTC))
_KNOWN = (
    "(SELECT * FROM (VALUES ('a-1', 'prometheus', 'tenant', 'tenant-a', NULL::BIGINT, NULL::BIGINT)) "
    "held(account_id, product, kind, external_id, valid_from_us, valid_to_us))"
)


def page(gpus: int, steps: int) -> bytes:
    """One answer: every metric of the adapter for some GPUs, a sample each 15 seconds."""
    result = []
    for gpu in range(gpus):
        for place, metric in enumerate(telemetry_adapter("prometheus").metrics):
            labels = {
                "__name__": metric,
                "UUID": f"GPU-{gpu:08d}",
                "modelName": "NVIDIA H100 80GB HBM3",
                "Hostname": f"node-{gpu // 8}",
                "exported_namespace": "tenant-a",
                "exported_pod": f"work-worker-{gpu}",
            }
            values = [[_BEGIN + 15 * step, f"{(place + step % 7) / 40:.3f}"] for step in range(steps)]
            result.append({"metric": labels, "values": values})
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}).encode()


def main(gpus: int, steps: int) -> None:
    """Measure one page."""
    body = page(gpus, steps)
    start = perf_counter()
    count = sum(isinstance(item, Row) for item in telemetry_adapter("prometheus").rows([Document(1, body)]))
    parsed = perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "ws")
        workspace.create('home = "us"\n')
        store = Store(workspace, catalogue())
        path = Path(folder) / "prometheus.json"
        path.write_bytes(body)
        start = perf_counter()
        me = Principal(PrincipalKind.JOB, "bench")
        took = ingest_telemetry(store, me, (path,), "prometheus", clock=_CLOCK, identities=_KNOWN)
        whole = perf_counter() - start
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(body) / 1e6:.1f} MB, {count:,} rows of {len(telemetry_adapter('prometheus').metrics)} metrics: stored {took.stored:,}"
    )
    print(
        f"adapter {count / parsed:,.0f} rows/s; from file to lake {took.stored / whole:,.0f} rows/s; peak {peak:,.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64, int(sys.argv[2]) if len(sys.argv) > 2 else 240)
