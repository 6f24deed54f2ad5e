"""Faults of the bytes refuse the whole file, with its place and a remedy, and leave nothing behind."""

from __future__ import annotations

import gzip
import hashlib
import os

import pytest

from tests.store.intake_desk import FORM, Desk, T, csv_of
from vedette.store.intake import FileRefused, Limits, read, whole

GOOD = csv_of(f"1,{T},a,x", f"2,{T},b,y").encode()


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class TestWholeFileFaults:
    @pytest.mark.parametrize(
        ("data", "name", "problem", "line"),
        [
            (b"", "v.csv", "empty", None),
            (b"\n \n", "v.csv", "empty", None),
            (b"", "v.jsonl", "empty", None),
            (b"", "v.parquet", "empty", None),
            (gzip.compress(b"", mtime=0), "v.csv.gz", "empty", None),
            (gzip.compress(GOOD, mtime=0)[:-9], "v.csv.gz", "gzip data ends early", None),
            (gzip.compress(GOOD, mtime=0)[:12], "v.csv.gz", "gzip", None),
            (gzip.compress(GOOD, mtime=0) + b"junk", "v.csv.gz", "not sound gzip", None),
            (
                gzip.compress(GOOD, mtime=0)[:15] + b"\xff\xff\xff\xff" + gzip.compress(GOOD, mtime=0)[19:],
                "v.csv.gz",
                "gzip",
                None,
            ),
            (GOOD + b"3,\xfcber\n", "v.csv", "not UTF-8: byte 0xfc", 4),
            (GOOD + b"\xc3", "v.csv", "not UTF-8", 4),
            (GOOD.decode().encode("utf-16"), "v.csv", "UTF-16", 1),
            (GOOD.decode().encode("utf-16-be"), "v.csv", "NUL", 1),
            (GOOD + b"3,\0\n", "v.csv", "NUL", 4),
            (GOOD.replace(b"\n", b"\r"), "v.csv", "header is not one line", 1),
            (b"PAR1 is no parquet", "v.parquet", "cannot be read", None),
            (GOOD, "v.parquet", "cannot be read", None),
            (GOOD, "v.xlsx", "no known format", None),
        ],
    )
    def test_refuses_with_place_and_remedy(self, desk, data, name, problem, line):
        with pytest.raises(FileRefused, match=problem) as caught:
            desk.read(data, name)
        assert (caught.value.place.line, caught.value.place.file.endswith(name)) == (line, True)
        assert caught.value.remedy
        assert desk.left_over() == []

    def test_a_monstrous_line_is_refused_without_reading_on(self, desk):
        path = desk.folder / "v.csv"
        with path.open("wb") as file:
            file.write(GOOD + b"3,")
            file.truncate(2 * 1024**3)
        with path.open("r+b") as file:
            file.seek(len(GOOD))
            file.write(b"x" * 40_000_000)
        with pytest.raises(FileRefused, match="longer than 16,777,216 bytes") as caught:
            read(desk.connection, path, FORM, into="t")
        assert caught.value.place.line == 4

    def test_a_long_line_inside_a_block_is_found(self, desk):
        with pytest.raises(FileRefused, match="longer than 1,000") as caught:
            desk.read(GOOD + b"x" * 1_500 + b"\n" + GOOD, limits=Limits(line=1_000))
        assert caught.value.place.line == 4

    def test_a_line_just_as_long_as_allowed_is_read(self, desk):
        row = f"3,{T},a,".encode()
        reading = desk.read(GOOD + row + b"x" * (5_000_000 - len(row)) + b"\n", limits=Limits(line=5_000_000))
        assert (reading.kept, len(desk.column("note")[-1])) == (3, 5_000_000 - len(row))

    def test_a_gzip_bomb_is_refused(self, desk):
        bomb = gzip.compress(GOOD + b"3,2026-01-31T09:00:00Z,a,x\n" * 400_000, mtime=0)
        with pytest.raises(FileRefused, match="unpacks to more"):
            desk.read(bomb, "v.csv.gz", limits=Limits(expanded=1_000_000))

    def test_a_missing_file_and_a_folder(self, desk):
        (desk.folder / "d.csv").mkdir()
        for name in ("none.csv", "d.csv", "none.parquet", "none.jsonl.gz"):
            with pytest.raises(FileRefused, match="cannot be read"):
                read(desk.connection, desk.folder / name, FORM, into="t")

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
    def test_an_unreadable_file(self, desk):
        path = desk.folder / "v.csv"
        path.write_bytes(GOOD)
        path.chmod(0)
        with pytest.raises(FileRefused, match="cannot be read"):
            read(desk.connection, path, FORM, into="t")

    def test_a_full_disk_is_a_clear_error(self, desk, monkeypatch):
        def full(*_args, **_kinds):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("vedette.store.intake.spool.Spool.block", full)
        with pytest.raises(FileRefused, match="No space left on device") as caught:
            desk.read(GOOD)
        assert "room" in caught.value.remedy
        assert desk.left_over() == []


class TestSoundFiles:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (GOOD, "v.csv"),
            (b"\xef\xbb\xbf" + GOOD, "v.csv"),
            (gzip.compress(GOOD, mtime=0), "v.csv.gz"),
            (gzip.compress(GOOD, mtime=0), "v.csv"),
            (GOOD, "v.csv.gz"),
            (GOOD, "V.CSV"),
            (gzip.compress(GOOD, mtime=0), "V.CSV.GZ"),
            (gzip.compress(GOOD[:31], mtime=0) + gzip.compress(GOOD[31:], mtime=0), "v.csv.gz"),
            (GOOD, "a b'\"[1]*;--.csv"),
            (GOOD, "평양.csv"),
        ],
    )
    def test_give_the_same_rows(self, desk, data, name):
        reading = desk.read(data, name)
        assert (reading.kept, desk.column("who")) == (2, ["a", "b"])

    def test_the_hash_is_of_the_file_as_it_lies(self, desk):
        data = gzip.compress(GOOD, mtime=0)
        assert desk.read(data, "v.csv.gz").sha256 == hashlib.sha256(data).hexdigest()
        assert desk.read(GOOD).sha256 == hashlib.sha256(GOOD).hexdigest()

    def test_nothing_stays_in_the_scratch_folder(self, desk):
        desk.read(GOOD)
        assert desk.left_over() == []


class TestWhole:
    def test_gives_the_beginning_of_a_sound_text(self, tmp_path):
        (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbfa,b\r\n1,2\r\n", mtime=0))
        assert whole(tmp_path / "x.csv.gz") == b"a,b\n1,2"

    def test_refuses_a_damaged_one(self, tmp_path):
        (tmp_path / "x.csv").write_bytes(b"a\xff\n")
        with pytest.raises(FileRefused, match="UTF-8"):
            whole(tmp_path / "x.csv")
