"""Faults of the bytes refuse the whole file, with its place and a remedy, and leave nothing behind."""

from __future__ import annotations

import gzip
import hashlib
import os
import tracemalloc

import pytest

from tests.store.intake_desk import FORM, Desk, T, csv_of
from vedette.store.intake import FileRefused, Limits, read, source

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
            (gzip.compress(GOOD, mtime=0)[:-9], "v.csv.gz", "gzip data ends early, after 71 bytes of content", None),
            (gzip.compress(GOOD, mtime=0)[:12], "v.csv.gz", "gzip", None),
            (gzip.compress(GOOD, mtime=0) + b"junk", "v.csv.gz", "not sound gzip", None),
            (
                gzip.compress(GOOD, mtime=0)[:15] + b"\xff\xff\xff\xff" + gzip.compress(GOOD, mtime=0)[19:],
                "v.csv.gz",
                "gzip",
                None,
            ),
            (GOOD.replace(b"note", b"n\xf6te"), "v.csv", "not UTF-8: byte 0xf6", 1),
            (GOOD.replace(b"note", b"no\0te"), "v.csv", "NUL", 1),
            (GOOD.decode().encode("utf-16"), "v.csv", "UTF-16", 1),
            (GOOD.decode().encode("utf-16-be"), "v.csv", "UTF-16", 1),
            (GOOD.decode().encode("utf-16-le"), "v.csv", "UTF-16", 1),
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


class TestBlemishes:
    """A fault of one cell costs its row; the rest of the file goes on."""

    NUL, BYTE = "holds a NUL byte", "is not UTF-8: byte 0xfc"

    @pytest.mark.parametrize(
        ("row", "reason", "line", "kept"),
        [
            (f"3,{T},a,x\0y", NUL, 4, {"id": "3", "time": T, "who": "a", "note": "x\0y"}),
            (f'3,{T},a,"x\0\ny"', NUL, 4, {"id": "3", "time": T, "who": "a", "note": "x\0\ny"}),
            ("3,\0", NUL, 4, {"id": "3", "time": "\0"}),
            ('3,"\0', NUL, 4, {"_text": '3,"\0'}),
        ],
    )
    def test_a_nul_byte_costs_its_csv_row(self, desk, row, reason, line, kept):
        reading = desk.read(GOOD + row.encode() + b"\n" + f"4,{T},c,z\n".encode())
        assert (reading.kept, [(r.line, r.reason) for r in reading.refused]) == (3, [(line, reason)])
        assert desk.refused_file() == [kept]
        assert reading.refused[0].remedy

    @pytest.mark.parametrize(
        ("row", "note"),
        [(b"3,%b,a,\xfcber", "\\xfcber"), (b'3,%b,a,"\xfc,\n\xe4"', "\\xfc,\n\\xe4"), (b"3,%b,\xc3\xa4,\xfc", "\\xfc")],
    )
    def test_a_byte_that_is_not_utf8_costs_its_csv_row_and_can_be_seen(self, desk, row, note):
        reading = desk.read(GOOD + row.replace(b"%b", T.encode()) + b"\n" + f"4,{T},ö,z".encode())
        assert (reading.kept, [(r.line, r.reason) for r in reading.refused]) == (3, [(4, self.BYTE)])
        assert (desk.refused_file()[0]["note"], desk.column("who")[-1]) == (note, "ö")

    @pytest.mark.parametrize(
        ("text", "reason"), [(b'{"id":"\0"}', NUL), (b'{"id":"\xfc"}', BYTE), (b"\0" * 50, NUL), (b"\xfc{", BYTE)]
    )
    def test_a_json_line_likewise(self, desk, text, reason):
        good = f'{{"id":1,"time":"{T}","who":"a"}}\n{{"id":2,"time":"{T}","who":"ä"}}\n'.encode()
        reading = desk.read(good.replace(b"\n", b"\n" + text + b"\n", 1), "v.jsonl")
        assert (reading.kept, [(r.line, r.reason) for r in reading.refused]) == (2, [(2, reason)])
        assert list(desk.refused_file()[0]) == ["_text"]

    @pytest.mark.parametrize("name", ["v.csv", "v.jsonl"])
    def test_a_file_in_another_encoding_is_refused_whole(self, desk, name):
        rows = [f"{n},{T},a,{'Müller' if n % 8 == 0 else 'Smith'}" for n in range(2_000)]
        lines = [f'{{"id":"{n}","time":"{T}","who":"{"ü" if n % 8 == 0 else "a"}"}}' for n in range(2_000)]
        text = csv_of(*rows) if name == "v.csv" else "\n".join(lines)
        with pytest.raises(FileRefused, match="is not UTF-8 in 250 lines") as caught:
            desk.read(text.encode("latin-1"), name)
        assert caught.value.place.line == (2 if name == "v.csv" else 1)
        assert desk.left_over() == []

    def test_a_hundred_spoiled_cells_in_a_long_file_are_a_hundred_rows(self, desk):
        rows = [f"{n},{T},a,{'ü' if n % 20 == 0 else 'x'}" for n in range(2_100)]
        reading = desk.read(csv_of(*rows).encode("latin-1"))
        assert (reading.kept, reading.refused_count) == (1_995, 105)


