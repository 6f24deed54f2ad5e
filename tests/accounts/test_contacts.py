"""Mailboxes, telephones and websites: two spellings of one thing are equal, two things are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts.contacts import has_calling_code, mailbox, telephone, website

LOCAL = st.from_regex(r"[a-z][a-z0-9]{0,12}", fullmatch=True)


class TestMailbox:
    @pytest.mark.parametrize(
        ("text", "canonical"),
        [
            ("Anna.Smith@gmail.com", "annasmith@gmail.com"),
            ("annasmith+work@googlemail.com", "annasmith@gmail.com"),
            ("ANNA+a+b@Example.org", "anna@example.org"),
            ("anna.smith@example.org", "anna.smith@example.org"),
            ("\uff41nna@example.org", "anna@example.org"),
            ("+tag@example.org", "+tag@example.org"),
            ("anna@me.com", "anna@icloud.com"),
        ],
    )
    def test_canonical(self, text: str, canonical: str) -> None:
        found = mailbox(text)

        assert found is not None
        assert found.canonical == canonical

    def test_trailing_number_and_stem(self) -> None:
        found = mailbox("dev007@example.org")

        assert found is not None
        assert (found.stem, found.trailing_number) == ("dev", 7)

    def test_number_too_long_for_a_column_is_cut(self) -> None:
        found = mailbox(f"a{'9' * 40}@example.org")

        assert found is not None
        assert found.trailing_number is not None and found.trailing_number < 2**63

    @pytest.mark.parametrize("text", ["", "anna", "a@b", "a b@example.org", "@example.org", "a@@example.org"])
    def test_no_mailbox(self, text: str) -> None:
        assert mailbox(text) is None

    @given(LOCAL, LOCAL)
    def test_a_tag_never_changes_the_box(self, local: str, tag: str) -> None:
        one, other = mailbox(f"{local}@example.org"), mailbox(f"{local}+{tag}@example.org")

        assert one is not None and other is not None
        assert one.canonical == other.canonical

    @given(LOCAL)
    def test_canonical_is_its_own_canonical(self, local: str) -> None:
        first = mailbox(f"{local}@googlemail.com")
        assert first is not None
        second = mailbox(first.canonical)

        assert second is not None
        assert second.canonical == first.canonical


class TestTelephone:
    @pytest.mark.parametrize(
        ("text", "country", "number", "region"),
        [
            ("+1 850 432 0100", "", "+18504320100", "US"),
            ("(850) 432-0100", "US", "+18504320100", "US"),
            ("850 432 0100", "US", "+18504320100", "US"),
            ("030 1234567", "DE", "+49301234567", "DE"),
            ("+49 (0)30 1234567", "FR", "+49301234567", "DE"),
            ("+850 2 381 2321", "US", "+85023812321", "KP"),
            ("00850 2 381 2321", "DE", "+85023812321", "KP"),
            ("011 850 2 381 2321", "US", "+85023812321", "KP"),
            ("850 2 381 2321", "KP", "+85023812321", ""),
            ("\uff0b850 2 381 2321", "", "+85023812321", "KP"),
            ("030 1234567", "", "local:0301234567", ""),
        ],
    )
    def test_read(self, text: str, country: str, number: str, region: str) -> None:
        found = telephone(text, country)

        assert found is not None
        assert (found.number, found.region) == (number, region)

    def test_a_number_without_calling_code_is_never_north_korean(self) -> None:
        found = telephone("2 381 2321", "KP")

        assert found is not None
        assert found.region != "KP"

    @pytest.mark.parametrize("text", ["", "call me", "12", "+" * 50])
    def test_no_number(self, text: str) -> None:
        assert telephone(text, "US") is None

    @given(st.integers(2_000_000, 9_999_999))
    def test_no_floridian_number_is_north_korean(self, rest: int) -> None:
        for text in (f"850{rest}", f"+1850{rest}", f"1-850-{rest}", f"850-{rest}"):
            found = telephone(text, "US")
            assert found is None or found.region != "KP"

    @pytest.mark.parametrize(("text", "full"), [("+850", True), ("850 +", False), ("(+49) 30", True), ("", False)])
    def test_calling_code(self, text: str, full: bool) -> None:
        assert has_calling_code(text) is full


class TestWebsite:
    @pytest.mark.parametrize(
        ("text", "host", "whole"),
        [
            ("https://www.Example.org/", "example.org", "example.org"),
            ("example.org/lab?x=1", "example.org", "example.org/lab"),
            ("http://user:pw@example.org:8080/a", "example.org", "example.org/a"),
            ("naenara.com.kp", "naenara.com.kp", "naenara.com.kp"),
        ],
    )
    def test_read(self, text: str, host: str, whole: str) -> None:
        assert website(text) == (host, whole)

    @pytest.mark.parametrize("text", ["", "none", "a b.c", "http://"])
    def test_no_website(self, text: str) -> None:
        assert website(text) is None
