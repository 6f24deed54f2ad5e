"""What each kind of field takes, and how it says no."""

from __future__ import annotations

import pytest

from tests.store.intake_desk import T_US, Desk, T
from vedette.store.intake import Field, Form


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def typed(desk: Desk, field: Field, cells: list[str]) -> dict[str, object]:
    """Each cell's typed value, or the reason why its row was refused."""
    form = Form("f", (Field("id", required=True), field), ("id",))
    header = f"id,{field.name}"
    reading = desk.read(header + "\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells)), form=form)
    found: dict[str, object] = {cells[r.line - 2]: r.reason for r in reading.refused}
    found |= {cells[row["ordinal"] - 2]: row.get(field.column) for row in desk.rows()}
    return found


class TestTime:
    def test_zones_are_counted_in(self, desk):
        same = {
            "2026-01-31T09:00:00Z": T_US,
            "2026-01-31 09:00:00z": T_US,
            "2026-01-31t09:00Z": T_US,
            "2026-01-31T09:00:00+00:00": T_US,
            "2026-01-31T10:00:00+01:00": T_US,
            "2026-01-31 10:00:00 +0100": T_US,
            "2026-01-31T04:00:00-05": T_US,
            "2026-01-31T14:30:00+05:30": T_US,
            "2026-01-31 09:00:00 UTC": T_US,
            "2026-01-31T09:00:00.123456Z": T_US + 123456,
            "2026-01-31T09:00:00.123456789Z": T_US + 123456,
            "2026-01-31T09:00:00.5Z": T_US + 500_000,
            "1970-01-01T00:00:00Z": 0,
            "2099-12-31T23:59:59Z": 4_102_444_799_000_000,
        }
        assert typed(desk, Field("at", "time"), list(same)) == same

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            ("2026-01-31T09:00:00", "has no zone"),
            ("2026-01-31 09:00", "has no zone"),
            ("2026-01-31", "has no zone"),
            ("9999-99-99", "has no zone"),
            ("2026-02-30T09:00:00Z", "is no possible time with a zone"),
            ("2026-01-31T24:00:00Z", "is no possible time with a zone"),
            ("2026-01-31T09:60:00Z", "is no possible time with a zone"),
            ("2026-01-31T09:00:00+99:00", "is no possible time with a zone"),
            ("9999-99-99T00:00:00Z", "is no possible time with a zone"),
            ("31.01.2026 09:00", "is no possible time with a zone"),
            ("1769850000", "is no possible time with a zone"),
            ("infinity", "is no possible time with a zone"),
            ("now", "is no possible time with a zone"),
            ("2026-01-31T09:00:00 Europe/Berlin", "is no possible time with a zone"),
            ("1969-12-31T23:59:59Z", "lies outside 1970 to 2100"),
            ("2100-01-01T00:00:00Z", "lies outside 1970 to 2100"),
            ("0001-01-01T00:00:00Z", "lies outside 1970 to 2100"),
        ],
    )
    def test_what_is_no_moment_refuses_the_row(self, desk, cell, reason):
        assert typed(desk, Field("at", "time"), [cell]) == {cell: reason}

    @pytest.mark.parametrize(
        ("name", "column"), [("time", "time_us"), ("opened_at", "opened_us"), ("valid_from", "valid_from_us")]
    )
    def test_columns_of_moments_end_in_us(self, name, column):
        assert Field(name, "time").column == column


