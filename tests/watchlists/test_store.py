"""What a crash at any moment leaves behind: the old version or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.watchlists.conftest import PRINCIPAL, Loader, sdn_file
from vedette.audit import verify
from vedette.base import FixedClock
from vedette.store import Catalogue, Store, Workspace
from vedette.watchlists import Outcome, current, entries, load
from vedette.watchlists import store as rows

_LOADER = """
import sys
from pathlib import Path
from vedette.base import Principal, PrincipalKind, SystemClock
from vedette.store import Catalogue, Store, Workspace
from vedette.watchlists import load
store = Store(Workspace(Path(sys.argv[1])), Catalogue(()))
print("ready", flush=True)
load(store, Principal(PrincipalKind.JOB, "test"), [Path(sys.argv[2])], clock=SystemClock())
"""


class TestCrash:
    @pytest.mark.parametrize("seed", range(4))
    def test_a_killed_load_leaves_the_old_version_or_the_new_one(
        self, tmp_path: Path, clock: FixedClock, seed: int
    ) -> None:
        old = sdn_file(tmp_path / "sdn_2024-05-02.csv", range(7_000))
        new = sdn_file(tmp_path / "sdn_2024-05-03.csv", range(1, 7_100))
        workspace = Workspace(tmp_path / "ws")
        workspace.create('home = "us"\n')
        store = Store(workspace, Catalogue(()))
        load(store, PRINCIPAL, [old], clock=clock)
        store.close()

        self._load_and_kill(workspace.root, new, random.Random(seed).uniform(0.0, 0.6))

        store = Store(workspace, Catalogue(()))
        (version,) = current(store)
        assert len(entries(store, version)) == version.entries in (7_000, 7_099)
        assert verify(store).problems == []
        (result,) = load(store, PRINCIPAL, [new], clock=clock)
        assert result.outcome in (Outcome.LOADED, Outcome.UNCHANGED)
        assert [kept.entries for kept in current(store)] == [7_099]
        store.close()

    def _load_and_kill(self, root: Path, path: Path, after: float) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", _LOADER, str(root), str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


class TestOrigin:
    def test_files_and_ignored_counts_are_kept_with_the_version(
        self, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        alt = tmp_path / "alt.csv"
        alt.write_bytes(b'1,1,"aka","ALIAS",-0- \r\n99999,2,"aka","NOBODY",-0- \r\n\x1a')
        (result,) = take(sdn_file(tmp_path / "sdn.csv", range(7_000)), alt)
        assert result.version is not None
        found = rows.origin(store, result.version)
        assert [(role, name) for role, name, _ in found.files] == [("alt", "alt.csv"), ("primary", "sdn.csv")]
        assert found.ignored == {"alt rows without an entry": 1}
        assert store.archive.get(found.files[0][2]) == alt.read_bytes()


class TestFind:
    def test_versions_are_found_by_name_and_by_list(self, take: Loader, store: Store, tmp_path: Path) -> None:
        (result,) = take(sdn_file(tmp_path / "sdn.csv", range(7_000)))
        assert result.version is not None
        assert rows.find(store, result.version.version) == rows.versions(store, "us_ofac_sdn") == (result.version,)
        assert rows.find(store, "other") == rows.versions(store, "other") == ()
