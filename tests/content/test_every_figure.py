"""Every figure: its numbers from the sample are the expected ones, its picture is sound, and its words owe nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from vedette import observatory
from vedette.documents import csv
from vedette.observatory.drawing import Design, Material, designs
from vedette.observatory.drawing.model import read_material

FOLDER = Path(observatory.__file__).parent / "figures"
HELD = sorted(designs().items())
WIDTH = 760


@pytest.fixture(scope="module")
def material() -> Material:
    return read_material(json.loads((FOLDER / "sample.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def nothing(material: Material) -> Material:
    return replace(material, years=(), partners=(), institutions=(), edges=(), ranks=(), works=())


@pytest.mark.parametrize(("name", "design"), HELD, ids=[name for name, _ in HELD])
class TestEveryFigure:
    def test_its_numbers_are_the_expected_ones(self, name: str, design: Design, material: Material) -> None:
        made = csv.write(design.columns, design.rows(material))

        assert made == (FOLDER / name / "expected.csv").read_bytes()

    def test_no_cell_is_taken_for_a_formula(self, name: str, design: Design, material: Material) -> None:
        text = csv.write(design.columns, design.rows(material)).decode("utf-8-sig")

        assert not re.search(r'(^|,)"?[=@+]', text, re.M)

    def test_its_picture_is_svg_with_title_and_description(self, name: str, design: Design, material: Material) -> None:
        root = fromstring(design.svg(design.rows(material)))

        tags = [child.tag.rpartition("}")[2] for child in root]
        assert tags[:2] == ["title", "desc"]
        assert not {"script", "style", "foreignObject", "image"} & {each.tag.rpartition("}")[2] for each in root.iter()}

    def test_nothing_stands_outside_the_sheet(self, name: str, design: Design, material: Material) -> None:
        root = fromstring(design.svg(design.rows(material)))
        height = float(root.attrib["viewBox"].split()[3])

        for shape in root.iter():
            assert -1 <= float(shape.attrib.get("x", 0)) <= WIDTH
            assert -1 <= float(shape.attrib.get("y", 0)) <= height

    def test_it_says_so_where_there_is_nothing(self, name: str, design: Design, nothing: Material) -> None:
        assert design.rows(nothing) == ()
        assert "No numbers are held." in design.svg(())

    def test_it_tells_method_and_blind_spots(self, name: str, design: Design) -> None:
        assert design.title
        assert design.method.endswith(".")
        assert design.blind_spots.endswith(".")

    def test_paper_gets_the_same_numbers(self, name: str, design: Design, material: Material) -> None:
        figure = design.simple(design.rows(material))

        assert figure is not None
        assert figure.marks


def test_one_work_without_a_year_is_in_the_table_and_not_lost(material: Material) -> None:
    rows = designs()["works_by_year"].rows(material)

    assert rows[-1][0] == "unknown"
    assert sum(int(cell) for row in rows for cell in row[1:]) == sum(row.works for row in material.years)
