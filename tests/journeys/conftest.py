"""Fresh copies of the journeys' starting points; no journey sees this machine's own caches or workspace."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journeys import scene
from tests.journeys.scene import Desk
from vedette.simulate import Summary


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.delenv("VEDETTE_WORKSPACE", raising=False)
    monkeypatch.setenv("VEDETTE_CACHE", str(tmp_path_factory.getbasetemp() / "no-cache"))


@pytest.fixture
def provider(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The invented provider. Nobody may write into its folders."""
    return scene.provider(tmp_path_factory.getbasetemp())


@pytest.fixture
def bare(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace of the test's own, empty."""
    return Desk(shutil.copytree(scene.bare(tmp_path_factory.getbasetemp()), tmp_path / "ws"))


@pytest.fixture
def equipped(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace of the test's own with references and the invented list."""
    return Desk(shutil.copytree(scene.equipped(tmp_path_factory.getbasetemp()), tmp_path / "ws"))


@pytest.fixture
def worked(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace of the test's own after a daily run."""
    return Desk(shutil.copytree(scene.worked(tmp_path_factory.getbasetemp()), tmp_path / "ws"))


@pytest.fixture
def worked_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The workspace after a daily run that all tests share: for looking only."""
    return Desk(scene.worked(tmp_path_factory.getbasetemp()))
