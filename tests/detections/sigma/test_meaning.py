"""What an imported rule means: on random rules and events the SQL gives what a slow reading of the YAML gives."""

from __future__ import annotations

from typing import Any

import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.collection import SigmaCollection

from tests.detections.sigma import reference
from tests.detections.sigma.made import FIELDS, correlation, lake, sigma, text
from vedette.detections import Limits, guard
from vedette.detections.sigma import matching, reading, writing

_SMALL = Limits(threads=1)
_WORDS = [
    "GetObject",
    "getobject",
    "Get",
    "List",
    "a%b",
    "a_b",
    "a!b",
    "x\\y",
    "it's",
    "10.1.2.3",
    "10.1.3.4",
    "172.16.9.9",
    "us-east-1",
]
_NAMES = ["eventName", "userAgent", "awsRegion", "errorCode", "userIdentity.type"]
_PATTERNS = [
    "Get*",
    "*object",
    "*e?O*",
    "G?t",
    "a_b",
    "a%b",
    "*!*",
    "x\\\\y",
    "*'*",
    "*",
    "?*",
    "US-*",
    "Get",
    "\\*",
    "a*b",
]


def _value(modifier: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(_PATTERNS) if not modifier else st.sampled_from([word for word in _WORDS if word])


@st.composite
def _item(draw: st.DrawFn) -> tuple[str, Any]:
    name = draw(st.sampled_from(_NAMES))
    kind = draw(
        st.sampled_from(
            [
                "",
                "",
                "|contains",
                "|startswith",
                "|endswith",
                "|contains|all",
                "|cased",
                "|exists",
                "null",
                "|fieldref",
                "ip",
            ]
        )
    )
    if kind == "|exists":
        return f"{name}|exists", draw(st.booleans())
    if kind == "null":
        return name, None
    if kind == "|fieldref":
        return f"{name}|fieldref", draw(st.sampled_from(_NAMES))
    if kind == "ip":
        return "sourceIPAddress|cidr", draw(
            st.sampled_from(["10.1.2.0/24", "10.0.0.0/8", "172.16.0.0/12", "10.1.2.3/32", "10.1.2.2/31", "0.0.0.0/0"])
        )
    values = draw(st.lists(_value(kind), min_size=1, max_size=3, unique=True))
    return f"{name}{kind}", values if len(values) > 1 or "all" in kind else values[0]


@st.composite
def _detection(draw: st.DrawFn) -> dict[str, Any]:
    sections: dict[str, Any] = {}
    for name in ("sel_a", "sel_b", "filter"):
        maps = draw(st.lists(st.lists(_item(), min_size=1, max_size=2).map(dict), min_size=1, max_size=2))
        sections[name] = maps if len(maps) > 1 else maps[0]
    conditions = [
        "sel_a",
        "sel_a and not filter",
        "sel_a or sel_b",
        "1 of sel_* and not filter",
        "all of them",
        "not (sel_a or filter)",
        "all of sel_*",
    ]
    return {**sections, "condition": draw(st.sampled_from(conditions))}


_EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            name: st.one_of(st.none(), st.sampled_from(["GetObject", "Get"]), st.sampled_from(_WORDS))
            for name in FIELDS
            if name not in ("sourceIPAddress", "userIdentity.accessKeyId")
        }
        | {
            "sourceIPAddress": st.sampled_from(["10.1.2.3", "10.1.3.4", "172.16.9.9", "9.9.9.9", "2001:db8::1", None]),
            "userIdentity.accessKeyId": st.sampled_from(["k-1", "k-2", None]),
            "time": st.integers(0, 20),
        }
    ),
    min_size=1,
    max_size=8,
).map(lambda events: [{**event, "id": f"e{number}"} for number, event in enumerate(events)])


_CLOSE = st.lists(
    st.fixed_dictionaries(
        {
            "eventName": st.sampled_from(["GetObject", "PutObject"]),
            "awsRegion": st.sampled_from(["us-east-1", None]),
            "userAgent": st.sampled_from(["x", None]),
            "errorCode": st.sampled_from(["a", "b", "c", None]),
            "userIdentity.accessKeyId": st.sampled_from(["k-1", "k-1", "k-2", None]),
            "time": st.integers(0, 12),
        }
    ),
    min_size=4,
    max_size=10,
).map(lambda events: [{**event, "id": f"e{number}"} for number, event in enumerate(events)])


