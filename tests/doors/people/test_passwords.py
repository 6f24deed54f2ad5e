"""Passwords: what is refused, and hashes that prove exactly one of them."""

from __future__ import annotations

import pytest

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
            "y" * 201,
        ],
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(PersonRefused):
            passwords.check_password(text, "anna")


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
