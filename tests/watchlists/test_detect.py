"""Which list a file belongs to, and which files belong together."""

from __future__ import annotations

from datetime import date

import pytest

from tests.watchlists.conftest import SOURCES, sdn_row
from vedette.watchlists.detect import recognise, sort_out
from vedette.watchlists.reading import ListError, Piece
from vedette.watchlists.source import sources


def primary(name: str, day: date | None = None) -> Piece:
    return Piece(name, sdn_row(1, "SAMPLE").encode() + b"\x1a", day)


def alt(name: str, day: date | None = None) -> Piece:
    return Piece(name, b'1,2,"aka","UNO",-0- \r\n\x1a', day)


class TestRecognise:
    @pytest.mark.parametrize("source_id", [item.id for item in sources()])
    def test_every_sample_is_claimed_by_its_own_source_alone(self, source_id: str) -> None:
        for sample in (SOURCES / source_id).glob("sample.*"):
            assert recognise(Piece(sample.name, sample.read_bytes()))[0] == source_id

    def test_content_decides_whatever_the_file_is_called(self) -> None:
        data = (SOURCES / "un_sc_consolidated" / "sample.xml").read_bytes()
        assert recognise(Piece("sdn.csv", data)) == ("un_sc_consolidated", "primary")

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"<!DOCTYPE html><html></html>", "web page"),
            (b"<HTML><body>Sign in</body></HTML>", "web page"),
            (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><CONSOLIDATED_LIST/>', "document type"),
            (b"amendedCelex,amendmentCelex,recordId\n", "amending act"),
            (b"PK\x03\x04....", "zip"),
            (b"%PDF-1.7", "PDF"),
            (b"name,country\nA,KP\n", "no list format"),
            (b'{"list_id": "nobody-knows"}', "no list format"),
            (b"\0\1\2\3", "no list format"),
        ],
    )
    def test_what_is_no_list_is_named_with_a_remedy(self, data: bytes, problem: str) -> None:
        with pytest.raises(ListError, match=problem) as caught:
            recognise(Piece("x", data))
        assert caught.value.remedy


class TestSortOut:
    def test_companions_join_their_primary_whatever_the_order(self) -> None:
        sorting = sort_out([alt("alt.csv"), primary("sdn.csv")])
        assert [(batch.source_id, sorted(batch.pieces)) for batch in sorting.batches] == [
            ("us_ofac_sdn", ["alt", "primary"])
        ]
        assert sorting.left == []

    def test_a_companion_alone_is_left_with_a_clear_reason(self) -> None:
        sorting = sort_out([alt("alt.csv")])
        assert sorting.batches == []
        ((piece, fault),) = sorting.left
        assert piece.name == "alt.csv"
        assert "only adds to a primary file" in str(fault)

    def test_sets_of_different_lists_do_not_mix(self) -> None:
        sorting = sort_out([primary("sdn.csv"), alt("cons_alt.csv")])
        assert [sorted(batch.pieces) for batch in sorting.batches] == [["primary"]]
        assert "us_ofac_cons" in str(sorting.left[0][1])

    def test_each_primary_takes_the_companion_nearest_in_date_and_older_ones_come_first(self) -> None:
        old, new = date(2023, 1, 1), date(2024, 1, 1)
        near_old, near_new, far = date(2023, 1, 5), date(2024, 1, 5), date(2030, 1, 1)
        sorting = sort_out(
            [primary("n", new), primary("o", old), alt("f", far), alt("no", near_old), alt("nn", near_new)]
        )
        assert [(batch.pieces["primary"].name, batch.pieces["alt"].name) for batch in sorting.batches] == [
            ("o", "no"),
            ("n", "nn"),
        ]
        assert [piece.name for piece, _ in sorting.left] == ["f"]
