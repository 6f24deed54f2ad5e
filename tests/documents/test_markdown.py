"""Markdown: whatever a value holds, it stays a value, and what is written reads back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.made import LINES, PAPER, TEXTS, paper
from vedette.documents import Bullets, Heading, Paragraph, Table, markdown, visible


class TestEscape:
    @given(TEXTS)
    @settings(max_examples=60, deadline=None)
    def test_a_value_in_a_paragraph_stays_one_paragraph(self, text: str) -> None:
        (block,) = markdown.read(f"Value {markdown.escape(text)} end")
        assert block == Paragraph(f"Value {' '.join(visible(text).split())} end".replace("  ", " "))

    @given(TEXTS)
    @settings(max_examples=60, deadline=None)
    def test_a_value_alone_is_at_most_one_paragraph(self, text: str) -> None:
        blocks = markdown.read(markdown.escape(text))
        assert all(isinstance(block, Paragraph) and not block.note for block in blocks)
        assert len(blocks) <= 1

    @pytest.mark.parametrize(
        ("text", "escaped"),
        [
            ("<b>", "\\<b\\>"),
            ("# x", "\\# x"),
            ("- x", "\\- x"),
            ("1. x", "1\\. x"),
            ("a|b", "a\\|b"),
            ("case_3k5v", "case_3k5v"),
            ("_x_", "\\_x\\_"),
            ("2026-03-01", "2026-03-01"),
            ("-5", "-5"),
            ("---", "\\---"),
            ("a\nb", "a b"),
        ],
    )
    def test_only_what_could_mean_something_is_escaped(self, text: str, escaped: str) -> None:
        assert markdown.escape(text) == escaped


class TestReading:
    def test_blocks(self) -> None:
        text = "## Head\n\nTwo\nlines.\n\n> Note\n\n- a\n- b\n\n| A | B |\n| --- | --- |\n| 1 | x \\| y |\n"
        assert markdown.read(text) == (
            Heading("Head", 2),
            Paragraph("Two lines."),
            Paragraph("Note", note=True),
            Bullets(("a", "b")),
            Table(("A", "B"), (("1", "x | y"),)),
        )

    @given(
        st.lists(
            st.one_of(
                st.builds(Heading, LINES.filter(lambda t: visible(t).strip() != ""), st.integers(1, 2)),
                st.builds(lambda rows: Table(("A", "B"), tuple(rows)), st.lists(st.tuples(LINES, LINES), max_size=3)),
            ),
            max_size=4,
        )
    )
    @settings(max_examples=40, deadline=None)
    def test_what_is_written_reads_back(self, blocks: list[Heading | Table]) -> None:
        def shown(text: str) -> str:
            return " ".join(visible(text).split())

        expected = [
            Heading(shown(block.text), block.level + 1)
            if isinstance(block, Heading)
            else Table(block.columns, tuple((shown(a), shown(b)) for a, b in block.rows))
            for block in blocks
        ]
        _, *read = markdown.read(markdown.write(paper(*blocks)))
        assert read == expected


class TestWriting:
    def test_no_value_becomes_markup(self) -> None:
        written = markdown.write(PAPER)
        assert "<script>" not in written
        assert "\x1b" not in written and "\u202e" not in written

    def test_the_numbers_of_a_figure_are_told(self) -> None:
        assert "| \\<b\\> | -5 |" in markdown.write(PAPER)
