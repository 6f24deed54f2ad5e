"""A CSV export gives one record a row under plain names, or a fault with its line; the rest goes on."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from vedette.events.billing.discover import billing_adapters
from vedette.events.billing.read import billing_records, plain
from vedette.store.intake import FileRefused

WHMCS = billing_adapters()["whmcs"]


class TestCsv:
    def test_names_are_plain_and_quotes_may_span_lines(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv.gz"
        path.write_bytes(gzip.compress(b'\xef\xbb\xbfAmount In,Note\r\n5,"a\r\nb"\r\n\r\n6,c\r\n'))
        found = [(item.line, item.record) for item in billing_records(path, WHMCS)]
        assert found == [(3, {"amountin": "5", "note": "a\nb"}), (5, {"amountin": "6", "note": "c"})]

    def test_a_row_that_cannot_be_taken_costs_only_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(b'id,note\n1,a\n2\n3,b\x00b\n4,\xff\n5,"x"y\n6,c\n')
        found = list(billing_records(path, WHMCS))
        assert [item.record["id"] for item in found if item.record] == ["1", "6"]
        assert [item.line for item in found if item.fault] == [3, 4, 5, 6]

    @pytest.mark.parametrize("content", [b"", b"id,ID\n1,2\n", b'"id\n'])
    def test_a_file_without_header_is_refused_whole(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(content)
        with pytest.raises(FileRefused, match="header"):
            list(billing_records(path, WHMCS))

    def test_plain(self) -> None:
        assert plain(" Amount In ") == plain("amount_in") == "amountin"
