"""Archives are opened in memory, within limits, and nothing in them reaches the disk."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from vedette.events.references import unpack
from vedette.events.references.model import RangeListError
from vedette.events.references.unpack import contents


def tar(members: dict[str, bytes], *, mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


class TestContents:
    def test_members_are_found_at_any_depth_packed_or_not(self) -> None:
        data = tar({"package/a-ipv4.csv": b"x", "deep/er/b.txt.gz": gzip.compress(b"y")})
        assert [(item.name, item.data) for item in contents("p.tgz", data)] == [("a-ipv4.csv", b"x"), ("b.txt", b"y")]

    def test_paths_that_climb_are_only_names(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        found = list(contents("p.tar.gz", tar({"../../evil.csv": b"x", "/etc/passwd.csv": b"y"})))
        assert [item.name for item in found] == ["evil.csv", "passwd.csv"]
        assert list(tmp_path.rglob("*")) == []

    def test_links_are_skipped(self) -> None:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            link = tarfile.TarInfo("a.csv")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
        assert list(contents("p.tar", out.getvalue())) == []

    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("a.csv.gz", gzip.compress(b"x" * 1000, mtime=0)[:20], "cut off"),
            ("a.csv.gz", b"hello", "no gzip"),
            ("a.tar", b"hello" * 200, "no tar"),
        ],
    )
    def test_damage_is_told(self, name: str, data: bytes, reason: str) -> None:
        with pytest.raises(RangeListError, match=reason):
            list(contents(name, data))

    def test_a_bomb_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(unpack, "_MOST_BYTES", 3 * 1024 * 1024)
        with pytest.raises(RangeListError, match="expands beyond"):
            list(contents("a.csv.gz", gzip.compress(bytes(20 * 1024 * 1024))))

    def test_too_many_members_are_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(unpack, "_MOST_MEMBERS", 2)
        with pytest.raises(RangeListError, match="over 2 members"):
            list(contents("p.tgz", tar({f"{n}.csv": b"x" for n in range(5)})))