class TestLongLines:
    def test_a_line_beyond_all_measure_costs_itself_within_bounded_memory(self, desk):
        """Two lines of 100 MB in a file of three rows: neither is held."""
        path = desk.folder / "v.csv"
        monster = b'3,"' + b"x" * 1_000_000
        with path.open("wb") as file:
            file.write(GOOD)
            for _ in range(2):
                file.write(monster)
                for _ in range(99):
                    file.write(b"y" * 1_000_000)
                file.write(b"\n")
            file.write(f"4,{T},c,z\n".encode())
        tracemalloc.start()
        reading = read(desk.connection, path, FORM, into="t")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (reading.kept, [r.line for r in reading.refused]) == (3, [4, 5])
        assert reading.refused[0].reason.startswith("is a line of 100,000,003 bytes, longer than 16,777,216 bytes")
        assert peak < 80 * 1024**2

    def test_a_json_record_of_a_hundred_megabytes_likewise(self, desk):
        good = f'{{"id":"1","time":"{T}","who":"a"}}\n'.encode()
        monster = b'{"id":"2","note":"' + b"x" * 100_000_000 + b'"}\n'
        reading = desk.read(gzip.compress(good + monster + good.replace(b'"1"', b'"3"'), 1), "v.jsonl.gz")
        assert (desk.column("id"), [r.line for r in reading.refused]) == (["1", "3"], [2])
        (kept,) = desk.refused_file()
        assert len(kept["_text"]) < 1_000

    @pytest.mark.parametrize("chunk", [7, 100, 4_000_000])
    def test_inside_a_block_or_over_many_the_same_line_is_told(self, desk, monkeypatch, chunk):
        monkeypatch.setattr(source, "_CHUNK", chunk)
        reading = desk.read(GOOD + b"x" * 1_500 + b"\n" + f"4,{T},c,z\n".encode(), limits=Limits(line=1_000))
        assert (reading.kept, [r.line for r in reading.refused]) == (3, [4])
        assert reading.refused[0].reason.startswith("is a line of 1,500 bytes")

    def test_the_last_line_of_a_file_too(self, desk):
        reading = desk.read(GOOD + b"x" * 1_500, limits=Limits(line=1_000))
        assert (reading.kept, [r.line for r in reading.refused]) == (2, [4])

    def test_a_header_beyond_all_measure_refuses_the_file(self, desk):
        with pytest.raises(FileRefused, match="is a line of 1,500 bytes"):
            desk.read(b"x" * 1_500 + b"\n" + GOOD, limits=Limits(line=1_000))

    def test_marks_that_stand_in_the_file_itself_are_only_control_characters(self, desk):
        reading = desk.read(GOOD + f"3,{T},a,\x1c\n4,{T},a,\x1c+9\x1c\n5,{T},a,ok\n".encode())
        assert (reading.kept, [r.line for r in reading.refused]) == (3, [4, 5])


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
            (gzip.compress(GOOD, mtime=0) + bytes(600), "v.csv.gz"),
            (gzip.compress(GOOD[:31], mtime=0) + gzip.compress(GOOD[31:], mtime=0), "v.csv.gz"),
            (GOOD, "a b'\"[1]*;--.csv"),
            (GOOD, "평양.csv"),
        ],
    )
    def test_give_the_same_rows(self, desk, data, name):
        reading = desk.read(data, name)
        assert (reading.kept, desk.column("who")) == (2, ["a", "b"])

    @pytest.mark.parametrize("chunk", [1, 3, 64])
    def test_packed_data_may_be_cut_anywhere(self, desk, monkeypatch, chunk):
        monkeypatch.setattr(source, "_CHUNK", chunk)
        long = GOOD + f"3,{T},c,{'x' * 5_000}\n".encode()
        desk.read(gzip.compress(GOOD, mtime=0) + gzip.compress(long[len(GOOD) :], mtime=0) + bytes(9), "v.csv.gz")
        assert desk.column("who") == ["a", "b", "c"]

    def test_the_hash_is_of_the_file_as_it_lies(self, desk):
        data = gzip.compress(GOOD, mtime=0)
        assert desk.read(data, "v.csv.gz").sha256 == hashlib.sha256(data).hexdigest()
        assert desk.read(GOOD).sha256 == hashlib.sha256(GOOD).hexdigest()

    def test_nothing_stays_in_the_scratch_folder(self, desk):
        desk.read(GOOD)
        assert desk.left_over() == []
