"""Keys for candidate search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.names.test_compare import SAME
from vedette.names import Kind, keys

# Found by comparison but sharing no exact key: typing slips, coined words and readings that only a comparison sees.
_ONLY_BY_COMPARISON = {
    "KANG Mun Kil",
    "山田太郎",
    "田中花子",
    "KOMID",
    "J. Smithson",
    "북경",
    "北京航空航天大学",
    "Νικόλαος",
}


class TestKeys:
    @pytest.mark.parametrize(
        ("left", "right", "kind"), [case for case in SAME if case[2] == "person" and case[0] not in _ONLY_BY_COMPARISON]
    )
    def test_two_writings_of_a_person_share_a_key(self, left: str, right: str, kind: Kind) -> None:
        assert set(keys(left, kind)) & set(keys(right, kind))

    def test_an_acronym_meets_the_full_name(self) -> None:
        assert "ac kcc" in set(keys("KCC", "organization")) & set(keys("Korea Computer Center", "organization"))

    def test_own_words_meet_a_longer_name(self) -> None:
        assert set(keys("Huawei", "organization")) & set(keys("Huawei Network Technology Co., Ltd", "organization"))

    def test_the_first_key_is_the_folded_name(self) -> None:
        assert keys("KIM, Jong Un", "person")[:2] == ("kim jong un", "jong kim un")

    @given(st.text("金朴李格鲁奥柏維斯伯恩々", min_size=1, max_size=5))
    def test_any_han_name_has_keys(self, text: str) -> None:
        assert keys(text, "person")

    @given(st.text(max_size=40), st.sampled_from(["person", "organization", "unknown"]))
    def test_deterministic_bounded_and_without_repeats(self, text: str, kind: Kind) -> None:
        found = keys(text, kind)
        assert found == keys.__wrapped__(text, kind)
        assert len(found) == len(set(found)) <= 40
