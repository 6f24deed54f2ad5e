"""Reading prospective customers from hostile input."""

from __future__ import annotations

import pytest

from vedette.app.customers import CustomersError, read_customers


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
        assert (first.query_id, first.fields["name"]) == ("q1", "Ann")
        assert second.query_id == "q2"
        assert "name" not in second.fields

    def test_keeps_declared_owners_apart(self) -> None:
        (customer,) = read_customers(b'{"id": "q", "owners": [{"owner_name": "Bo", "share_min": 60}]}', "in")
        assert customer.owners[0]["owner_name"] == "Bo"
        assert "owners" not in customer.fields

    def test_a_customer_without_an_id_is_named_by_its_line(self) -> None:
        assert read_customers(b"name\nAnn\n", "in")[0].query_id == "line-2"

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", "is empty"),
            (b"\xff\xfe{}", "not UTF-8"),
            (b"[1]", "not an object"),
            (b'{"id": 1}\n{broken', "2: is not JSON"),
            (b'{"id": "q", "owners": "x"}', "owners must be a list"),
            (b"id,name\n1,2,3\n", "more cells"),
            (b"[" * 100_000, "is not JSON"),
        ],
    )
    def test_refuses_with_the_place(self, data: bytes, problem: str) -> None:
        with pytest.raises(CustomersError, match=problem):
            read_customers(data, "in")
