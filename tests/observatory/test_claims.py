"""Published figures beside ours: every claim cited, every measure known, differences only where two things compare."""

from __future__ import annotations

import pytest

from tests.observatory.test_figures import material
from vedette.base import ContentError
from vedette.observatory.claims import COLUMNS, Claim, Compared, claims, compare, read_claims
from vedette.observatory.drawing.model import Material, WorkLine
from vedette.observatory.model import PartnerCount, YearCount

ONE = """\
claims:
  - id: a_study
    study: "A study"
    citation: "A study, 2020"
    published: 2020
    quantity: works
    value: 10
    measure: works
    begin: 2000
    end: 2010
    database: a database
    read: summary
    reason: Another search.
"""


def claim(**changes: object) -> Claim:
    held = read_claims(ONE, "claims.yml")[0]
    values = {name: getattr(held, name) for name in Claim.__dataclass_fields__}
    return Claim(**{**values, **changes})


class TestShipped:
    def test_the_studies_of_the_field_are_there(self) -> None:
        held = {item.id: item.value for item in claims()}

        assert held["cns_op43_works"] == 1304
        assert held["cns_op43_china"] == 913
        assert held["north38_2024_works"] == 161
        assert held["north38_2024_rank"] == 145
        assert held["north38_2024_partners"] == 12
        assert held["openalex_2024_china"] == 90

    @pytest.mark.parametrize("item", claims(), ids=lambda item: item.id)
    def test_every_claim_owes_nothing(self, item: Claim) -> None:
        assert item.citation
        assert item.reason.endswith(".")
        assert item.end <= item.published + 1
        assert item.begin <= item.end


class TestReading:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("measure: works", "measure: guesses", "no measure 'guesses'"),
            ("reason: Another search.", "reason: ''", "'reason' is empty"),
            ("read: summary", "read: hearsay", "'read' is 'hearsay'"),
            ("value: 10", "value: ten", "must be a number"),
            ("database:", "databse:", "missing key 'database'"),
        ],
    )
    def test_a_fault_is_named(self, old: str, new: str, told: str) -> None:
        with pytest.raises(ContentError, match=told):
            read_claims(ONE.replace(old, new), "claims.yml")


class TestComparing:
    @pytest.mark.parametrize(
        ("measure", "ours"),
        [
            ("works", 3.0),
            ("domestic_only", 1.0),
            ("with_partner", 1.0),
            ("partner:CN", 1.0),
            ("partner:DE", 0.0),
            ("share:CN", 100.0),
            ("institutions", 1.0),
            ("partner_countries", 1.0),
            ("rank", 1.0),
            ("dual_or_military", 1.0),
            ("method_works", 0.0),
            ("none", None),
        ],
    )
    def test_each_measure_counts_what_it_says(self, measure: str, ours: float | None) -> None:
        assert compare([claim(measure=measure)], lambda begin, end: material())[0].ours == ours

    def test_the_years_of_the_study_are_asked_for(self) -> None:
        asked: list[tuple[int, int]] = []

        def held(begin: int, end: int) -> Material:
            asked.append((begin, end))
            return material()

        compare([claim()], held)

        assert asked == [(2000, 2010)]

    def test_a_difference_is_told_with_its_sign(self) -> None:
        cells = Compared(claim=claim(), ours=13.0).cells()

        assert dict(zip(COLUMNS, cells, strict=True)) | {"why": ""} == {
            "study": "A study",
            "period": "2000–2010",
            "database": "a database",
            "quantity": "works",
            "published": "10",
            "ours": "13",
            "difference": "+3",
            "why": "",
        }

    def test_a_kept_lower_bound_has_no_difference(self) -> None:
        assert Compared(claim=claim(bound="at_least"), ours=11.0).difference is None
        assert Compared(claim=claim(bound="at_least"), ours=9.0).difference == -1.0

    def test_what_cannot_be_compared_says_so(self) -> None:
        assert Compared(claim=claim(measure="none"), ours=None).cells()[5] == "not comparable"

    def test_no_partner_no_share(self) -> None:
        alone = material(years=(YearCount(year=2001, works=1, domestic_only=1, with_partner=0),), partners=())

        assert compare([claim(measure="share:CN")], lambda begin, end: alone)[0].ours is None

    def test_works_that_name_methods_are_counted(self) -> None:
        held = material(works=(WorkLine(work_id="w", year=2001, title="t", methods=("deep learning",)),))

        assert compare([claim(measure="method_works")], lambda begin, end: held)[0].ours == 1.0

    def test_partners_of_several_countries(self) -> None:
        held = material(partners=(*material().partners, PartnerCount(country="DE", works=4, first=2001, last=2002)))

        assert compare([claim(measure="partner:DE")], lambda begin, end: held)[0].ours == 4.0
