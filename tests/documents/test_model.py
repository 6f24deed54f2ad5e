"""The document as data: read back as it was told, hashed by content, refused where it does not fit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.made import MARKS, PAPER, TEXTS, paper
from vedette.documents import DocumentError, Fields, Figure, Heading, Paragraph, Table, number, read_document


class TestReading:
    def test_it_comes_back_as_it_was(self) -> None:
        assert read_document(json.loads(json.dumps(PAPER.as_json()))) == PAPER

    @given(st.lists(TEXTS, max_size=4))
    @settings(max_examples=30, deadline=None)
    def test_any_words_come_back(self, texts: list[str]) -> None:
        made = paper(*map(Paragraph, texts))
        told = json.loads(json.dumps(made.as_json()))
        assert read_document(told) == made

    @pytest.mark.parametrize(
        "broken",
        [
            {},
            {"title": 1, "language": "en", "made_at": "", "blocks": []},
            {"title": "t", "language": "en", "made_at": "", "blocks": [{"kind": "movie"}]},
            {"title": "t", "language": "en", "made_at": "", "blocks": [{"kind": "heading", "text": "x", "level": "1"}]},
            {"title": "t", "language": "en", "made_at": "", "blocks": "all"},
        ],
    )
    def test_anything_else_is_refused(self, broken: dict[str, object]) -> None:
        with pytest.raises(DocumentError):
            read_document(broken)


class TestHash:
    def test_equal_content_has_one_hash(self) -> None:
        assert PAPER.sha256 == replace(PAPER).sha256

    def test_any_change_changes_it(self) -> None:
        assert replace(PAPER, title="Paper & 보고서.").sha256 != PAPER.sha256
        assert replace(PAPER, blocks=PAPER.blocks[1:]).sha256 != PAPER.sha256


class TestLaws:
    def test_rows_fit_their_columns(self) -> None:
        with pytest.raises(DocumentError):
            Table(("A", "B"), (("only one",),))
        with pytest.raises(DocumentError):
            Table(("A", "B"), (), weights=(1.0,))

    def test_levels_and_kinds_are_known(self) -> None:
        with pytest.raises(DocumentError):
            Heading("x", 4)
        with pytest.raises(DocumentError):
            Figure("pie", "t", "d", MARKS)

    def test_a_missing_field_is_not_among_the_held(self) -> None:
        fields = next(block for block in PAPER.blocks if isinstance(block, Fields))
        assert fields.table().rows == (("Field", "held", "from a finding"),)

    def test_a_figure_gives_its_numbers(self) -> None:
        assert Figure("bar", "t", "d", MARKS, "kg").table().columns == ("What", "Value (kg)", "From", "To")

    def test_a_timeline_gives_moments(self) -> None:
        figure = next(block for block in PAPER.blocks if isinstance(block, Figure) and block.kind == "timeline")
        assert figure.table().rows[0] == ("a", "2023-11-14 22:13", "2024-03-09 16:00")

    @pytest.mark.parametrize(
        ("value", "text"), [(None, ""), (0, "0"), (1234567, "1,234,567"), (0.12345, "0.1235"), (3e26, "3e+26")]
    )
    def test_numbers_for_people(self, value: float | None, text: str) -> None:
        assert number(value) == text
