"""Mail addresses and names of people become tokens."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.mask import Masker


def tokens(kind: str, texts: Iterable[str]) -> list[str]:
    return [f"<{kind}:{len(text)}>" for text in texts]


class TestMask:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("ann@example.org", "email-<email:15>"),
            ("ANN@Example.org", "email-<email:15>"),
            ('{"a":"ann@example.org, bo@example.org"}', '{"a":"email-<email:15>, email-<email:14>"}'),
            ("arn:aws:sts::1:assumed-role/x/ann@example.org", "arn:aws:sts::1:assumed-role/x/email-<email:15>"),
            ("job@lab.iam.gserviceaccount.com", "job@lab.iam.gserviceaccount.com"),
            ("no address @ all", "no address @ all"),
            ("@example.org", "@example.org"),
        ],
    )
    def test_addresses_of_people_only(self, text: str, expected: str) -> None:
        assert Masker(tokens).mask(text) == expected

    @settings(deadline=None)
    @given(st.text(alphabet="a@.-", max_size=60))
    def test_nothing_that_looks_like_an_address_stays(self, text: str) -> None:
        masker = Masker(lambda _kind, texts: ["T" for _ in texts])
        assert "a@a.a" not in masker.mask(text)

    def test_a_long_hostile_text_is_done_quickly(self) -> None:
        assert Masker(tokens).mask("a" * 200_000 + "@").endswith("@")

    def test_the_bare_token_is_of_the_address_in_small_letters(self) -> None:
        assert Masker(tokens).token(" Ann@Example.org ") == "<email:15>"


class TestNames:
    def test_texts_under_personal_keys_at_any_depth(self) -> None:
        masker = Masker(tokens, ("displayName",))
        record = {"actor": {"displayName": "Example, Ann"}, "target": [{"displayName": "", "id": 1}], "n": None}
        assert masker.without_names(record) == {
            "actor": {"displayName": "name-<name:11>"},
            "target": [{"displayName": "", "id": 1}],
            "n": None,
        }
