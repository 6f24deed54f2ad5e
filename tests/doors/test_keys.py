"""A key is 256 random bits behind an id; what is written down of it proves nothing and opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.doors.keys import (
    ApiKey,
    KeyRefused,
    KeyState,
    Scope,
    new_secret,
    read_lifetime,
    read_owner,
    read_scopes,
    read_secret,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def key(**changes: str | None) -> ApiKey:
    values: dict[str, str | None] = {
        "id": "abcdefghij",
        "owner": "signup",
        "created_at": "2026-03-01T12:00:00Z",
        "created_by": "person:anna",
        "expires_at": "2026-05-30T12:00:00Z",
        **changes,
    }
    return ApiKey(**values, scopes=(Scope.VERIFY,))  # type: ignore[arg-type]  # a table of fields


class TestSecret:
    def test_what_is_written_is_read_back(self) -> None:
        secret = new_secret()

        assert read_secret(secret.written) == secret
        assert len(secret.key_id) == 10
        assert len(secret.text) == 52

    def test_no_two_are_alike(self) -> None:
        assert len({new_secret().written for _ in range(200)}) == 200
        assert len({new_secret().key_id for _ in range(200)}) == 200

    def test_it_proves_its_own_hash_only(self) -> None:
        secret, other = new_secret(), new_secret()

        assert secret.proves(secret.hashed)
        assert not secret.proves(other.hashed)
        assert not secret.proves("")
        assert secret.text not in secret.hashed

    @pytest.mark.parametrize(
        "text", ["", "vdk_", "vdk_abc_def", "Bearer x", "vdk_" + "a" * 10 + "_" + "b" * 51, "vdk_" + "A" * 63, "vdk_é"]
    )
    def test_anything_else_is_no_key(self, text: str) -> None:
        assert read_secret(text) is None

    @given(st.text())
    def test_no_text_breaks_it(self, text: str) -> None:
        found = read_secret(text)
        assert found is None or found.written == text

    def test_a_line_feed_behind_it_is_no_key(self) -> None:
        assert read_secret(new_secret().written + "\n") is None


class TestState:
    @pytest.mark.parametrize(
        ("changes", "state"),
        [
            ({}, KeyState.ACTIVE),
            ({"expires_at": "2026-03-01T12:00:00.000001Z"}, KeyState.ACTIVE),
            ({"expires_at": "2026-03-01T12:00:00Z"}, KeyState.EXPIRED),
            ({"revoked_at": "2026-02-01T12:00:00Z"}, KeyState.REVOKED),
            ({"revoked_at": "2026-02-01T12:00:00Z", "expires_at": "2026-02-02T12:00:00Z"}, KeyState.REVOKED),
        ],
    )
    def test_now(self, changes: dict[str, str | None], state: KeyState) -> None:
        assert key(**changes).state(NOW) is state

    def test_it_is_shown_with_its_state(self) -> None:
        shown = key().as_json(NOW)

        assert shown["scopes"] == ["verify"]
        assert shown["state"] == "active"


class TestReading:
    @pytest.mark.parametrize(
        ("words", "scopes"),
        [
            (["verify"], (Scope.VERIFY,)),
            (["verify,match", "VERIFY"], (Scope.VERIFY, Scope.MATCH)),
            ([" read "], (Scope.READ,)),
        ],
    )
    def test_scopes(self, words: list[str], scopes: tuple[Scope, ...]) -> None:
        assert read_scopes(words) == scopes

    @pytest.mark.parametrize("words", [[], [""], ["all"], ["verify", "root"]])
    def test_no_scopes(self, words: list[str]) -> None:
        with pytest.raises(KeyRefused, match="verify, match, events, read, audit, metrics, admin"):
            read_scopes(words)

    @pytest.mark.parametrize(("text", "days"), [("1d", 1), ("90d", 90), ("366D ", 366)])
    def test_lifetime(self, text: str, days: int) -> None:
        assert read_lifetime(text) == timedelta(days=days)

    @pytest.mark.parametrize("text", ["", "0d", "367d", "never", "-1d", "90", "9999d", "1.5d", "٣d"])
    def test_no_lifetime(self, text: str) -> None:
        """No key lives for ever."""
        with pytest.raises(KeyRefused, match="1d to 366d"):
            read_lifetime(text)

    @pytest.mark.parametrize("text", ["", "  ", "a\nb", "x" * 101, "\x1b[31m"])
    def test_no_owner(self, text: str) -> None:
        with pytest.raises(KeyRefused):
            read_owner(text)

    def test_owner(self) -> None:
        assert read_owner(" 가입 service ") == "가입 service"
