"""Files from disk: unpacked within limits, or refused with a remedy."""

from __future__ import annotations

import gzip
import os
from datetime import date
from pathlib import Path

import pytest

from vedette.watchlists import intake
from vedette.watchlists.intake import dated_in, files_in, read_piece
from vedette.watchlists.reading import ListError


class TestReadPiece:
    def test_plain_and_packed_files_give_the_same_piece(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes(b"name\n")
        (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"na") + gzip.compress(b"me\n"))
        assert read_piece(tmp_path / "a.csv").data == read_piece(tmp_path / "a.csv.gz").data == b"name\n"

    @pytest.mark.parametrize("data", [b"", b"\n\n", b"\x1a", b"\xef\xbb\xbf", b" \r\n"])
    @pytest.mark.parametrize("packed", [False, True])
    def test_an_empty_file_is_refused(self, tmp_path: Path, data: bytes, packed: bool) -> None:
        path = tmp_path / "sdn.csv"
        path.write_bytes(gzip.compress(data) if packed else data)
        with pytest.raises(ListError, match="is empty"):
            read_piece(path)

    def test_a_gzip_file_cut_anywhere_is_refused(self, tmp_path: Path) -> None:
        whole = gzip.compress(b"name\n" * 1000)
        path = tmp_path / "cut.gz"
        for length in range(2, len(whole)):
            path.write_bytes(whole[:length])
            with pytest.raises(ListError, match="cut short|damaged"):
                read_piece(path)

    def test_a_damaged_gzip_file_is_refused(self, tmp_path: Path) -> None:
        whole = bytearray(gzip.compress(b"name\n" * 1000))
        whole[-6] ^= 1
        (tmp_path / "bad.gz").write_bytes(whole)
        with pytest.raises(ListError, match="damaged"):
            read_piece(tmp_path / "bad.gz")

    def test_a_gzip_bomb_is_refused_before_it_fills_memory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(intake, "MAX_BYTES", 100_000)
        (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * 10_000_000))
        with pytest.raises(ListError, match="larger than"):
            read_piece(tmp_path / "bomb.gz")
        (tmp_path / "large.csv").write_bytes(b"x" * 100_001)
        with pytest.raises(ListError, match="larger than"):
            read_piece(tmp_path / "large.csv")

    def test_a_pipe_is_refused_instead_of_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(ListError, match="no regular file"):
            read_piece(tmp_path / "pipe.csv")

    def test_two_gigabytes_in_one_line_are_refused_unread(self, tmp_path: Path) -> None:
        with (tmp_path / "huge.csv").open("wb") as file:
            file.truncate(2 * 1024**3)
        with pytest.raises(ListError, match="larger than 512 MiB"):
            read_piece(tmp_path / "huge.csv")

    def test_a_missing_file_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        with pytest.raises(ListError, match="No such file"):
            read_piece(tmp_path / "none.csv")


class TestFilesIn:
    def test_folders_are_searched_in_order_and_hidden_files_passed_over(self, tmp_path: Path) -> None:
        for name in ("b/2.csv", "a/1.csv", ".git/x", "a/.hidden"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("x")
        found = [(str(path.relative_to(tmp_path)), named) for path, named in files_in([tmp_path, tmp_path / "b/2.csv"])]
        assert found == [("a/1.csv", False), ("b/2.csv", False), ("b/2.csv", True)]

    def test_links_to_folders_are_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "a" / "1.csv").write_text("x")
        assert [path.name for path, _ in files_in([tmp_path])] == ["1.csv"]

    def test_an_unreadable_folder_is_an_error_not_an_empty_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def denied(path: Path) -> object:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(os, "scandir", denied)
        with pytest.raises(ListError, match="Permission denied"):
            list(files_in([tmp_path]))


class TestDatedIn:
    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("sdn_2024-05-03.csv.gz", date(2024, 5, 3)),
            ("2024-01-01_to_2024-02-01.csv", date(2024, 2, 1)),
            ("sdn_2024-13-03.csv", None),
            ("sdn_12024-05-031.csv", None),
            ("sdn.csv", None),
        ],
    )
    def test_the_last_real_day_counts(self, name: str, day: date | None) -> None:
        assert dated_in(name) == day