def _found(sql: str, events: list[dict[str, Any]]) -> set[str]:
    tree = guard.check(sql, ("logs",), "rule.sql")
    rows = list(lake(events).rows(tree.sql("duckdb"), ("logs",), _SMALL))
    return {row["event_ids"][0] for row in rows}


class TestSearch:
    @given(detection=_detection(), events=_EVENTS)
    @settings(max_examples=40, deadline=None)
    def test_the_sql_finds_what_the_yaml_says(self, detection: dict[str, Any], events: list[dict[str, Any]]) -> None:
        (rule,) = SigmaCollection.from_yaml(text(sigma(detection))).rules
        search = reading.search(rule)  # type: ignore[arg-type]  # one plain rule
        expected = {event["id"] for event in events if reference.meets(detection, event)}
        assert _found(writing.search_sql(search, 1.0), events) == expected
        columns = [{column: event.get(field) for field, column in FIELDS.items()} for event in events]
        assert {
            event["id"] for event, row in zip(events, columns, strict=True) if matching.holds(search.tree, row)
        } == expected

    def test_the_text_for_spark_is_the_same_condition(self) -> None:
        detection = {"sel": {"eventName|contains": ["a%b", "it's", "x\\\\y"]}, "condition": "sel"}
        (rule,) = SigmaCollection.from_yaml(text(sigma(detection))).rules
        sql = writing.search_sql(reading.search(rule), 1.0)  # type: ignore[arg-type]  # one plain rule
        written = guard.check(sql, ("logs",), "rule.sql").sql("spark", comments=False)
        guard.check_written(written, ("logs",), "spark")
        patterns = sorted(
            item.expression.name for item in sqlglot.parse_one(written, dialect="spark").find_all(sqlglot.exp.Like)
        )
        assert patterns == ["%a!%b%", "%it's%", "%x\\y%"]


_FIRST = {"sel": {"eventName|startswith": "Get"}, "condition": "sel"}
_SECOND = {"sel": {"awsRegion": ["us-east-1", "Get", "List"]}, "condition": "sel"}
_THIRD = {"sel": {"userAgent|exists": True}, "condition": "sel"}
_MEMBERS = [_FIRST, _SECOND, _THIRD]


class TestCorrelation:
    @given(
        kind=st.sampled_from(["event_count", "value_count", "temporal", "temporal_ordered"]),
        members=st.integers(1, 3),
        least=st.integers(1, 3),
        span=st.integers(1, 5),
        events=_CLOSE,
    )
    @settings(max_examples=40, deadline=None)
    def test_spans_are_exact(
        self, kind: str, members: int, least: int, span: int, events: list[dict[str, Any]]
    ) -> None:
        """Spans slide with every event and are never dropped or cut into blocks."""
        by = ["userIdentity.accessKeyId"]
        names = [f"rule_{number}" for number in range(members)]
        rules = [
            sigma(_MEMBERS[number], title=name, name=name, id=f"4b1c2d3e-0000-4000-8000-00000000000{number}")
            for number, name in enumerate(names)
        ]
        more: dict[str, Any] = {"timespan": f"{span}s", "group-by": by}
        if kind == "event_count":
            more["condition"] = {"gte": least}
        elif kind == "value_count":
            more["condition"] = {"gt": least - 1, "field": "errorCode"}
        collection = SigmaCollection.from_yaml(text(*rules, correlation(kind, names, **more)))
        collection.resolve_rule_references()
        joined = reading.joined(next(rule for rule in collection.rules if rule.title.startswith("Correlated")))  # type: ignore[arg-type]
        expected = reference.correlated(
            kind, _MEMBERS[:members], events, by=by, span=span, least=least, field="errorCode"
        )
        assert _found(writing.joined_sql(joined, 1.0), events) == expected
