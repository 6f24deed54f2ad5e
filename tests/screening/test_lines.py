"""Lines of hostile files: bounded, UTF-8, with the place of the fault."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from vedette.screening import ScreeningError
from vedette.screening.lines import MAX_LINE, lines


class TestLines:
    @pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
    def test_plain_and_packed(self, tmp_path: Path, pack: object) -> None:
        file = tmp_path / "a.csv"
        file.write_bytes(pack("\ufeffname\r\nKim\n".encode()))  # type: ignore[operator]  # one of two packers
        assert list(lines(file)) == ["name\r\n", "Kim\n"]

    @pytest.mark.parametrize(
        ("data", "line", "problem"),
        [
            (b"a\n\xff\n", 2, "not UTF-8"),
            (b"a\nb\n\0\n", 3, "NUL"),
            (b"a\n" + b"x" * (MAX_LINE + 5), 2, "more than"),
            (gzip.compress(b"a\n" * 4000, mtime=0)[:-9], None, "cannot be read"),
            (gzip.compress(b"a\n", mtime=0)[:4] + b"\xff" * 40, None, "cannot be read"),
        ],
    )
    def test_faults_name_the_place(self, tmp_path: Path, data: bytes, line: int | None, problem: str) -> None:
        file = tmp_path / "a.csv"
        file.write_bytes(data)
        with pytest.raises(ScreeningError, match=problem) as fault:
            list(lines(file))
        assert fault.value.place.file == str(file)
        assert line is None or fault.value.place.line == line
        assert fault.value.remedy

    def test_a_bomb_is_read_line_by_line_and_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "bomb.csv.gz"
        file.write_bytes(gzip.compress(b"x" * 40_000_000))
        with pytest.raises(ScreeningError, match="more than"):
            list(lines(file))

    @pytest.mark.parametrize("name", ["absent.csv", "."])
    def test_what_is_no_file(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ScreeningError, match="cannot be read"):
            list(lines(tmp_path / name))
