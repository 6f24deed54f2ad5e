"""PDF, DOCX and SVG: they open, say the same for equal content, show every script, and no value is markup."""

from __future__ import annotations

import base64
import io
import re
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.made import HOSTILE, MARKS, NUMBERS, PAPER, TEXTS, paper
from vedette.documents import DocumentError, Figure, Mark, Paragraph, Table, docx, pdf, svg
from vedette.documents.layout import WIDTH, drawing
from vedette.documents.typeface import Typefaces

FACE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def drawn(data: bytes) -> bytes:
    """The page streams of a PDF that this program wrote, decoded."""
    found = re.findall(rb"/ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", data, re.DOTALL)
    return b"".join(zlib.decompress(base64.a85decode(part.strip().removesuffix(b"~>"))) for part in found)


def said(data: bytes) -> bytes:
    """The words of a PDF one after the other."""
    return b"".join(re.findall(rb"\((.*?)(?<!\\)\) Tj", drawn(data)))


class TestPdf:
    def test_equal_papers_are_equal_bytes(self) -> None:
        assert pdf.write(PAPER, banner="DRAFT") == pdf.write(replace(PAPER), banner="DRAFT")

    def test_every_page_bears_hash_number_and_banner(self) -> None:
        data = pdf.write(PAPER, banner="DRAFT paper")
        pages = len(re.findall(rb"/Type /Page\b", data))
        text = drawn(data)
        assert pages >= 2
        assert text.count(f"(SHA-256 {PAPER.sha256})".encode()) == pages
        assert text.count(b"(DRAFT paper)") == pages
        assert f"({pages} / {pages})".encode() in text

    def test_markup_is_shown_and_not_obeyed(self) -> None:
        assert b"<script>alert\\(1\\)</script>" in said(pdf.write(paper(Paragraph(HOSTILE[0]))))

    def test_a_cell_longer_than_a_page_is_broken(self) -> None:
        data = pdf.write(paper(Table(("A", "B"), (("x", "word " * 3_000), ("y" * 900, "很长" * 400)))))
        assert len(re.findall(rb"/Type /Page\b", data)) >= 2

    def test_a_figure_taller_than_a_page_is_scaled(self) -> None:
        assert pdf.write(paper(Figure("bar", "t", "d", tuple(Mark(str(n), n) for n in range(120)))))

    @given(TEXTS)
    @settings(max_examples=15, deadline=None)
    def test_any_text_can_be_set(self, text: str) -> None:
        assert pdf.write(paper(Paragraph(text), Table((text,), ((text,),), text))).startswith(b"%PDF")

    def test_no_embedded_script_or_address(self) -> None:
        data = pdf.write(PAPER)
        assert not re.search(rb"/(JavaScript|JS|URI|Launch|EmbeddedFile)\b", data)


class TestTypefaces:
    def test_each_script_has_its_font(self) -> None:
        assert list(Typefaces().runs("a김金か")) == [
            ("Helvetica", "a"),
            ("HYSMyeongJo-Medium", "김"),
            ("STSong-Light", "金"),
            ("HeiseiMin-W3", "か"),
        ]

    def test_in_a_korean_paper_hanja_are_korean(self) -> None:
        assert list(Typefaces(language="ko").runs("金")) == [("HYSMyeongJo-Medium", "金")]

    def test_what_no_font_shows_is_told(self) -> None:
        faces = Typefaces()
        assert "".join(piece for _, piece in faces.runs("س")) == "[U+0633]"
        assert faces.escaped == {"س"}
        assert b"U+0633" in drawn(pdf.write(paper(Paragraph("س"))))

    @pytest.mark.skipif(not FACE.is_file(), reason="this system has no DejaVu fonts")
    def test_a_given_face_shows_more(self) -> None:
        faces = Typefaces([FACE.read_bytes()])
        assert [piece for _, piece in faces.runs("Ким")] == ["Ким"]
        assert faces.escaped == set()

    def test_a_file_that_is_no_font_is_refused(self) -> None:
        with pytest.raises(DocumentError):
            Typefaces([b"no font at all, but long enough to be looked at"])


class TestDocx:
    def test_equal_papers_are_equal_bytes(self) -> None:
        assert docx.write(PAPER) == docx.write(replace(PAPER))

    def test_it_opens_and_holds_everything(self) -> None:
        made = open_docx(io.BytesIO(docx.write(PAPER, banner="DRAFT")))
        texts = [each.text for each in made.paragraphs]
        assert PAPER.title in texts and "Heed this." in texts
        assert made.sections[0].header.paragraphs[0].text == "DRAFT"
        assert PAPER.sha256 in made.sections[0].footer.paragraphs[0].text
        assert made.tables[0].rows[7].cells[0].text == HOSTILE[6]
        assert len(made.tables) == 6

    @given(TEXTS)
    @settings(max_examples=4, deadline=None)
    def test_any_text_can_be_written(self, text: str) -> None:
        assert open_docx(io.BytesIO(docx.write(paper(Paragraph(text), Table((text,), ((text,),))))))


class TestSvg:
    @pytest.mark.parametrize("figure", [block for block in PAPER.blocks if isinstance(block, Figure)])
    def test_it_is_xml_with_title_and_description(self, figure: Figure) -> None:
        root = ElementTree.fromstring(svg.write(figure))
        names = {child.tag.rpartition("}")[2]: child.text for child in root}
        assert (names["title"], names["desc"]) == (figure.title, figure.description)
        assert root.get("role") == "img"

    def test_a_label_is_no_markup(self) -> None:
        assert "<b>" not in svg.write(Figure("bar", "t", "d", MARKS))

    @given(
        st.sampled_from(["bar", "line"]),
        st.lists(
            st.builds(lambda v, a, b: Mark("m", v, v - abs(a), v + abs(b)), NUMBERS, NUMBERS, NUMBERS), max_size=6
        ),
    )
    @settings(max_examples=40, deadline=None)
    def test_every_shape_stands_inside(self, kind: str, marks: list[Mark]) -> None:
        made = drawing(Figure(kind, "t", "d", tuple(marks)))
        for shape in made.shapes:
            assert all(-1 <= x <= WIDTH + 1 for x in shape.points[:1])


class TestLevels:
    def test_a_course_is_drawn_against_its_levels_except_those_that_would_flatten_or_crowd_it(self) -> None:
        marks = (Mark("2026-01-01", 0.0, 0.0, 0.0), Mark("2026-01-02", 40.0, 20.0, 100.0))
        levels = (Mark("near", 60.0), Mark("crowded", 61.0), Mark("at the foot", 1.0), Mark("far", 1_000.0))
        text = svg.write(Figure("line", "t", "d", marks, unit="10^20 operations", levels=levels))
        assert "crowded" in text
        assert "10^20 operations" in text
        assert not any(f">{word}<" in text for word in ("near", "at the foot", "far"))

    def test_a_short_timeline_tells_the_hours(self) -> None:
        text = svg.write(Figure("timeline", "t", "d", (Mark("job", 1_767_225_600.0, None, 1_767_240_000.0),)))
        assert "2026-01-01 00:00" in text and "2026-01-01 04:00" in text
