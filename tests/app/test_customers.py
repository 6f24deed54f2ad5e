"""Reading prospective customers from hostile input."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.checks import Customer
from vedette.app.customers import CustomersError, read_customer, read_customers


def only(data: bytes) -> Customer:
    """The one customer in some bytes."""
    (row,) = read_customers(data, "in")
    assert isinstance(row, Customer)
    return row


class TestReadCustomers:
    @pytest.mark.parametrize(
        "data",
        [
            b"account_id,name\nq1,Ann\nq2,\n",
            b'{"account_id": "q1", "name": "Ann"}\n{"account_id": "q2", "name": ""}\n',
            b'[{"query_id": "q1", "name": "Ann"}, {"id": "q2"}]',
        ],
    )
    def test_reads_each_form_in_order_and_leaves_blanks_out(self, data: bytes) -> None:
        first, second = read_customers(data, "in")
        assert isinstance(first, Customer) and isinstance(second, Customer)
        assert (first.query_id, first.fields["name"]) == ("q1", "Ann")
        assert second.query_id == "q2"
        assert "name" not in second.fields

    def test_keeps_declared_owners_apart(self) -> None:
        customer = only(b'{"id": "q", "owners": [{"owner_name": "Bo", "share_min": 60}]}')
        assert customer.owners[0]["owner_name"] == "Bo"
        assert "owners" not in customer.fields

    def test_a_customer_without_an_id_is_named_by_its_line(self) -> None:
        assert only(b"name\nAnn\n").query_id == "line-2"

    def test_what_design_does_not_name_is_kept_as_extra_so_that_it_is_looked_at(self) -> None:
        customer = only(b'{"id": "q", "name": "Ann", "remark": "lives in Pyongyang", "extra": {"seat": "x"}}')
        assert customer.fields["extra"] == {"seat": "x", "remark": "lives in Pyongyang"}

    def test_columns_that_must_not_be_judged_are_dropped_and_named(self) -> None:
        """Nationality and gender are never stored, not even sealed, and the caller is told so."""
        customer = only(b'{"id": "q", "Nationality": "XX", "extra": {"gender": "f"}, "owners": [{"birthplace": "X"}]}')
        assert "XX" not in json.dumps([customer.fields, customer.owners])
        assert customer.owners == ({},) and customer.fields["extra"] == {}
        assert customer.never_stored == ("Nationality", "birthplace", "gender")

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", "is empty"),
            (b"\xff\xfe{}", "not UTF-8"),
            (b"[1]", "not an object"),
            (b"[]", "holds no customer"),
            (b"id,name\n", "holds no customer"),
            (b"id,id\n1,2\n", "names a column twice"),
            (b'id,name\n1,"Ann\n2,Bo\n', "unexpected end"),
            (b'{"id": "q", "owners": "x"}', "owners must be a list"),
            (b"id,name\n1,2,3\n", "more cells"),
            (b"[" * 100_000, "is not JSON"),
            (b'{"id": NaN}', "is not JSON"),
            (b'{"id": 1e999}', "a number too large"),
            (b'{"id": "\\ud800"}', "half a character"),
        ],
    )
    def test_refuses_whole_what_cannot_be_read_at_all(self, data: bytes, problem: str) -> None:
        with pytest.raises(CustomersError, match=problem):
            read_customers(data, "in")


class TestRowFaults:
    @pytest.mark.parametrize(
        ("data", "line", "problem"),
        [
            (b'{"id": 1}\n{broken\n{"id": 3}', 2, "is not JSON"),
            (b'broken\n{"id": 2}\n{"id": 3}', 1, "is not JSON"),
            (b'{"id": 1}\n\n[3]\n', 3, "not an object"),
            (b'[{"id": 1}, 2]', 2, "not an object"),
            (b"id,name\n1,Ann\n2,Bo,more\n", 3, "more cells"),
            (b'{"id": 1}\n{"id": 2, "x": "\\udfff"}', 2, "half a character"),
            (b'{"id": 1}\n{"id": 2, "x": -Infinity}', 2, "is not JSON"),
            (b'{"id": 1}\n{"id": 2, "owners": [1]}', 2, "list of objects"),
            (b'{"id": 1}\n{"id": 2, "x": "' + b"x" * 5_000_000 + b'"}', 2, "longer than 4 MiB"),
        ],
    )
    def test_a_bad_row_refuses_only_itself(self, data: bytes, line: int, problem: str) -> None:
        """One customer's broken line must not keep all the others from being decided."""
        rows = read_customers(data, "in")
        (fault,) = [row for row in rows if isinstance(row, CustomersError)]
        assert problem in fault.problem and fault.place.line == line
        assert any(isinstance(row, Customer) for row in rows)

    @given(st.lists(st.binary(max_size=60), min_size=1, max_size=6))
    def test_any_lines_give_rows_or_one_clear_error(self, lines: list[bytes]) -> None:
        try:
            rows = read_customers(b"\n".join(lines), "in")
        except CustomersError:
            return
        assert rows

    @settings(max_examples=50)
    @given(
        st.dictionaries(
            st.text(max_size=8), st.floats() | st.text(max_size=8) | st.lists(st.text(max_size=4), max_size=2)
        )
    )
    def test_any_parsed_fields_give_a_customer_or_a_clear_error(self, fields: dict[str, object]) -> None:
        try:
            customer = read_customer(fields)
        except CustomersError:
            return
        assert customer.query_id
