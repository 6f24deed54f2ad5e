"""Bytes are kept by their hash; what no longer matches is refused."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.store import Archive, ArchiveError


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive(tmp_path_factory.mktemp("archive"))


class TestArchive:
    @given(st.binary(max_size=2_000))
    def test_there_and_back(self, archive: Archive, data: bytes) -> None:
        name = archive.put(data)

        assert name == hashlib.sha256(data).hexdigest()
        assert archive.get(name) == data
        assert archive.has(name)

    def test_twice_is_once(self, archive: Archive) -> None:
        name = archive.put(b"rule")
        before = archive.path(name).stat().st_mtime_ns

        assert archive.put(b"rule") == name
        assert archive.path(name).stat().st_mtime_ns == before

    @pytest.mark.parametrize(
        "name",
        ["", "..", "../../etc/passwd", "a" * 63, "a" * 65, "G" * 64, "A" * 64, "/" * 64, ("../" * 22)[:64], "０" * 64],
    )
    def test_no_other_path_can_be_named(self, archive: Archive, name: str) -> None:
        for ask in (archive.get, archive.has, archive.path):
            with pytest.raises(ArchiveError, match="not a content hash"):
                ask(name)

    def test_what_is_missing_is_said(self, archive: Archive) -> None:
        assert not archive.has("0" * 64)
        with pytest.raises(ArchiveError, match="not in the archive"):
            archive.get("0" * 64)

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: b"",
            lambda data: data[:-4],
            lambda data: b"plain",
            lambda data: gzip.compress(b"another rule"),
            lambda data: data[:12] + bytes([data[12] ^ 0xFF]) + data[13:],
        ],
    )
    def test_damage_is_refused(self, tmp_path: Path, damage: object) -> None:
        archive = Archive(tmp_path)
        name = archive.put(b"a rule that somebody wants to change" * 20)
        path = archive.path(name)
        path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # a lambda of the table

        with pytest.raises(ArchiveError):
            archive.get(name)
