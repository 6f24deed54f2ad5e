"""Thresholds: declared with a range, written into the SQL, and refused outside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detections.made import edit, folder
from vedette.base import ContentError
from vedette.detections import Rule
from vedette.detections.parameters import ParameterError, tuned
from vedette.detections.read import read_rule

_DECLARED = """\
parameters:
  - {name: failures, default: 3, least: 2, most: 20, why: Fewer are mistypings.}
  - {name: window, default: 24h, least: 1h, most: 7d, why: One day.}
sources: ["FBI, 2025-07-23"]
expires: 2027-02-28
"""
_SQL = """\
SELECT account_id, MAX(time_us) AS time_us, 1.0 AS bits, NULL AS event_ids, MIN(ip) AS v_addresses
FROM signins
WHERE outcome = 'failure'
GROUP BY account_id HAVING COUNT(*) >= {failures} AND MAX(time_us) - MIN(time_us) <= {window}
"""


def made(root: Path, declared: str = _DECLARED, sql: str = _SQL) -> Rule:
    rule = folder(root)
    path = rule / "rule.yml"
    edit(path, parameters="")
    path.write_text(path.read_text("utf-8") + declared, "utf-8")
    (rule / "rule.sql").write_text(sql, "utf-8")
    return read_rule(rule)


class TestReading:
    def test_spans_become_microseconds_and_the_sql_is_filled(self, tmp_path: Path) -> None:
        rule = made(tmp_path)
        assert [(item.name, item.value, item.span) for item in rule.parameters] == [
            ("failures", 3, False),
            ("window", 86_400_000_000, True),
        ]
        assert "COUNT(*) >= 3 AND" in rule.sql and "<= 86400000000" in rule.sql
        assert rule.written == _SQL
        assert rule.sources == ("FBI, 2025-07-23",)
        assert str(rule.expires) == "2027-02-28"

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("default: 3", "default: 1", "outside its range"),
            ("most: 20", "most: 3h", "mixes spans and numbers"),
            ("default: 24h", "default: soon", "no threshold"),
            ("default: 3, least: 2, most: 20", "default: 2, least: 2, most: 2", "outside its range"),
            ("name: failures", "name: fails", "no parameter 'failures'"),
            ("name: failures", "name: Failures", "cannot name"),
            ("why: One day.", "whence: One day.", "missing key 'why'"),
            (
                "- {name: window",
                "- {name: failures, default: 3, least: 2, most: 9, why: x}\n  - {name: window",
                "failures",
            ),
            ("2025-07-23", "some day", "no date"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, old: str, new: str, words: str) -> None:
        with pytest.raises(ContentError, match=words):
            made(tmp_path, _DECLARED.replace(old, new))

    def test_a_threshold_that_the_sql_never_uses_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError, match="never uses"):
            made(tmp_path, sql=_SQL.replace("{failures}", "3"))

    def test_the_line_of_an_unknown_hole_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError) as caught:
            made(tmp_path, sql=_SQL.replace("'failure'", "'{word}'"))
        assert caught.value.place is not None and caught.value.place.line == 3


class TestTuning:
    def test_another_value_within_the_range(self, tmp_path: Path) -> None:
        rule = tuned(made(tmp_path), {"failures": 5})
        assert "COUNT(*) >= 5 AND" in rule.sql
        assert rule.parameters[0].value == 5

    @pytest.mark.parametrize("values", [{"failures": 1}, {"failures": 21}, {"window": 10**12}, {"unknown": 3}])
    def test_what_is_not_legal_is_refused(self, tmp_path: Path, values: dict[str, int]) -> None:
        with pytest.raises(ParameterError):
            tuned(made(tmp_path), values)
