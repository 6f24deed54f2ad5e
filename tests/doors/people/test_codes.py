"""One-time codes: the vectors of RFC 6238, the neighbouring periods, and no code twice."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from vedette.doors.people import codes

SECRET = base64.b32encode(b"12345678901234567890").decode()


class TestCodes:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ],
    )
    def test_vectors(self, seconds: int, code: str) -> None:
        assert codes.code_at(SECRET, seconds // 30) == code

    @pytest.mark.parametrize(("off", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_neighbouring_periods(self, off: int, good: bool) -> None:
        moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
        step = codes.step_of(moment) + off
        assert (codes.accepted(SECRET, codes.code_at(SECRET, step), moment, 0) == step) is good

    def test_no_code_is_good_twice(self) -> None:
        moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
        step = codes.step_of(moment)
        assert codes.accepted(SECRET, codes.code_at(SECRET, step), moment, step) is None

    @pytest.mark.parametrize("text", ["", "12345", "abcdef", "१२३४५६", "1234567"])
    def test_nonsense(self, text: str) -> None:
        assert codes.accepted(SECRET, text, datetime(2026, 3, 1, tzinfo=UTC), 0) is None

    def test_address(self) -> None:
        assert codes.address("anna@x", SECRET) == f"otpauth://totp/Vedette%3Aanna%40x?secret={SECRET}&issuer=Vedette"
