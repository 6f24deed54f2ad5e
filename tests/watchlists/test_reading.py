"""The strict first steps that every parser shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.watchlists import reading
from vedette.watchlists.reading import (
    ListError,
    Piece,
    elements_of,
    inner,
    inner_text,
    json_lines_of,
    json_of,
    once,
    records_of,
    rows_of,
    text_of,
    xml_of,
)

BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>"""
EXTERNAL = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>"""
DTD_ONLY = b"""<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd"><x/>"""


class TestText:
    def test_a_byte_order_mark_is_dropped(self) -> None:
        assert text_of(Piece("a", b"\xef\xbb\xbfname")) == "name"

    @pytest.mark.parametrize(
        ("data", "problem", "line"),
        [
            (b"a\nb\nM\xfcller", "not UTF-8", 3),
            ("name".encode("utf-16"), "not UTF-8", 1),
            (b"a\nb\0c", "NUL", 2),
        ],
    )
    def test_other_encodings_are_refused_with_the_line(self, data: bytes, problem: str, line: int) -> None:
        with pytest.raises(ListError, match=problem) as caught:
            text_of(Piece("a.csv", data))
        assert caught.value.place.line == line
        assert caught.value.remedy

    def test_a_monstrous_line_is_refused_where_it_stands(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MAX_LINE", 100)
        assert text_of(Piece("a", b"x" * 100)) == "x" * 100
        assert text_of(Piece("a", b"x" * 99 + b"\n" + b"y" * 100)).endswith("y")
        with pytest.raises(ListError, match="a line of more than") as caught:
            text_of(Piece("a", b"short\nshort\n" + b"x" * 300 + b"\nshort"))
        assert caught.value.place.line == 3

    @given(st.lists(st.text("ab", max_size=60), max_size=30))
    def test_short_lines_always_pass(self, lines: list[str]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "MAX_LINE", 64)
            assert text_of(Piece("a", "\n".join(lines).encode())) == "\n".join(lines)


class TestRows:
    def test_rows_carry_their_line_and_the_end_mark_is_dropped(self) -> None:
        assert list(rows_of(Piece("a", b'1,"x"\r\n\r\n2,"y"\r\n\x1a'))) == [(1, ["1", "x"]), (3, ["2", "y"])]

    @pytest.mark.parametrize("data", [b'1,"never closed', b'1,"a"b\n', b"1," + b"x" * 200_000])
    def test_what_is_no_csv_is_refused(self, data: bytes) -> None:
        with pytest.raises(ListError, match="CSV"):
            list(rows_of(Piece("a", data)))


class TestXml:
    def test_plain_xml_is_read(self) -> None:
        assert xml_of(Piece("a", b"<x><y>1</y></x>")).findtext("y") == "1"

    @pytest.mark.parametrize("data", [BOMB, EXTERNAL, DTD_ONLY])
    def test_document_types_and_entities_are_refused_unread(self, data: bytes) -> None:
        with pytest.raises(ListError, match="document type or entities"):
            xml_of(Piece("a.xml", data))

    @pytest.mark.parametrize("data", [b"<x><y></x>", b"<x>", b"", b"<?xml version='1.0' encoding='none-such'?><x/>"])
    def test_broken_xml_is_refused(self, data: bytes) -> None:
        with pytest.raises(ListError, match="XML"):
            xml_of(Piece("a.xml", data))

    def test_endlessly_nested_elements_do_not_break_the_process(self) -> None:
        depth = 200_000
        assert xml_of(Piece("a.xml", b"<a>" * depth + b"</a>" * depth)).tag == "a"
        with pytest.raises(ListError, match="XML"):
            xml_of(Piece("a.xml", b"<a>" * depth))

    def test_an_oversized_xml_file_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MAX_XML", 10)
        with pytest.raises(ListError, match="more than"):
            xml_of(Piece("a.xml", b"<x>12345</x>"))


class TestJson:
    @pytest.mark.parametrize("data", [b"{", b'{"a":1}x', b"", b"[" * 100_000])
    def test_broken_json_is_refused(self, data: bytes) -> None:
        with pytest.raises(ListError, match="JSON"):
            json_of(Piece("a.json", data))

    def test_lines_carry_their_number_and_blank_ones_are_passed_over(self) -> None:
        assert list(json_lines_of(Piece("a", b'{"a":1}\n\n{"b":2}\n'))) == [(1, {"a": 1}), (3, {"b": 2})]

    @pytest.mark.parametrize("line", [b"[1]", b"3", b'{"a":', b"null"])
    def test_a_line_that_is_no_object_is_refused_with_its_number(self, line: bytes) -> None:
        with pytest.raises(ListError, match="JSON object") as caught:
            list(json_lines_of(Piece("a", b'{"a":1}\n' + line)))
        assert caught.value.place.line == 2


class TestOnce:
    def test_each_item_is_kept_at_its_first_place(self) -> None:
        assert once("abcab") == ("a", "b", "c")


class TestElements:
    XML = b'<a xmlns="urn:x"><b n="1"><c>  one\n two </c></b><d/><b n="2"/></a>'

    def test_the_wanted_ones_come_in_order_without_their_namespace(self) -> None:
        found = [(tag, item.get("n"), inner_text(item, "c")) for tag, item in elements_of(Piece("a", self.XML), {"b"})]
        assert found == [("b", "1", "one two"), ("b", "2", "")]

    def test_a_path_is_followed_whatever_the_namespace(self) -> None:
        for _, root in elements_of(Piece("a", self.XML), {"a"}):
            assert [item.get("n") for item in inner(root, "b")] == ["1", "2"]
            assert [item.text for item in inner(root, "b", "c")] == ["  one\n two "]
            assert inner_text(root, "b", "c") == "one two"
            assert list(inner(root, "b", "x")) == []

    @pytest.mark.parametrize(
        "data",
        [
            BOMB,
            EXTERNAL,
            DTD_ONLY,
            BOMB.replace(b"ha", b"ha" * 1000),
            b"<a>&undeclared;</a>",
            b"<a><b></a>",
            b"",
            b"<a/>\0",
            b'<?xml version="1.0" encoding="utf-16"?><a/>',
            b'<?xml version="1.0" encoding = "cp037"?><a/>',
            "<a/>".encode("utf-16"),
            '<?xml version="1.0" encoding="latin-1"?><a>é</a>'.encode("latin-1"),
        ],
    )
    def test_whatever_could_declare_or_hide_entities_is_refused(self, data: bytes) -> None:
        with pytest.raises(ListError):
            list(elements_of(Piece("a.xml", data), {"a", "b"}))

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, data: bytes) -> None:
        try:
            list(elements_of(Piece("a", data), {"a"}))
        except ListError as fault:
            assert fault.problem


class TestRecords:
    def test_cells_are_named_and_lines_before_the_header_passed_over(self) -> None:
        piece = Piece("a", b"Report of today\r\nid,name,x\r\n1, One ,\r\n")
        assert list(records_of(piece, "id", ("id", "name"))) == [(3, {"id": "1", "name": "One", "x": ""})]

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"a,b,c\n1,2,3\n", "no header row"),
            (b"id,b,c\n1,2,3\n", "lacks the columns name"),
            (b"id,name,c\n1,2\n", "a row has 2 columns, not 3"),
            (b'id,name,c\n1,"2\n', "cannot be read as CSV"),
        ],
    )
    def test_other_tables_are_refused(self, data: bytes, problem: str) -> None:
        with pytest.raises(ListError, match=problem):
            list(records_of(Piece("a.csv", data), "id", ("id", "name")))