NUMBER = "is no number"
WHOLE = "is no whole number"
CASES = [
    (
        Field("n", "number"),
        {
            "1": 1.0,
            "-1.50": -1.5,
            "+.5": 0.5,
            "1e3": 1000.0,
            "1,5": NUMBER,
            "1_0": NUMBER,
            "nan": NUMBER,
            "inf": NUMBER,
            "-Infinity": NUMBER,
            "1e400": NUMBER,
            "1e9999": NUMBER,
            "0x1f": NUMBER,
            "$5": NUMBER,
            "1 000": NUMBER,
        },
    ),
    (
        Field("n", "fraction"),
        {"0": 0.0, "1": 1.0, "0.25": 0.25, "1.01": "is not within 0..1", "-0.1": "is not within 0..1", "50%": NUMBER},
    ),
    (
        Field("n", "whole"),
        {
            "7": 7,
            "-7": -7,
            "7.0": 7,
            "007": 7,
            "9223372036854775807": 9223372036854775807,
            "9223372036854775808": WHOLE,
            "9" * 400: WHOLE,
            "7.5": WHOLE,
            "1e3": WHOLE,
            "seven": WHOLE,
        },
    ),
    (Field("n", "whole", minimum=0, maximum=10), {"0": 0, "10": 10, "-1": "is below 0", "11": "is above 10"}),
    (
        Field("n", "flag"),
        {
            "true": True,
            "Yes": True,
            "1": True,
            "t": True,
            "FALSE": False,
            "no": False,
            "0": False,
            "2": "is neither true nor false",
        },
    ),
    (
        Field("n", "choice", choices=("person", "organization")),
        {"Person": "person", "ORGANIZATION": "organization", "company": "is no known word"},
    ),
    (
        Field("n", "day"),
        {
            "1980": "1980",
            "1980-02": "1980-02",
            "1980-02-29": "1980-02-29",
            "1981-02-29": "is no day",
            "1980-13": "is no day",
            "0000": "is no day",
            "9999-99-99": "is no day",
            "1980-2-1": "is no day",
            "01.02.1980": "is no day",
            "1980-02-29T00:00:00Z": "is no day",
        },
    ),
    (
        Field("n", "country"),
        {"de": "DE", "Germany": "DE", "PRK": "KP", "UK": "GB", "zz": "ZZ", "Korea": None, "=cmd()": None, "1": None},
    ),
    (
        Field("n", "ip"),
        {
            "192.0.2.1": "192.0.2.1",
            "::ffff:192.0.2.1": "192.0.2.1",
            "2001:DB8::0:1": "2001:db8::1",
            "192.0.2.256": "is no IP address",
            "192.0.2.01": "is no IP address",
            "192.0.2.1:443": "is no IP address",
            "fe80::1%eth0": "is no IP address",
            "localhost": "is no IP address",
        },
    ),
    (Field("n"), {"NULL": "NULL", "=1+1": "=1+1", "a'b": "a'b", "-": "-"}),
]


class TestKinds:
    @pytest.mark.parametrize(("field", "cells"), CASES, ids=lambda item: getattr(item, "kind", ""))
    def test_takes_and_refuses(self, desk, field, cells):
        assert typed(desk, field, list(cells)) == cells

    @pytest.mark.parametrize(("field", "cells"), CASES, ids=lambda item: getattr(item, "kind", ""))
    def test_every_refusal_names_line_field_and_remedy_but_never_the_cell(self, desk, field, cells):
        typed(desk, field, list(cells))
        for refusal in desk.reading.refused:
            assert refusal.field == "n" and refusal.remedy and refusal.line >= 2
            assert list(cells)[refusal.line - 2] not in f" {refusal.reason} ".split()

    def test_blank_cells_are_blank_in_every_kind(self, desk):
        for field, _ in CASES:
            assert typed(desk, field, ["", " "]) == {"": None, " ": None}

    def test_a_required_cell_must_not_be_blank(self, desk):
        assert typed(desk, Field("n", "whole", required=True), ["", "7"]) == {"": "is blank", "7": 7}

    def test_a_required_country_must_be_one(self, desk):
        found = typed(desk, Field("n", "country", required=True), ["Korea", "FR"])
        assert found == {"Korea": "names no single country", "FR": "FR"}

    def test_an_undecidable_country_stays_readable_and_is_told(self, desk):
        typed(desk, Field("n", "country"), ["Korea", "FR", "Narnia"])
        assert desk.column("extra") == ['{"n":"Korea"}', None, '{"n":"Narnia"}']
        assert desk.reading.notes == ("n: 2 left blank, because the text names no single country; it is kept in extra",)

    def test_a_fields_own_remedy_is_given(self, desk):
        typed(desk, Field("n", "whole", remedy="Ask Ann"), ["x"])
        assert desk.reading.refused[0].remedy == "Ask Ann"

    def test_the_first_fault_of_a_row_is_told(self, desk):
        reading = desk.read(f"id,time,who,count\n1,no,,x\n2,{T},a,x\n")
        assert [(r.line, r.field) for r in reading.refused] == [(2, "time"), (3, "count")]
