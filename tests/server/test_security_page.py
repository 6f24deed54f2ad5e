"""The self-assessment names tests that exist: a claim without its test fails here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = sorted(
    set(re.findall(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`", (ROOT / "docs/security.md").read_text("utf-8")))
)


class TestClaims:
    @pytest.mark.parametrize(("file", "name"), NAMED)
    def test_the_test_of_a_claim_exists(self, file: str, name: str) -> None:
        assert f"def {name}(" in (ROOT / file).read_text("utf-8")

    def test_claims_name_tests(self) -> None:
        assert len(NAMED) > 60
