"""How much of each column is filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.accounts.conftest import Write
from vedette.accounts import coverage_of
from vedette.store.intake import FileRefused


class TestCoverageOf:
    def test_shares(self, write: Write) -> None:
        directory = write("accounts.csv", [{"account_id": "a", "email": "x@y.example"}, {"account_id": "b"}])
        write(
            "accounts-2.csv", [{"account_id": "c", "email": "z@y.example"}, {"account_id": "d", "email": "q@y.example"}]
        )

        found = coverage_of(directory)

        assert set(found) == {"accounts"}
        assert found["accounts"]["account_id"] == 1.0
        assert found["accounts"]["email"] == 0.75
        assert found["accounts"]["phone"] == 0.0

    def test_a_file_without_rows(self, write: Write) -> None:
        directory = write("accounts.csv", [{"account_id": ""}])

        assert coverage_of(directory)["accounts"]["account_id"] == 0.0

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileRefused):
            coverage_of(tmp_path / "nowhere")
