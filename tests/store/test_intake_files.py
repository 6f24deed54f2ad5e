"""Which files of an export folder belong to a table."""

from __future__ import annotations

import hashlib
import os

import pytest

from vedette.store.intake import FileRefused, export_files, fingerprint, format_of


def names(folder, stem="accounts"):
    return [path.relative_to(folder).as_posix() for path in export_files(folder, stem)]


class TestExportFiles:
    @pytest.mark.parametrize(
        "name",
        [
            "accounts.csv",
            "accounts.csv.gz",
            "accounts.tsv",
            "accounts.jsonl",
            "accounts.ndjson.gz",
            "accounts.parquet",
            "accounts-2026-01.csv",
            "accounts.part1.jsonl",
            "Accounts.CSV",
            "accounts/part-0001.parquet",
            "accounts/anything.csv",
        ],
    )
    def test_takes(self, tmp_path, name):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        assert names(tmp_path) == [name]

    @pytest.mark.parametrize(
        "name",
        [
            "accounts.xlsx",
            "accounts",
            "accounts.csv.bak",
            "accountsold.csv",
            "my-accounts.csv",
            ".accounts.csv",
            "_accounts.csv",
            "owners.csv",
            "accounts/_SUCCESS",
            "accounts/.part.parquet.crc",
            "accounts/_temporary.csv",
        ],
    )
    def test_leaves(self, tmp_path, name):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        assert names(tmp_path) == []

    def test_gives_them_in_a_stable_order(self, tmp_path):
        for name in ("accounts-2.csv", "accounts.csv", "accounts-10.csv"):
            (tmp_path / name).write_bytes(b"x")
        assert names(tmp_path) == sorted(names(tmp_path)) and len(names(tmp_path)) == 3

    def test_a_pipe_is_no_file(self, tmp_path):
        os.mkfifo(tmp_path / "accounts.csv")
        assert names(tmp_path) == []

    def test_a_missing_folder_is_a_clear_error(self, tmp_path):
        with pytest.raises(FileRefused, match="folder cannot be read") as caught:
            export_files(tmp_path / "none", "accounts")
        assert caught.value.remedy

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser lists everything")
    def test_an_unreadable_folder_is_a_clear_error(self, tmp_path):
        tmp_path.chmod(0)
        with pytest.raises(FileRefused, match="folder cannot be read"):
            export_files(tmp_path, "accounts")


class TestFormat:
    @pytest.mark.parametrize(
        ("name", "format"),
        [
            ("a.csv", "csv"),
            ("A.TSV.GZ", "csv"),
            ("a.json", "jsonl"),
            ("a.b.parquet", "parquet"),
            ("a.gz", ""),
            ("a", ""),
        ],
    )
    def test_is_told_by_the_name(self, tmp_path, name, format):
        assert format_of(tmp_path / name) == format


class TestFingerprint:
    def test_is_the_hash_of_the_bytes_as_they_lie(self, tmp_path):
        (tmp_path / "a").write_bytes(b"\x1f\x8bxyz")
        assert fingerprint(tmp_path / "a") == (hashlib.sha256(b"\x1f\x8bxyz").hexdigest(), True)

    @pytest.mark.parametrize(("data", "problem"), [(b"", "is empty"), (None, "cannot be read")])
    def test_refuses_what_has_none(self, tmp_path, data, problem):
        if data is not None:
            (tmp_path / "a").write_bytes(data)
        with pytest.raises(FileRefused, match=problem):
            fingerprint(tmp_path / "a")
