"""`kill -9` in the middle of the daily run: the next run ends with the same result as an undisturbed one."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import scene
from tests.journeys.scene import Desk
from tests.journeys.terminal import start
from vedette.base import Json, canonical_json
from vedette.simulate import Plan, Summary, write

_ROUNDS, _KILLS = 2, 6
_SMALL = Plan(accounts=150, days=20, seed=11, events=2_000)
_OWN_MOMENTS = ("recorded_at", "changed_at", "opened_at", "hold_expires", "version")


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What a run gives that nobody disturbs, and how long it takes here, in seconds."""

    findings: bytes
    cases: bytes
    lake: dict[str, int]
    seconds: float


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """A provider just large enough for every step to have work."""
    return write(tmp_path_factory.mktemp("small") / "export", _SMALL)


@pytest.fixture(scope="module")
def template(provider: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with references and list, and no customers."""
    root = shutil.copytree(scene.bare(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("kill") / "template")
    desk = Desk(root)
    desk("refs", "load", provider.references).done()
    desk("lists", "load", provider.watchlist).done()
    return root


def told(rows: list[dict[str, Any]]) -> bytes:
    """Rows without the moments at which this workspace came to know them, in a stable order."""
    kept: list[Json] = [{name: row[name] for name in row if name not in _OWN_MOMENTS} for row in rows]
    return canonical_json(sorted(kept, key=canonical_json))


def outcome(desk: Desk) -> tuple[bytes, bytes, dict[str, int]]:
    return told(list(desk.findings().values())), told(desk.cases()), desk.lake()


@pytest.fixture(scope="module")
def undisturbed(template: Path, provider: Summary, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    desk = Desk(shutil.copytree(template, tmp_path_factory.mktemp("whole") / "ws"))
    started = time.perf_counter()
    with start("-w", desk.root, "run", provider.export) as running:
        _, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    return Undisturbed(*outcome(desk), time.perf_counter() - started)


def killed(root: Path, export: Path, delay: float) -> bool:
    """Run, and kill the process after ``delay`` seconds. Tells whether it was still running."""
    with start("-w", root, "run", export) as running:
        time.sleep(delay)
        alive = running.poll() is None
        if alive:
            os.kill(running.pid, signal.SIGKILL)
        running.communicate(timeout=60)
    return alive


def moments(seed: int, number: int) -> list[float]:
    """When to kill in one round, as shares of a whole run: over all rounds, one in each twelfth."""
    draw = random.Random(seed)
    slots = [(slot + draw.random()) / (_ROUNDS * _KILLS) for slot in range(_ROUNDS * _KILLS)]
    draw.shuffle(slots)
    return slots[number * _KILLS : (number + 1) * _KILLS]


@pytest.mark.slow
class TestKilledRun:
    @pytest.mark.parametrize("number", range(_ROUNDS))
    def test_the_next_run_ends_as_if_nothing_had_happened(
        self, template: Path, undisturbed: Undisturbed, provider: Summary, tmp_path: Path, number: int
    ) -> None:
        """A power cut in the night neither loses a customer's evidence nor counts it twice, and the log still proves it."""
        seed = int(os.environ.get("VEDETTE_KILL_SEED") or random.SystemRandom().randrange(2**32))
        sys.stdout.write(
            f"VEDETTE_KILL_SEED={seed}, round {number}, a whole run takes {undisturbed.seconds:.1f} s" + "\n"
        )
        desk = Desk(shutil.copytree(template, tmp_path / "ws"))
        for share in moments(seed, number):
            alive = killed(desk.root, provider.export, share * undisturbed.seconds)
            sys.stdout.write(f"killed at {share:.1%}\n" if alive else f"ended before {share:.1%}\n")
            assert desk("audit", "verify", "--json").done().row["holds"] is True

        desk("run", provider.export).done()

        findings, cases, lake = outcome(desk)
        assert lake == undisturbed.lake
        assert findings == undisturbed.findings
        assert cases == undisturbed.cases
        assert desk("audit", "verify", "--json").done().row["holds"] is True
        # What linking keeps between refreshes may stay: it is rebuilt where it is missing or spoilt.
        assert not [
            path for path in (desk.root / ".scratch").rglob("*") if path.is_file() and path.parent.name != "linking"
        ]
        assert not [path for path in (desk.root / "lake" / ".staging").rglob("*") if path.is_file()]


class TestFailingStep:
    @pytest.mark.parametrize(
        "step",
        [*(pytest.param(name, marks=pytest.mark.slow) for name in ("presence", "screening", "detections")), "cases"],
    )
    def test_a_step_that_fails_is_done_again_and_the_earlier_ones_are_kept(
        self, template: Path, provider: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        """A fault in one stage delays that stage; it neither undoes nor repeats the others."""
        from vedette.app import run as running
        from vedette.app.step import Step

        def fails(*_arguments: Any) -> Any:
            raise OSError(28, "No space left on device")

        def broken(item: Step) -> Step:
            work: Callable[..., Any] = fails if item.name == step else lambda _around, _inputs: {}
            return Step(item.name, lambda _around: "inputs", work)

        desk = Desk(shutil.copytree(template, tmp_path / "ws"))
        with monkeypatch.context() as patched:
            patched.setattr(running, "STEPS", tuple(map(broken, running.STEPS)))
            answer = desk("run", provider.export)
        assert answer.code == 1
        assert "No space left on device" in answer.err and "Traceback" not in answer.err
        assert desk("audit", "verify", "--json").done().row["holds"] is True
        steps = {row["step"]: row for row in desk("run", "--json").done().rows}
        assert steps[step]["due"] is True
