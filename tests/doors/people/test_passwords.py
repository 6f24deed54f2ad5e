"""Passwords: what is refused, and hashes that prove exactly one of them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.doors.people import PersonRefused, passwords

GOOD = "otter lamp quarry seven"


class TestCheck:
    @pytest.mark.parametrize(
        "text", [GOOD, "k9$Lw!zR4#pX", "고양이 램프 채석장 일곱 수달 강", "x" * 3 + "otter lamp quarry"]
    )
    def test_allowed(self, text: str) -> None:
        passwords.check_password(text, "anna")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "short",
            "elevenchars",
            "aaaaaaaaaaaaaaaa",
            "password12345678",
            "qwertyuiop123456",
            "annaannaanna1",
            "Password123!!",
            "P4ssw0rd2026!",
            "V3d3tt3-2026-07",
            "anna.kim@2026!",
            "Summer2026!!!",
            "abcdefghijklmnop",
            "zyxwvutsrqponm",
            "123456789012",
            "13579kjihgfedcba",
            "x9!x9!x9!x9!x9!",
            "otterotterotter",
            "1qaz2wsx3edc",
            "correct horse battery staple",
            "qwertz123456qwertz",
            "가나다가나다가나다가나다",
            "y" * 201,
        ],
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(PersonRefused):
            passwords.check_password(text, "anna.kim@example.org")

    @given(st.text(max_size=300), st.text(max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_it_answers_whatever_is_written(self, text: str, name: str) -> None:
        """A password is taken or refused; nothing typed makes it fail or wait."""
        with contextlib.suppress(PersonRefused):
            passwords.check_password(text, name)

    @given(st.text("abcdefghjkmnpqrtuvwxyz", min_size=2, max_size=5), st.integers(3, 12))
    @settings(max_examples=40, deadline=None)
    def test_a_short_text_repeated_is_never_enough(self, unit: str, times: int) -> None:
        with pytest.raises(PersonRefused):
            passwords.check_password(unit * times, "anna")


class TestHash:
    def test_proves_its_own_password_only(self) -> None:
        stored = passwords.hashed(GOOD)
        assert stored.startswith("$argon2id$")
        assert passwords.proves(GOOD, stored)
        assert not passwords.proves(GOOD + " ", stored)
        assert not passwords.outdated(stored)

    def test_one_way_of_writing_it(self) -> None:
        assert passwords.proves("caf\u00e9 otter lamp quarry", passwords.hashed("cafe\u0301 otter lamp quarry"))

    @pytest.mark.parametrize("stored", [None, "", "nonsense"])
    def test_nobody_is_proven(self, stored: str | None) -> None:
        assert not passwords.proves(GOOD, stored)
        assert not passwords.proves("nobody has this password, for nobody is this person", stored)

    def test_an_endless_one_is_not_computed(self) -> None:
        assert not passwords.proves("x" * 1_000_000, passwords.hashed(GOOD))
