"""The JUnit file: counts, reasons, and nothing in it that XML cannot carry."""

from __future__ import annotations

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from vedette.detections.junit import as_junit


class TestAsJunit:
    def test_failures_carry_every_problem(self) -> None:
        root = fromstring(
            as_junit({"network/a": [], "network/b": ["first", "second"]}, {"network/a": 0.5}, suite="rules")
        )
        (suite,) = root
        assert (suite.get("tests"), suite.get("failures"), suite.get("time")) == ("2", "1", "0.500")
        passed, failed = suite
        assert (passed.get("name"), len(passed)) == ("network/a", 0)
        assert (failed[0].get("message"), failed[0].text) == ("first", "first\nsecond")

    @given(st.text())
    def test_any_text_makes_a_file_that_reads(self, text: str) -> None:
        root = fromstring(as_junit({"network/a": [text]}, {}, suite="rules"))
        assert root[0][0][0].tag == "failure"
