"""The macros of rule SQL: each against a plain Python reading of what it promises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from tests.detections.made import tables
from vedette.detections import Limits
from vedette.detections.macros import MacroError, expand

EVENTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("abc"), st.sampled_from(["x", "y", "z", None])), max_size=25
)


def ask(sql: str, rows: list[dict[str, Any]], *names: str, **others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tree = expand(parse_one(sql, dialect="duckdb"))
    engine = tables(signins=rows, **others)
    return [dict(row) for row in engine.rows(tree.sql("duckdb"), names or ("signins",), Limits())]


def signins(events: list[tuple[int, str, str | None]]) -> list[dict[str, Any]]:
    return [
        {"event_id": f"e{number:03d}", "time_us": moment, "account_id": account, "ip_country": country}
        for number, (moment, account, country) in enumerate(events)
    ]


class TestNeighbours:
    @settings(deadline=None, max_examples=20)
    @given(EVENTS)
    def test_previous_and_next_are_the_neighbours_by_time_then_id(
        self, events: list[tuple[int, str, str | None]]
    ) -> None:
        sql = (
            "SELECT event_id, previous(event_id, account_id, time_us, event_id) AS before,"
            " next(ip_country, account_id, time_us, event_id) AS after,"
            " is_first((account_id, ip_country), time_us, event_id) AS fresh FROM signins"
        )
        rows = signins(events)
        ordered = sorted(rows, key=lambda row: (row["time_us"], row["event_id"]))
        for row in ask(sql, rows):
            mine = next(item for item in ordered if item["event_id"] == row["event_id"])
            line = [item for item in ordered if item["account_id"] == mine["account_id"]]
            at = line.index(mine)
            assert row["before"] == (line[at - 1]["event_id"] if at else None)
            assert row["after"] == (line[at + 1]["ip_country"] if at + 1 < len(line) else None)
            assert row["fresh"] == all(item["ip_country"] != mine["ip_country"] for item in line[:at])


class TestSlidingDistinct:
    @settings(deadline=None, max_examples=25)
    @given(EVENTS, st.integers(0, 12))
    def test_it_counts_what_a_loop_counts(self, events: list[tuple[int, str, str | None]], window: int) -> None:
        sql = f"SELECT account_id, time_us, distinct_count FROM sliding_distinct(signins, account_id, ip_country, {window}) AS s"
        found = {(row["account_id"], row["time_us"]): row["distinct_count"] for row in ask(sql, signins(events))}
        expected = {
            (account, moment): len(
                {c for t, a, c in events if a == account and c is not None and moment - window <= t <= moment}
            )
            for moment, account, country in events
            if country is not None
        }
        assert found == expected

    def test_a_key_of_two_columns(self) -> None:
        sql = "SELECT distinct_count FROM sliding_distinct(signins, (account_id, channel), ip_country, 10) AS s"
        assert [row["distinct_count"] for row in ask(sql, signins([(1, "a", "x"), (1, "a", "y")]))] == [2]

    @pytest.mark.parametrize(
        "call",
        [
            "sliding_distinct(signins, account_id, ip_country)",
            "sliding_distinct(signins, account_id, ip_country, 1 + 1)",
            "sliding_distinct(signins, account_id, lower(ip_country), 5)",
            "sliding_distinct(signins, (account_id, s.ip), ip_country, 5)",
            "sliding_distinct('x', account_id, ip_country, 5)",
            'sliding_distinct(signins, account_id, "a b", 5)',
            "strangers(signins)",
            "strangers((signins, accounts), account_id)",
        ],
    )
    def test_wrong_calls_are_refused(self, call: str) -> None:
        with pytest.raises(MacroError):
            expand(parse_one(f"SELECT 1 AS a FROM {call} AS s", dialect="duckdb"))


class TestStrangers:
    """Of the accounts that share something, how many are left when what explains it is taken away."""

    @pytest.mark.parametrize(
        ("fields", "parts", "unrelated"),
        [
            ({}, {}, 4),
            ({"reseller_id": "agency"}, {}, 1),
            ({"address_token": "street"}, {}, 1),
            ({"email_domain": "firm.example"}, {}, 1),
            ({"email_domain": "firm.example", "kind": "organization"}, {}, 4),
            ({"email_domain": "gmail.com"}, {}, 4),
            ({"name_token": "one"}, {}, 1),
            ({"name_token": None}, {}, 0),
            ({}, {"a-1": "kim", "a-2": "kim", "a-3": "kim"}, 2),
            ({}, {"a-1": "kim", "a-2": "lee", "a-3": "roy"}, 4),
        ],
    )
    def test_each_exemption(self, fields: dict[str, Any], parts: dict[str, str], unrelated: int) -> None:
        accounts = [
            {"account_id": f"a-{n}", "name_token": f"name-{n}", "kind": "person", **fields} for n in range(1, 5)
        ]
        named = [{"account_id": account, "part_token": part} for account, part in parts.items()]
        used = [{"event_id": f"e{n}", "time_us": 1, "account_id": f"a-{n}", "device_id": "d"} for n in range(1, 5)]
        (row,) = ask(
            "SELECT device_id, holders, unrelated FROM strangers(signins, device_id) AS s",
            used,
            "signins",
            "accounts",
            "account_name_parts",
            "public_mail",
            accounts=accounts,
            account_name_parts=named,
        )
        assert (row["holders"], row["unrelated"]) == (4, unrelated)

    def test_a_domain_of_eight_countries_is_nobodys_own(self) -> None:
        countries = ("US", "GB", "DE", "FR", "IN", "BR", "JP", "PL")
        accounts = [
            {
                "account_id": f"a-{n}",
                "name_token": f"n-{n}",
                "kind": "person",
                "email_domain": "post.example",
                "country": c,
            }
            for n, c in enumerate(countries)
        ]
        used = [{"event_id": f"e{n}", "time_us": 1, "account_id": f"a-{n}", "device_id": "d"} for n in range(4)]
        names = ("signins", "accounts", "account_name_parts", "public_mail")
        sql = "SELECT unrelated FROM strangers(signins, device_id) AS s"

        assert ask(sql, used, *names, accounts=accounts) == [{"unrelated": 4}]
        assert ask(sql, used, *names, accounts=accounts[:7]) == [{"unrelated": 1}]


class TestExpand:
    def test_functions_that_are_no_macros_are_left_for_the_guard(self) -> None:
        tree = expand(parse_one("SELECT getenv('x') AS a FROM t", dialect="duckdb"))
        assert any(isinstance(node, exp.Anonymous) for node in tree.walk())
