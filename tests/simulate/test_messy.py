"""Three strangers' exports: readable by their own rules, and each hides somebody obvious."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vedette import simulate


class TestMessy:
    @pytest.mark.parametrize("which", simulate.WHICH)
    def test_each_hides_an_obvious_case(self, tmp_path: Path, which: str) -> None:
        found = simulate.messy(tmp_path, which)
        text = "".join(path.read_text("utf-8-sig") for path in found.files)

        assert "175.45.17" in text
        assert len(found.planted) >= 8
        assert all(id in text for id in found.planted)
        assert "SIMULATED" in (tmp_path / "SIMULATED.txt").read_text("utf-8")

    @pytest.mark.parametrize("which", simulate.WHICH)
    def test_same_seed_same_files(self, tmp_path: Path, which: str) -> None:
        first, second = (simulate.messy(tmp_path / name, which) for name in ("a", "b"))

        assert [path.read_bytes() for path in first.files] == [path.read_bytes() for path in second.files]

    def test_semicolons_and_european_numbers(self, tmp_path: Path) -> None:
        simulate.messy(tmp_path, "semicolon")
        with (tmp_path / "invoices.csv").open(encoding="utf-8-sig") as lines:
            rows = list(csv.DictReader(lines, delimiter=";"))

        assert any(row["Amount"].count(".") == 1 and "," in row["Amount"] for row in rows)
        assert datetime.strptime(rows[0]["Booked On"], "%d.%m.%Y %H:%M").year in (2025, 2026)

    def test_nested_records_in_milliseconds(self, tmp_path: Path) -> None:
        simulate.messy(tmp_path, "nested")
        first = json.loads((tmp_path / "logins.jsonl").read_text("utf-8").splitlines()[0])

        assert datetime.fromtimestamp(first["ts"] / 1000, UTC).year == 2026
        assert set(first["client"]) == {"ip", "ua", "device"}

    def test_portal_uses_an_array_and_american_days(self, tmp_path: Path) -> None:
        simulate.messy(tmp_path, "portal")
        users = json.loads((tmp_path / "users.json").read_text("utf-8"))
        with (tmp_path / "transactions.csv").open(encoding="utf-8") as lines:
            row = next(csv.DictReader(lines))

        assert len(users) == 60
        assert row["Amount"].startswith("$")
        assert datetime.strptime(row["PostedOn"], "%m/%d/%Y %I:%M %p")

    def test_another_word_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="one of semicolon"):
            simulate.messy(tmp_path, "tidy")
