"""A stranger's files, whatever their form, as flat rows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from vedette.accounts.mapping.model import MappingError
from vedette.accounts.mapping.sources import files_of, rows
from vedette.store.engines.duckdb import DuckEngine, literal

ROW = {"id": "1", "user.email": "a@b.example"}
NESTED = {"id": 1, "user": {"email": "a@b.example"}}


class TestRows:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("x.csv", b"id,user.email\n1,a@b.example\n"),
            ("x.csv", "\ufeffid;user.email\r\n1;a@b.example\r\n".encode()),
            ("x.csv", "id;user.email\n1;a@b.example\n".encode("utf-16")),
            ("x.tsv", b"id\tuser.email\n1\ta@b.example\n"),
            ("x.csv.gz", gzip.compress(b"id|user.email\n1|a@b.example\n")),
            ("x.jsonl", json.dumps(NESTED).encode() + b"\n\n"),
            ("x.json", json.dumps([NESTED], indent=1).encode()),
            ("x.json", json.dumps({"total": 1, "users": [NESTED]}).encode()),
            ("x.json", json.dumps(NESTED).encode()),
            ("x.json", (json.dumps(NESTED) + "\n").encode()),
        ],
    )
    def test_forms(self, tmp_path: Path, name: str, data: bytes) -> None:
        (tmp_path / name).write_bytes(data)

        assert list(rows(tmp_path / name)) == [ROW]

    def test_parquet(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        with DuckEngine({}, tmp_path, memory="200MB", threads=1) as engine:
            engine.run(
                f"COPY (SELECT 1 AS id, {{'email': 'a@b.example'}} AS user) TO {literal(str(path))} (FORMAT parquet)"
            )

        assert list(rows(path)) == [ROW]

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("x.csv", b"id,name\n1,\xff\xfe\xfd\n"),
            ("x.csv", b"id,id\n1,2\n"),
            ("x.csv.gz", gzip.compress(b"id\n" + b"1\n" * 999)[:-9]),
            ("x.jsonl", b"{not json}\n"),
            ("x.jsonl", b"[1]\n"),
            ("x.json", b"[1, 2]"),
            ("x.jsonl", b'{"a":' * 50_000),
            ("x.parquet", b"PAR1 no"),
        ],
    )
    def test_faults_are_told(self, tmp_path: Path, name: str, data: bytes) -> None:
        (tmp_path / name).write_bytes(data)

        with pytest.raises(MappingError, match=name):
            list(rows(tmp_path / name))

    def test_a_monstrous_line_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_bytes(b"id\n" + b"1" * (17 * 1024 * 1024))

        with pytest.raises(MappingError, match="longer"):
            list(rows(tmp_path / "x.csv"))


class TestFilesOf:
    def test_notes_and_logs_are_no_tables(self, tmp_path: Path) -> None:
        (tmp_path / "logs").mkdir()
        (tmp_path / "sub").mkdir()
        for name in ("logs/x.jsonl", "sub/users.csv", "a.pdf"):
            (tmp_path / name).write_text("a,b\n")
        (tmp_path / "READ.txt").write_text("Dear reader\n")

        assert [path.name for path in files_of(tmp_path)] == ["users.csv"]

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(MappingError):
            files_of(tmp_path / "nowhere")
