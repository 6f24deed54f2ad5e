"""The watched folder: files are read once each, findings follow at once, and no order or interruption changes the end."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.made import JOB
from vedette import audit, findings
from vedette.app import detecting
from vedette.app import store as state
from vedette.app.rooms import catalogue
from vedette.app.step import Surroundings
from vedette.app.steps import detect
from vedette.app.watch import Turn, Watch, WatchError, watch
from vedette.base import FixedClock
from vedette.store import Store, Workspace

_ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ("Ann Aster", "Bela Birk", "Cleo Cedar", "Dora Dill", "Ede Elm")


class Place:
    """One workspace with a folder under watch."""

    def __init__(self, root: Path, clock: FixedClock) -> None:
        root.mkdir(parents=True, exist_ok=True)
        workspace = Workspace(root / "ws")
        if not workspace.exists():
            workspace.create('home = "us"\n')
        self.store = Store(workspace, catalogue())
        self.around = Surroundings(store=self.store, principal=JOB, clock=clock, home="us", threads=1)
        self.folder = root / "in"
        self.folder.mkdir(exist_ok=True)
        self.moment = 0.0
        self.watch = self.again()

    def again(self) -> Watch:
        """A watch as after a restart."""
        return Watch(self.around, self.folder, now=lambda: self.moment)

    def lay(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Put a file into the folder as the convention asks: whole, then renamed."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}")
        half.write_text("".join(json.dumps(row) + "\n" for row in rows))
        os.replace(half, path)

    def standing(self) -> set[tuple[str, str, int, str]]:
        """What stands now: check, subject, count and sentence."""
        return {
            (item.finding.check, str(item.finding.subject), item.finding.count, item.finding.summary)
            for item in findings.standing(self.store)
        }


@pytest.fixture
def place(tmp_path: Path, clock: FixedClock) -> Iterator[Place]:
    made = Place(tmp_path / "place", clock)
    yield made
    made.store.close()


def accounts() -> list[dict[str, Any]]:
    return [
        {
            "account_id": f"a-{n}",
            "opened_at": "2025-12-01T00:00:00Z",
            "name": name,
            "kind": "person",
            "address": f"{n} Road",
            "country": "US",
        }
        for n, name in enumerate(PEOPLE)
    ]


def signin(account: int, day: int) -> dict[str, Any]:
    """One sign-in a day from a device that all of them share."""
    return {
        "event_id": f"e-{account}-{day}",
        "time": f"2026-01-{day:02d}T09:00:{account:02d}Z",
        "account_id": f"a-{account}",
        "device_id": "d-1",
        "outcome": "success",
        "channel": "console",
    }


SIGNINS = [signin(account, day) for account in range(len(PEOPLE)) for day in range(5, 11)]


class TestTurn:
    def test_a_file_gives_findings_at_once_and_is_read_once(self, place: Place) -> None:
        place.lay("accounts.jsonl", accounts())
        place.lay("signins-1.jsonl", SIGNINS)
        first = place.watch.turn()
        assert first is not None
        assert (first.files, first.counts["stored"]) == (2, len(PEOPLE) + len(SIGNINS))
        assert {check for check, *_ in place.standing()} >= {"device/device_of_many_names"}
        quiet = place.watch.turn()
        assert quiet is None or quiet.files == 0
        assert place.watch.turn() is None

    def test_begun_anew_it_reads_nothing_twice(self, place: Place) -> None:
        """What a killed watch had stored is known by its bytes."""
        place.lay("signins-1.jsonl", SIGNINS)
        place.watch.turn()
        again = place.again().turn()
        assert again is not None and (again.counts["stored"], again.counts["duplicates"]) == (0, len(SIGNINS))

    def test_unfinished_and_hidden_files_are_left_alone(self, place: Place) -> None:
        for name in (".signins-1.jsonl", "signins-2.jsonl.tmp", "signins-3.jsonl.part", "_signins.jsonl"):
            (place.folder / name).write_text(json.dumps(SIGNINS[0]) + "\n")
        done = place.watch.turn(patient=False)
        assert done is None or done.files == 0

    def test_a_file_that_cannot_be_read_is_told_and_the_next_goes_on(self, place: Place) -> None:
        (place.folder / "signins-1.csv.gz").write_bytes(b"\x1f\x8bbroken")
        (place.folder / "notes.txt").write_text("hello")
        done = place.watch.turn()
        assert done is not None and done.faults
        place.lay("signins-2.jsonl", SIGNINS[:1])
        after = place.watch.turn()
        assert after is not None and after.counts["stored"] == 1

    def test_raw_logs_of_a_product(self, place: Place) -> None:
        record = {"uuid": "o-1", "published": "2026-01-05T09:00:00.000Z", "eventType": "user.session.start"}
        place.lay("logs/okta/1.jsonl", [record])
        done = place.watch.turn()
        assert done is not None and done.counts["stored"] == 1

    def test_rules_that_look_at_everything_wait_until_it_is_quiet(self, place: Place) -> None:
        place.lay("accounts.jsonl", accounts())
        place.lay("signins-1.jsonl", SIGNINS[:1])
        place.watch.turn()
        place.watch.turn()
        place.lay("signins-2.jsonl", SIGNINS[1:])
        busy = place.watch.turn()
        assert busy is not None and busy.detections["rules_waiting"]
        assert place.watch.turn() is None
        place.moment += 60
        quiet = place.watch.turn()
        assert quiet is not None and quiet.files == 0 and quiet.detections["rules_waiting"] == []


class TestTheEnd:
    def test_any_order_of_arrival_ends_as_one_run_over_everything(self, tmp_path: Path, clock: FixedClock) -> None:
        """Shuffled, late and repeated files give the findings that one look over all of it gives."""
        draw = random.Random(7)
        events = SIGNINS[:]
        draw.shuffle(events)
        place, whole = Place(tmp_path / "bit", clock), Place(tmp_path / "whole", clock)
        parts = [("accounts.jsonl", accounts())]
        parts += [(f"signins-{n}.jsonl", events[n * 7 : n * 7 + 9]) for n in range(5)]
        draw.shuffle(parts)
        for name, rows in parts:
            place.lay(name, rows)
            whole.lay(name, rows)
            place.watch.turn()
        while place.watch.turn(patient=False):
            pass
        whole.watch.turn()
        detect(whole.around, "whole")
        assert place.standing() == whole.standing() != set()
        place.store.close()
        whole.store.close()


_PROGRAM = """
import sys, time
from pathlib import Path
from tests.app.test_watch import Place
from vedette.base import SystemClock
place = Place(Path(sys.argv[1]), SystemClock())
while True:
    if place.watch.turn(patient=False) is None:
        time.sleep(0.05)
