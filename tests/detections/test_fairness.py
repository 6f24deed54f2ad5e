"""The counterfactual: other names, other countries in the same relation - and no score moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from vedette import detections
from vedette.detections import Limits, Rule
from vedette.detections.examples import read_examples, rows_of
from vedette.detections.execute import findings_of
from vedette.detections.lake import TABLES, column_names
from vedette.detections.store import tables_of_rows

RULES = detections.rules()
SMALL = Limits(threads=1)
_NAMES = ("name_token", "part_token", "payer_name_token", "owner_name_token", "name_native_token")

Rows = Mapping[str, list[dict[str, Any]]]


def outcome(rule: Rule, rows: Rows) -> list[tuple[str, float | None, int]]:
    return [
        (str(item.subject), item.bits, item.count)
        for item in findings_of(tables_of_rows(TABLES, rows), rule, limits=SMALL)
    ]


def renamed(rows: Rows) -> Rows:
    """Every name replaced by another, equal ones by equal ones; each row its own document issuer, tongue and birth date."""
    return {
        table: [
            {
                column: (f"other {value[::-1]}" if column in _NAMES and isinstance(value, str) else value)
                for column, value in row.items()
            }
            | ({"id_document_country": "ZZ", "birth_date_token": "x"} if table == "accounts" else {})
            | ({"locale": "xx-XX"} if table == "signins" else {})
            for row in items
        ]
        for table, items in rows.items()
    }


# Every third decides a landing; `make test` tries all.
@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=rule.id, marks=() if place % 3 == 0 else pytest.mark.slow)
        for place, rule in enumerate(RULES)
    ],
)
def test_no_score_moves_with_names_documents_or_tongue(rule: Rule) -> None:
    for case in read_examples(rule.examples, "examples.yml"):
        rows = rows_of(case, column_names())
        assert outcome(rule, renamed(rows)) == outcome(rule, rows), case.name
