"""JSON lines: known keys become columns, the others are kept together, each line answers for itself."""

from __future__ import annotations

import json

import pytest

from tests.store.intake_desk import T_US, Desk, T
from vedette.store.intake import FileRefused, Limits


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def lines_of(*records: object) -> str:
    return "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records) + "\n"


def record(number: int = 1, **others: object) -> dict[str, object]:
    return {"id": str(number), "time": T, "who": "a", **others}


class TestRecords:
    def test_known_keys_in_any_order_and_case(self, desk):
        desk.read(lines_of({"WHO": "a", "Time": T, "id": 7}, {"id": "8", "who": "b", "time": T}), "v.jsonl")
        assert [(row["id"], row["time_us"], row["who"]) for row in desk.rows()] == [("7", T_US, "a"), ("8", T_US, "b")]

    @pytest.mark.parametrize(
        ("field", "given", "typed"),
        [
            ("mfa", "true", True),
            ("count", "12", 12),
            ("amount", "1.10", 1.1),
            ("amount", "1e2", 100.0),
            ("note", '"l1\\nl2\\r3"', "l1\nl2\r3"),
            ("note", '"\\ud83d\\ude00"', "😀"),
            ("note", "null", None),
            ("note", "1.10", "1.10"),
            ("note", "123456789012345678901234567890", "123456789012345678901234567890"),
        ],
    )
    def test_values_of_any_plain_type(self, desk, field, given, typed):
        desk.read(f'{{"id":"1","time":"{T}","who":"a","{field}":{given}}}\n', "v.jsonl")
        assert desk.column(field) == [typed]

    def test_unknown_keys_are_kept_with_their_structure(self, desk):
        reading = desk.read(lines_of(record(tags=["x", {"y": 1}], level=2, none=None)), "v.jsonl")
        assert reading.unknown_columns == ("tags", "level")
        assert json.loads(desk.column("extra")[0]) == {"tags": ["x", {"y": 1}], "level": 2}

    @pytest.mark.parametrize(
        "line",
        [
            '{"id":"1"',
            "[1]",
            "7",
            "null",
            '{"id":"1"} x',
            "{'id':1}",
            '{"id":NaN}',
            '{"id":"\\ud800"}',
            "[" * 60_000,
            '{"a":' * 60_000,
            '{"deep":' + "[" * 200 + "]" * 200 + "}",
            '{"id":' + "9" * 5000 + "}",
        ],
    )
    def test_a_line_that_is_no_record_is_refused_and_the_others_go_on(self, desk, line):
        reading = desk.read(lines_of(record(1), line, record(2)), "v.jsonl")
        assert (reading.kept, [r.line for r in reading.refused]) == (2, [2])
        assert desk.refused_file() == [{"_text": line}]

    @pytest.mark.parametrize(
        ("others", "field"),
        [
            ({"note": ["a"]}, "note"),
            ({"note": {"a": 1}}, "note"),
            ({"Note": "x", "note": "y"}, "note"),
            ({"count": 2**2000}, "count"),
            ({"note": "a\u0000b"}, ""),
            ({"note": "a\u001fb"}, ""),
            ({"_surplus": ["x"]}, "_surplus"),
            ({"_text": "x"}, "_text"),
            ({"count": 1001}, "count"),
        ],
    )
    def test_a_record_that_cannot_be_a_row_is_refused_whole(self, desk, others, field):
        reading = desk.read(lines_of(record(1, **others), record(2)), "v.jsonl")
        assert (reading.kept, [(r.line, r.field) for r in reading.refused]) == (1, [(1, field)])
        assert desk.refused_file()[0].keys() >= others.keys()

    def test_a_required_key_that_no_line_has_refuses_the_file(self, desk):
        with pytest.raises(FileRefused, match="lacks the required column who"):
            desk.read(lines_of({"id": 1, "time": T}), "v.jsonl")

    def test_a_required_key_that_one_line_lacks_refuses_the_line(self, desk):
        reading = desk.read(lines_of(record(1), {"id": 2, "time": T}), "v.jsonl")
        assert [(r.line, r.field, r.reason) for r in reading.refused] == [(2, "who", "is blank")]

    def test_more_different_keys_than_columns_may_be_refuse_the_file(self, desk):
        with pytest.raises(FileRefused, match="more than 50 columns"):
            desk.read(lines_of(*(record(n, **{f"k{n}": 1}) for n in range(60))), "v.jsonl", limits=Limits(columns=50))

    def test_blank_lines_count_as_lines_but_not_as_rows(self, desk):
        reading = desk.read(lines_of(record(1), "", "  ", {"id": "x"}), "v.jsonl")
        assert (reading.read, [r.line for r in reading.refused]) == (2, [4])

    @pytest.mark.parametrize("name", ["v.jsonl", "v.ndjson", "v.json"])
    def test_extensions(self, desk, name):
        assert desk.read(lines_of(record()), name).kept == 1
