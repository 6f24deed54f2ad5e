"""Pictures and tables of figures at their edges: nothing, one thing, hostile labels, long spans of years."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from vedette.observatory.drawing import designs
from vedette.observatory.drawing.countries import name_of
from vedette.observatory.drawing.draw import Bar, bars, columns, cut, ribbons, ring, spread, wide
from vedette.observatory.drawing.model import Material, WorkLine, read_material
from vedette.observatory.drawing.spans import UNKNOWN, by_year, filled, without
from vedette.observatory.model import (
    CountryRank,
    InstitutionCount,
    ObservatoryError,
    PartnerCount,
    PartnerEdge,
    YearCount,
)

HOSTILE = '<script>alert("1")</script>&\u202e\x00'


def material(**changes: object) -> Material:
    values: dict[str, object] = {
        "country": "KP",
        "begin": 0,
        "end": 9999,
        "years": (YearCount(year=2001, works=3, domestic_only=1, with_partner=1),),
        "partners": (PartnerCount(country="CN", works=1, first=2001, last=2001),),
        "institutions": (InstitutionCount(id="kp-1", name=HOSTILE, works=3, years=(2001,)),),
        "edges": (PartnerEdge(a="CN", b="KP", works=1),),
        "ranks": (CountryRank(rank=1, country="KP", works=3),),
        "works": (WorkLine(work_id="w", year=2001, title="=1+1", topics=("space",), potential="dual"),),
        "dictionary": "v",
    }
    return Material(**{**values, **changes})  # type: ignore[arg-type]  # a test names what matters


class TestMaterial:
    def test_it_is_read_back_as_it_was(self) -> None:
        assert read_material(material().as_json()) == material()

    @pytest.mark.parametrize(
        "value", [None, [], {}, {**material().as_json(), "years": [[1, 2]]}, {**material().as_json(), "works": [1]}]
    )
    def test_anything_else_is_refused(self, value: object) -> None:
        with pytest.raises(ObservatoryError, match="no material"):
            read_material(value)


class TestPictures:
    @pytest.mark.parametrize("name", sorted(designs()))
    def test_one_work_and_a_hostile_name_make_a_sound_picture(self, name: str) -> None:
        design = designs()[name]

        text = design.svg(design.rows(material()))

        fromstring(text)
        assert "<script" not in text
        assert "\u202e" not in text

    @given(st.lists(st.tuples(st.text(max_size=40), st.floats(0, 1e6)), max_size=12))
    def test_bars_of_anything_are_sound(self, items: list[tuple[str, float]]) -> None:
        fromstring(bars("Title", "Told", [Bar(label, value) for label, value in items]))

    @given(st.lists(st.integers(0, 10_000), min_size=1, max_size=90))
    def test_columns_stay_on_the_sheet(self, values: list[int]) -> None:
        labels = [str(1940 + place) for place in range(len(values))]
        root = fromstring(columns("Title", "Told", labels, {"all": values}))

        assert all(float(shape.attrib.get("height", 1)) >= 0 for shape in root.iter())
        assert all(float(shape.attrib.get("y", 1)) >= 0 for shape in root.iter() if not shape.tag.endswith("svg"))

    def test_nothing_says_so(self) -> None:
        for text in (bars("T", "", []), columns("T", "", [], {}), ribbons("T", "", [], {}), ring("T", "", "", {}, [])):
            assert "No numbers are held." in text

    def test_a_ring_joins_the_middle(self) -> None:
        assert ring("T", "", "A", {"B": 3, "C": 1}, [("A", "B", 3), ("B", "C", 1)]).count("<line") == 2


class TestLabels:
    @given(st.integers(1, 200), st.floats(4, 100), st.floats(5, 60))
    def test_labels_do_not_touch_and_the_last_is_there(self, count: int, step: float, width: float) -> None:
        places = spread(count, step, width)

        assert places[-1] == count - 1
        assert all((after - before) * step >= width for before, after in zip(places, places[1:], strict=False))

    @given(st.text(max_size=60))
    def test_a_cut_label_is_short_enough(self, text: str) -> None:
        assert wide(cut(text, 120)) <= 120 + 12

    def test_a_country_without_a_name_keeps_its_code(self) -> None:
        assert (name_of("KP"), name_of("KR"), name_of("XX")) == ("North Korea", "South Korea", "XX")


class TestYears:
    def test_gaps_are_filled_and_unknown_years_kept_apart(self) -> None:
        rows = by_year([(2001, "a"), (2003, "b"), (0, "a"), (-5, "b")], ("a", "b"))

        assert rows == (("2001", "1", "0"), ("2002", "0", "0"), ("2003", "0", "1"), (UNKNOWN, "1", "1"))
        assert without(rows) == " 2 works without a year are in the table only."

    def test_no_years_no_rows(self) -> None:
        assert filled([0]) == []
        assert by_year([], ("a",)) == ()