"""


@pytest.mark.slow
class TestKilled:
    def test_killed_at_any_moment_it_ends_the_same(self, tmp_path: Path, clock: FixedClock) -> None:
        """`kill -9` loses no event, stores none twice, and what it found is what one look over everything finds."""
        draw = random.Random(os.environ.get("VEDETTE_KILL_SEED", "3"))
        whole = Place(tmp_path / "whole", clock)
        whole.lay("accounts.jsonl", accounts())
        whole.lay("signins-0.jsonl", SIGNINS)
        whole.watch.turn()
        root = tmp_path / "bit"
        place = Place(root, clock)
        place.lay("accounts.jsonl", accounts())
        for number in range(2):
            place.lay(f"signins-{number}.jsonl", SIGNINS[number * 14 : number * 14 + 16])
            with subprocess.Popen([sys.executable, "-c", _PROGRAM, str(root)], cwd=_ROOT) as running:
                time.sleep(1.0 + draw.random() * 3)
                running.kill()
        place.store.sweep()
        after = place.again()
        while after.turn(patient=False):
            pass
        assert place.standing() == whole.standing() != set()
        with place.store.engine(["signins"]) as engine:
            assert engine.rows("SELECT count(*), count(DISTINCT event_id) FROM signins") == [
                (len(SIGNINS), len(SIGNINS))
            ]
        assert audit.verify(place.store).holds
        place.store.close()
        whole.store.close()


class TestLook:
    def test_replaced_files_and_changed_rules_make_it_look_at_everything(self, place: Place) -> None:
        from vedette import detections

        place.lay("signins-1.jsonl", SIGNINS)
        place.watch.turn()
        before = state.seen(place.store, detecting.STEP)
        assert before is not None
        same = detecting.look(place.around, detections.rules(), before.mark)
        assert same.facts["looked_at"] == "what arrived" and same.findings == ()
        other = detecting.look(place.around, detections.rules(), "other rules")
        assert other.facts["looked_at"] == "everything"
        shutil.rmtree(place.folder)


class TestWatch:
    def test_it_ends_when_told(self, place: Place) -> None:
        told: list[Turn] = []
        pauses: list[float] = []
        place.lay("signins-1.jsonl", SIGNINS)
        watch(place.watch, tell=told.append, pause=pauses.append, stopped=lambda: bool(pauses), every=0.5)
        assert pauses == [0.5]
        assert [turn.files for turn in told][0] == 1
        json.dumps(told[0].as_json())

    def test_no_folder(self, place: Place) -> None:
        gone = Watch(place.around, place.folder / "none")
        with pytest.raises(WatchError, match="is no folder"):
            watch(gone, tell=print, pause=print, stopped=lambda: True)
