"""The same facts give the same id everywhere; different facts never share one by accident of joining."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import canonical_json, digest, stable_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class TestCanonicalJson:
    @given(JSON)
    def test_reading_back_gives_the_value(self, value: object) -> None:
        assert json.loads(canonical_json(value)) == value

    @given(st.dictionaries(st.text(), st.integers(), min_size=2))
    def test_the_order_of_keys_does_not_matter(self, value: dict[str, int]) -> None:
        turned = dict(reversed(value.items()))

        assert canonical_json(turned) == canonical_json(value)

    def test_bytes_are_fixed(self) -> None:
        assert canonical_json({"b": [1, None], "a": "é북"}) == '{"a":"é북","b":[1,null]}'.encode()

    @pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
    def test_what_is_no_number_is_refused(self, number: float) -> None:
        with pytest.raises(ValueError, match="JSON compliant"):
            canonical_json({"x": number})


class TestDigest:
    @given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
    def test_only_equal_parts_are_equal(self, left: list[str], right: list[str]) -> None:
        assert (digest(*left) == digest(*right)) is (left == right)

    def test_joining_does_not_confuse(self) -> None:
        assert digest("ab", "c") != digest("a", "bc")
        assert digest("ab", "") != digest("ab")

    def test_text_and_its_bytes_are_one(self) -> None:
        assert digest("é") == digest("é".encode())


class TestStableId:
    def test_is_fixed_for_ever(self) -> None:
        assert stable_id("fnd", "network/a", "account", "a-1", "") == "fnd_3qc6ss3tizg5kohwye2p"

    def test_is_the_same_in_another_process(self) -> None:
        code = "from vedette.base import stable_id; print(stable_id('case', 'a-1'))"

        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert told.stdout.strip() == stable_id("case", "a-1")

    def test_the_prefix_belongs_to_it(self) -> None:
        assert stable_id("fnd", "x")[4:] != stable_id("case", "x")[5:]

    @given(st.text())
    def test_fits_a_file_name_and_an_address(self, part: str) -> None:
        found = stable_id("x", part)

        assert len(found) == 22
        assert found.isascii()
        assert found.replace("_", "").isalnum()
        assert found == found.lower()
