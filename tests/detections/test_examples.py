"""Examples beside a rule: strict reading, defaults, repeats, and the comparison with what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made import finding
from vedette.base import ContentError
from vedette.detections import Example, Expected, Shows
from vedette.detections.examples import ExampleError, differences, read_examples, rows_of
from vedette.detections.lake import column_names

HEAD = "examples:\n  - name: one\n    shows: {shows}\n    given: {given}\n"


def case(**given: list[dict[str, object]]) -> Example:
    return Example("one", Shows.QUIET, given, ())


class TestRead:
    @pytest.mark.parametrize(
        ("shows", "given", "more", "words"),
        [
            ("fires", "{signins: []}", "", "expects nothing"),
            ("quiet", "{signins: []}", "    then: [{subject: 'account:a'}]\n", "expects findings"),
            ("late", "{signins: [{event_id: e}]}", "", "late rows"),
            ("quiet", "{signins: [{event_id: e, late: true}]}", "", "late rows"),
            ("quiet", "[]", "", "maps tables to rows"),
            ("quiet", "{signins: {event_id: e}}", "", "list of mappings"),
            ("loud", "{}", "", "One of: boundary"),
            ("quiet", "{}", "    than: []\n", "unknown key 'than'"),
        ],
    )
    def test_faults(self, shows: str, given: str, more: str, words: str) -> None:
        with pytest.raises(ContentError) as caught:
            read_examples(HEAD.format(shows=shows, given=given) + more, "examples.yml")
        assert words in str(caught.value)
        assert caught.value.place.file == "examples.yml"


class TestRows:
    def test_defaults_and_times_are_filled_in(self) -> None:
        (row,) = rows_of(case(signins=[{"event_id": "e", "time": "2026-01-05T09:00:00Z"}]), column_names())["signins"]

        assert (row["outcome"], row["channel"], row["ip_class"]) == ("success", "console", "residential")
        assert (row["time_us"], row["day"], row["device_id"]) == (1_767_603_600_000_000, "2026-01-05", None)
        assert row["received_us"] == row["time_us"]

    def test_repeats_move_on_in_time_and_number_their_texts(self) -> None:
        given = {"event_id": "e", "account_id": "a-{n}", "time": "2026-01-05T09:00:00Z", "repeat": 3, "every": "2h"}
        rows = rows_of(case(signins=[given]), column_names())["signins"]

        assert [row["event_id"] for row in rows] == ["e-1", "e-2", "e-3"]
        assert [row["account_id"] for row in rows] == ["a-1", "a-2", "a-3"]
        assert rows[2]["time_us"] - rows[0]["time_us"] == 4 * 3_600_000_000

    def test_a_late_row_is_received_a_week_later(self) -> None:
        given = {"event_id": "e", "time": "2026-01-05T09:00:00Z", "late": True}
        (row,) = rows_of(case(signins=[given]), column_names())["signins"]
        assert row["received_us"] - row["time_us"] == 7 * 86_400_000_000

    @pytest.mark.parametrize(
        "given",
        [
            {"signins": [{"evnt_id": "e"}]},
            {"sign_ins": [{"event_id": "e"}]},
            {"signins": [{"event_id": "e", "time": "yesterday"}]},
            {"signins": [{"event_id": "e", "time": "2026-01-05T09:00:00"}]},
            {"signins": [{"event_id": "e", "repeat": 0}]},
            {"signins": [{"event_id": "e", "repeat": 3, "every": "often"}]},
        ],
    )
    def test_rows_that_fit_no_table_are_refused(self, given: dict[str, list[dict[str, object]]]) -> None:
        with pytest.raises(ExampleError, match="example 'one'"):
            rows_of(case(**given), column_names())


class TestDifferences:
    def test_only_what_is_written_is_compared(self) -> None:
        wanted = Example("one", Shows.FIRES, {}, (Expected("account:a-1"),))
        assert differences(wanted, [finding()]) == ()

    @pytest.mark.parametrize(
        ("then", "words"),
        [
            ((), "unexpected finding about account:a-1"),
            ((Expected("account:a-1"), Expected("account:a-2")), "no finding about account:a-2"),
            ((Expected("account:a-1", count=2),), "count is 1, expected 2"),
            ((Expected("account:a-1", bits=1.0),), "bits is None"),
            ((Expected("account:a-1", accounts=("a-2",)),), "accounts is"),
            ((Expected("account:a-1", summary="other"),), "summary is"),
        ],
    )
    def test_what_differs_is_said(self, then: tuple[Expected, ...], words: str) -> None:
        (problem,) = differences(Example("one", Shows.FIRES, {}, then), [finding()])
        assert words in problem


def test_the_shipped_folder_is_where_the_loader_looks() -> None:
    assert (Path(__file__).parents[2] / "src" / "vedette" / "detections" / "rules").is_dir()
