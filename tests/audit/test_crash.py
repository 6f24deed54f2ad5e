"""Killed at any point, written by several at once, or out of disk: the log holds, and no act is half there."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from vedette import audit, findings
from vedette.store import Store

ROOT = Path(__file__).resolve().parents[2]


def start(store: Store, name: str, acts: str = "", **options: object) -> subprocess.Popen[str]:
    words = [str(store.workspace.root), name, acts, store.workspace.state_url or ""]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.audit.writer", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]  # only preexec_fn is ever given
    )


def whole(store: Store) -> int:
    """Check every law of the log; returns how many acts are there."""
    store.sweep()
    result = audit.verify(store)
    assert result.problems == []
    stored = findings.since(store)
    with store.database.reading() as connection:
        files = connection.execute(text("SELECT count(*) FROM lake_file")).scalar_one()
    with store.engine(["things"]) as engine:
        ((rows,),) = engine.rows("SELECT count(*) FROM things")
    assert len(stored) == files == rows == 2 * result.leaves, "no rows without their leaf, no leaf without its rows"
    assert [item.seq for item in stored] == list(range(1, len(stored) + 1))
    assert len(list(store.workspace.lake.rglob("*.parquet"))) == files, "nothing is left lying about"
    return result.leaves


@pytest.mark.slow
class TestKilled:
    def test_at_any_point_the_log_holds_and_no_acknowledged_act_is_lost(self, store: Store) -> None:
        seed = int(os.environ.get("VEDETTE_TEST_SEED", time.time_ns() % 10_000))
        chance = random.Random(seed)
        acknowledged = 0
        for turn in range(6):
            process = start(store, f"w{turn}")
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.35))
            process.send_signal(signal.SIGKILL)
            output, errors = process.communicate()
            assert errors == "", f"seed {seed}"
            acknowledged += len([line for line in output.split("\n")[:-1] if line])

            acts = whole(store)

            assert acts >= acknowledged, f"seed {seed}: an act that was told done is gone"
            acknowledged = acts


@pytest.mark.slow
class TestTwoProcesses:
    def test_keep_one_consistent_log(self, store: Store) -> None:
        processes = [start(store, f"p{number}", "12") for number in range(3)]
        for process in processes:
            _, errors = process.communicate(timeout=120)
            assert (process.returncode, errors) == (0, "")

        assert whole_without_sweep(store) == 36


def whole_without_sweep(store: Store) -> int:
    """As ``whole``; nothing was interrupted, so there is nothing to sweep."""
    before = len(list(store.workspace.lake.rglob("*.parquet")))
    acts = whole(store)
    assert len(list(store.workspace.lake.rglob("*.parquet"))) == before
    return acts


class TestFullDisk:
    @pytest.mark.parametrize("limit", [60_000, 200_000, 400_000])
    def test_a_write_that_does_not_fit_ends_in_a_clear_error(self, store: Store, limit: int) -> None:
        if store.workspace.state_url:
            pytest.skip("the disk of a database server is its own")

        def small_disk() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            size = (store.workspace.root / "state.db").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + limit, size + limit))

        process = start(store, "full", "4000", preexec_fn=small_disk)
        _, errors = process.communicate(timeout=120)

        assert process.returncode == 1
        assert errors.strip().splitlines()[-1].startswith(("vedette.store.", "OSError")), errors[-2_000:]
        assert whole(store) > 0
