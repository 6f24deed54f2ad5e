"""Writes telemetry of some of the invented provider's jobs, the flows between split ones, and beside them what they truly did."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from vedette.simulate.export import times, zipped
from vedette.simulate.telemetry import CHIPS, KINDS, Run, run
from vedette.simulate.world import World

#: Jobs with telemetry, and how long each is watched: the first hours, a sample a minute. More would make a demo slow.
_JOBS, _STEP, _MOST_STEPS = 120, 60, 180
_FLOW_SECONDS = 300
_SIGNALS = (
    "gpu_util",
    "sm_active",
    "tensor_active",
    "dram_active",
    "fp64_active",
    "power_w",
    "memory_used_fraction",
    "sm_clock_mhz",
    "pcie_tx_bytes",
    "pcie_rx_bytes",
    "nvlink_tx_bytes",
    "nvlink_rx_bytes",
)
_HEAD = ("time", "seconds", "account_id", "job_id", "node", "gpu_uuid", "gpu_model", "gpu_count", *_SIGNALS)
_TRUTH = ("job_id", "account_id", "kind", "class", "flop", "watched_seconds")
#: What honest customers run, by a word of their declared purpose; whoever declares none, or something else, runs anything.
_BY_PURPOSE = {
    "machine learning": ("data_parallel", "sharded", "fine_tuning", "vision", "accumulation"),
    "rendering": ("rendering",),
    "simulation": ("molecules", "fluids", "linear_algebra"),
    "data analysis": ("linear_algebra", "batch_serving"),
    "student": ("fine_tuning", "vision", "decoding_small"),
    "hosting": ("decoding", "decoding_small", "resting_loaded"),
    "website": ("decoding_small", "resting_loaded"),
    "game": ("rendering",),
}
_ANY = tuple(name for name, kind in KINDS.items() if not kind.evasive and kind.label != "hash")


def write(directory: Path, truth: Path, world: World) -> int:
    """Write ``usage.csv.gz`` and ``flows.csv.gz`` and the truth about the jobs; returns the lines of usage written."""
    chance = np.random.Generator(np.random.PCG64(world.plan.seed + 5))
    planted = {member.id: member.actor for member in world.members if member.kind == "split_compute"}
    declared = {member.id: member.row["declared_purpose"] for member in world.members}
    chosen = _chosen(world, planted, chance)
    written = 0
    answers: list[dict[str, object]] = []
    with zipped(directory / "usage.csv.gz") as out:
        out.write(",".join(_HEAD) + "\n")
        for row in chosen:
            kinds = ("sharded",) if row["account_id"] in planted else _usual(declared.get(row["account_id"], ""))
            made = _made(row, str(chance.choice(kinds)), chance)
            written += _lines(out, row, made)
            answers.append(_answer(row, made))
    with truth.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _TRUTH, lineterminator="\n")
        writer.writeheader()
        writer.writerows(answers)
    _flows(directory / "flows.csv.gz", world, planted, chance)
    return written


def _chosen(world: World, planted: Mapping[str, str], chance: np.random.Generator) -> list[Mapping[str, str]]:
    """The planted jobs and as many others as there is room for, in order of id."""
    own = [row for row in world.allocations if row["account_id"] in planted][: _JOBS // 2]
    others = [row for row in world.allocations if row["account_id"] not in planted]
    picked = chance.permutation(len(others))[: max(_JOBS - len(own), 0)]
    return sorted([*own, *(others[number] for number in picked.tolist())], key=lambda row: row["job_id"])


def _usual(purpose: str) -> tuple[str, ...]:
    return next((kinds for word, kinds in _BY_PURPOSE.items() if word in purpose), _ANY)


def _made(row: Mapping[str, str], kind: str, chance: np.random.Generator) -> Run:
    begin, end = (np.datetime64(row[name].rstrip("Z")) for name in ("started_at", "ended_at"))
    steps = int(min(max((end - begin) / np.timedelta64(_STEP, "s"), 2), _MOST_STEPS))
    gpus = int(row["node_count"]) * int(row["gpu_count"])
    family = row["gpu_model"].split("-")[0]
    model = next(name for name in CHIPS if family in name)
    return run(kind, chance, steps=steps, seconds=_STEP, model=model, gpus=gpus)


def _lines(out: io.TextIOBase, row: Mapping[str, str], made: Run) -> int:
    """Write a job's samples, GPU by GPU."""
    gpus, steps = made.signals["sm_active"].shape
    each = int(row["gpu_count"])
    begin = np.datetime64(row["started_at"].rstrip("Z")).astype("datetime64[s]").astype(np.int64)
    moments = times(begin + np.arange(steps) * _STEP)
    for gpu in range(gpus):
        node = f"n-{row['job_id']}-{gpu // each}"
        fixed = f"{_STEP},{row['account_id']},{row['job_id']},{node},GPU-{row['job_id']}-{gpu},{made.model},1"
        columns = [made.signals[name][gpu].tolist() for name in _SIGNALS]
        out.writelines(
            f"{moment},{fixed},{','.join(f'{value:.6g}' for value in values)}\n"
            for moment, *values in zip(moments, *columns, strict=True)
        )
    return int(gpus * steps)


def _answer(row: Mapping[str, str], made: Run) -> dict[str, object]:
    _, steps = made.signals["sm_active"].shape
    return {
        "job_id": row["job_id"],
        "account_id": row["account_id"],
        "kind": made.kind,
        "class": made.label,
        "flop": f"{made.flop:.6g}",
        "watched_seconds": steps * _STEP,
    }


def _flows(path: Path, world: World, planted: Mapping[str, str], chance: np.random.Generator) -> None:
    """What nodes sent each other: within split runs from account to account, else to nobody in the house."""
    with zipped(path) as out:
        out.write("time,seconds,src_account_id,src_node,dst_account_id,dst_node,bytes\n")
        out.writelines(_flow_lines(world, planted, chance))


def _flow_lines(world: World, planted: Mapping[str, str], chance: np.random.Generator) -> Iterator[str]:
    by_actor: dict[str, list[Mapping[str, str]]] = {}
    for row in world.allocations:
        if row["account_id"] in planted:
            by_actor.setdefault(planted[row["account_id"]], []).append(row)
    for rows in by_actor.values():
        begin = (
            max(np.datetime64(row["started_at"].rstrip("Z")) for row in rows).astype("datetime64[s]").astype(np.int64)
        )
        for moment in times(begin + np.arange(24) * _FLOW_SECONDS):
            for left, right in zip(rows, rows[1:], strict=False):
                size = chance.uniform(2e11, 6e11)
                yield (
                    f"{moment},{_FLOW_SECONDS},{left['account_id']},n-{left['job_id']}-0,"
                    f"{right['account_id']},n-{right['job_id']}-0,{size:.0f}\n"
                )
    for row in world.allocations[:200]:
        moment = row["started_at"]
        yield f"{moment},{_FLOW_SECONDS},{row['account_id']},n-{row['job_id']}-0,,,{chance.uniform(1e6, 5e10):.0f}\n"
