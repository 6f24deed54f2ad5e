"""The macros of rule SQL: each against a plain Python reading of what it promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from tests.detections.made import tables
from vedette.detections import Limits, guard
from vedette.detections.macros import MacroError, expand

EVENTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("abc"), st.sampled_from(["x", "y", "z", None])), max_size=25
)


def ask(sql: str, rows: list[dict[str, Any]], *names: str, **others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tree = expand(parse_one(sql, dialect="duckdb"))
    engine = tables(signins=rows, **others)
    return [dict(row) for row in engine.rows(tree.sql("duckdb"), names or ("signins",), Limits())]


def signins(events: Sequence[tuple[int | None, str | None, str | None]]) -> list[dict[str, Any]]:
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
    @settings(deadline=None, max_examples=20)
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
            "sliding_count(signins, account_id)",
            "sliding_count(signins, account_id, -5)",
            "sliding_sum(signins, account_id, (ip_asn, time_us), 5)",
            "first_seen(signins, account_id)",
            "followed(signins, signins, account_id, soon)",
            "in_ranges(signins, ip_asn, keys, time_us)",
            "strangers((signins, accounts), account_id)",
        ],
    )
    def test_wrong_calls_are_refused(self, call: str) -> None:
        with pytest.raises(MacroError):
            expand(parse_one(f"SELECT 1 AS a FROM {call} AS s", dialect="duckdb"))


_MOMENTS = st.one_of(st.integers(0, 30), st.integers(0, 3), st.none())
SIGHTS = st.lists(
    st.tuples(_MOMENTS, st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y", None])), max_size=25
)
"""(time, key, value): nulls in all three, and many rows at one moment."""


def held(events: list[tuple[int | None, str | None, str | None]]) -> list[tuple[int, str, str | None]]:
    """The events with time and key."""
    return [(moment, key, value) for moment, key, value in events if moment is not None and key is not None]


class TestSlidingCountAndSum:
    @settings(deadline=None, max_examples=20)
    @given(SIGHTS, st.integers(0, 12))
    def test_they_count_what_a_loop_counts(
        self, events: list[tuple[int | None, str | None, str | None]], window: int
    ) -> None:
        rows = signins(events)
        for number, row in enumerate(rows):
            row["ip_asn"] = None if row["ip_country"] is None else number
        sql = f"SELECT account_id, time_us, sights FROM sliding_count(signins, account_id, {window}) AS s"
        counted = {(row["account_id"], row["time_us"]): row["sights"] for row in ask(sql, rows)}
        assert counted == {
            (key, moment): sum(1 for t, k, _ in held(events) if k == key and moment - window <= t <= moment)
            for moment, key, _ in held(events)
        }
        sql = f"SELECT account_id, time_us, total FROM sliding_sum(signins, account_id, ip_asn, {window}) AS s"
        summed = {(row["account_id"], row["time_us"]): int(row["total"]) for row in ask(sql, rows)}
        kept = [row for row in rows if None not in (row["time_us"], row["account_id"], row["ip_asn"])]
        assert summed == {
            (row["account_id"], row["time_us"]): sum(
                other["ip_asn"]
                for other in kept
                if other["account_id"] == row["account_id"] and 0 <= row["time_us"] - other["time_us"] <= window
            )
            for row in kept
        }

    def test_the_window_includes_its_end_and_nothing_beyond(self) -> None:
        sql = "SELECT time_us, sights FROM sliding_count(signins, account_id, 10) AS s"
        found = {
            row["time_us"]: row["sights"] for row in ask(sql, signins([(0, "a", "x"), (10, "a", "x"), (11, "a", "x")]))
        }
        assert found == {0: 1, 10: 2, 11: 2}


class TestFirstSeen:
    @settings(deadline=None, max_examples=20)
    @given(SIGHTS)
    def test_it_finds_what_a_loop_finds(self, events: list[tuple[int | None, str | None, str | None]]) -> None:
        sql = "SELECT account_id, ip_country, time_us, start_us FROM first_seen(signins, account_id, ip_country) AS s"
        found = {tuple(row.values()) for row in ask(sql, signins(events))}
        whole = [item for item in held(events) if item[2] is not None]
        assert found == {
            (
                key,
                value,
                min(t for t, k, v in whole if k == key and v == value),
                min(t for t, k, v in whole if k == key),
            )
            for _, key, value in whole
        }


class TestHistory:
    @settings(deadline=None, max_examples=20)
    @given(EVENTS)
    def test_it_is_the_time_since_the_first_row(self, events: list[tuple[int, str, str | None]]) -> None:
        sql = "SELECT time_us, account_id, history(account_id, time_us) AS known_us FROM signins"
        for row in ask(sql, signins(events)):
            first = min(moment for moment, account, _ in events if account == row["account_id"])
            assert row["known_us"] == row["time_us"] - first


class TestFollowed:
    @settings(deadline=None, max_examples=20)
    @given(SIGHTS, st.integers(0, 10))
    def test_it_pairs_what_a_loop_pairs(
        self, events: list[tuple[int | None, str | None, str | None]], limit: int
    ) -> None:
        rows = signins(events)
        sql = (
            "WITH a AS (SELECT account_id, time_us, event_id FROM signins WHERE ip_country = 'x'),"
            " b AS (SELECT account_id, time_us, event_id FROM signins WHERE ip_country = 'y')"
            " SELECT account_id, time_us, event_id, then_us, then_id"
            f" FROM followed(a, b, account_id, {limit}) AS f"
        )
        found = {tuple(row.values()) for row in ask(sql, rows)}
        expected = set()
        for row in rows:
            if row["ip_country"] != "x" or row["time_us"] is None or row["account_id"] is None:
                continue
            later = [
                (other["time_us"], other["event_id"])
                for other in rows
                if other["ip_country"] == "y"
                and other["account_id"] == row["account_id"]
                and other["time_us"] is not None
                and row["time_us"] <= other["time_us"] <= row["time_us"] + limit
            ]
            if later:
                expected.add((row["account_id"], row["time_us"], row["event_id"], *min(later)))
        assert found == expected

    @pytest.mark.parametrize(("gap", "pairs"), [(0, 1), (10, 1), (11, 0), (-1, 0)])
    def test_the_limit_counts_and_a_moment_beyond_does_not(self, gap: int, pairs: int) -> None:
        sql = (
            "WITH a AS (SELECT account_id, time_us, event_id FROM signins WHERE ip_country = 'x'),"
            " b AS (SELECT account_id, time_us, event_id FROM signins WHERE ip_country = 'y')"
            " SELECT time_us FROM followed(a, b, (account_id), 10) AS f"
        )
        assert len(ask(sql, signins([(20, "a", "x"), (20 + gap, "a", "y")]))) == pairs


class TestInRanges:
    """IP blocks are ranges of integers; disjoint ones, as a flattened list gives them, are matched exactly."""

    @settings(deadline=None, max_examples=20)
    @given(
        st.lists(st.one_of(st.integers(0, 60), st.none()), max_size=20),
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12)), max_size=8, unique_by=lambda item: item[0]),
    )
    def test_it_finds_what_a_loop_finds(self, values: list[int | None], ranges: list[tuple[int, int]]) -> None:
        points = [{"event_id": f"e{n}", "time_us": 1, "ip_asn": value} for n, value in enumerate(values)]
        blocks = [
            {"event_id": f"r{n}", "time_us": 1, "class_uid": low, "activity_id": low + size}
            for n, (low, size) in enumerate(ranges)
        ]
        sql = "SELECT ip_asn, class_uid, activity_id FROM in_ranges(signins, ip_asn, logs, class_uid, activity_id) AS r"
        found = {tuple(row.values()) for row in ask(sql, points, "signins", "logs", logs=blocks)}
        expected = set()
        for value in values:
            starts = [(low, low + size) for low, size in ranges if value is not None and low <= value]
            if value is not None and starts and value <= max(starts)[1]:
                expected.add((value, *max(starts)))
        assert found == expected

    def test_address_blocks(self) -> None:
        dprk = 175 * 2**24 + 45 * 2**16 + 176 * 2**8
        points = [{"event_id": f"e{n}", "time_us": 1, "ip_asn": dprk + n} for n in (-1, 0, 1023, 1024)]
        blocks = [{"event_id": "r", "time_us": 1, "class_uid": dprk, "activity_id": dprk + 1023}]
        sql = "SELECT ip_asn FROM in_ranges(signins, ip_asn, logs, class_uid, activity_id) AS r"
        found = {row["ip_asn"] - dprk for row in ask(sql, points, "signins", "logs", logs=blocks)}
        assert found == {0, 1023}


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
    @pytest.mark.parametrize("call", ["previous(a, b)", "is_first(a)", "history(a)", "history(a, time_us, event_id)"])
    def test_scalars_called_wrongly_are_refused(self, call: str) -> None:
        with pytest.raises(MacroError):
            expand(parse_one(f"SELECT {call} AS x FROM signins", dialect="duckdb"))

    @pytest.mark.parametrize(
        "call",
        [
            "sliding_count(signins, account_id, 5)",
            "sliding_sum(signins, account_id, ip_asn, 5)",
            "sliding_distinct(signins, (account_id, user_id), ip, 5)",
            "first_seen(signins, account_id, ip)",
            "followed(signins, signins, account_id, 5)",
            "in_ranges(signins, ip_asn, signins, time_us, received_us)",
        ],
    )
    def test_what_is_written_out_passes_the_guard(self, call: str) -> None:
        sql = f"SELECT 'a' AS account_id, 1 AS time_us, 1.0 AS bits, NULL AS event_ids FROM {call} AS s"
        assert guard.check(sql, ("signins",), "rule.sql").find(exp.Window) is not None

    def test_functions_that_are_no_macros_are_left_for_the_guard(self) -> None:
        tree = expand(parse_one("SELECT getenv('x') AS a FROM t", dialect="duckdb"))
        assert any(isinstance(node, exp.Anonymous) for node in tree.walk())
