"""A stranger's folder rewritten into DESIGN section 4, row for row."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made import JOB
from vedette import accounts
from vedette.accounts import mapping as mapper
from vedette.accounts.mapping import ColumnMapping, FileMapping, Mapping, MappingError
from vedette.accounts.mapping.apply import channel
from vedette.base import FixedClock
from vedette.simulate import WHICH, messy
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine
from vedette.store.intake import export_files, read

USERS = FileMapping(file="users.csv", table="accounts", columns=(ColumnMapping(target="account_id", source="No"),))


def cells(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestStrangers:
    @pytest.mark.parametrize("which", WHICH)
    def test_every_row_arrives_and_none_is_refused(self, tmp_path: Path, which: str) -> None:
        from vedette.accounts.forms import ACCOUNTS
        from vedette.events.forms import PAYMENTS, SIGNINS

        messy(tmp_path / "in", which)
        mapper.apply(tmp_path / "in", mapper.propose(tmp_path / "in"), tmp_path / "out")

        with DuckEngine({}, tmp_path, memory="500MB", threads=1) as engine:
            for form, rows in ((ACCOUNTS, 60), (SIGNINS, 1_400)):
                (path,) = export_files(tmp_path / "out", form.name)
                reading = read(engine.connection, path, form, into="looked_at")
                assert (reading.refused_count, reading.duplicates) == (0, 0)
                assert reading.read >= rows
            (path,) = export_files(tmp_path / "out", "payments")
            reading = read(engine.connection, path, PAYMENTS, into="looked_at")
            assert reading.refused_count == 0
            (total,) = engine.rows("SELECT count(amount), min(amount), max(amount) FROM looked_at")[0:1]
            assert total[0] == reading.read and 20 <= total[1] and total[2] < 4_100

    def test_three_ways_of_writing_tell_the_same(self, tmp_path: Path) -> None:
        """The planted accounts of each export are found by their sign-ins from the DPRK's range."""
        for which in WHICH:
            planted = messy(tmp_path / which, which).planted
            mapper.apply(tmp_path / which, mapper.propose(tmp_path / which), tmp_path / f"{which}-out")
            seen = {
                row["account_id"]
                for row in cells(tmp_path / f"{which}-out" / "signins.csv")
                if row["ip"].startswith("175.45.17")
                and row["outcome"].lower() == "success"
                and row["channel"] == "console"
            }
            assert seen and seen <= set(planted)

    def test_accounts_load(self, tmp_path: Path, store: Store, clock: FixedClock) -> None:
        messy(tmp_path / "in", "nested")
        mapper.apply(tmp_path / "in", mapper.propose(tmp_path / "in"), tmp_path / "out")

        (loaded,) = accounts.load(store, JOB, tmp_path / "out", clock=clock)

        assert (loaded.stored, loaded.refused_count) == (60, 0)
        secret = accounts.reveal(store, next(iter(cells(tmp_path / "out" / "accounts.csv")))["account_id"])
        assert secret is not None and secret["extra"] == {"plan": "standard"}


class TestApply:
    def folder(self, tmp_path: Path, text: str, name: str = "users.csv") -> Path:
        """A folder with one file."""
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(text, "utf-8")
        return tmp_path / "in"

    def test_zone_format_decimal_values_and_constant(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, "No;At;Sum;Way\n7;31.01.2026 14:05;1.234,50;Visa\n", "paid.csv")
        columns = (
            ColumnMapping(target="payment_id", kind="row"),
            ColumnMapping(target="account_id", source="No"),
            ColumnMapping(target="time", source="At", kind="time", format="%d.%m.%Y %H:%M"),
            ColumnMapping(target="amount", source="Sum", kind="number", decimal=","),
            ColumnMapping(target="currency", constant="EUR"),
            ColumnMapping(target="instrument_kind", source="Way", kind="choice", values=(("Visa", "card"),)),
        )
        item = FileMapping(file="paid.csv", table="payments", zone="Europe/Berlin", columns=columns)

        notes = mapper.apply(folder, Mapping((item,)), tmp_path / "out")

        (row,) = cells(tmp_path / "out" / "payments.csv")
        assert notes == ()
        assert row.pop("payment_id").startswith("row_")
        assert row == {
            "account_id": "7",
            "time": "2026-01-31T13:05:00Z",
            "amount": "1234.50",
            "currency": "EUR",
            "instrument_kind": "card",
        }

    def test_the_same_row_twice_has_two_ids_and_the_same_ones_again(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, "No,At\n7,2026-01-01\n7,2026-01-01\n", "in.csv")
        columns = (
            ColumnMapping(target="event_id", kind="row"),
            ColumnMapping(target="account_id", source="No"),
            ColumnMapping(target="time", source="At", kind="time", format="iso"),
        )
        item = FileMapping(file="in.csv", table="signins", zone="UTC", columns=columns)

        for name in ("one", "two"):
            mapper.apply(folder, Mapping((item,)), tmp_path / name)

        ids = [[row["event_id"] for row in cells(tmp_path / name / "signins.csv")] for name in ("one", "two")]
        assert ids[0] == ids[1]
        assert len(set(ids[0])) == 2

    def test_unused_columns_are_kept_under_a_free_name(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, "No,Email,plan\n7,seven,pro\n")

        mapper.apply(folder, Mapping((USERS,)), tmp_path / "out")

        assert cells(tmp_path / "out" / "accounts.csv") == [{"account_id": "7", "their_email": "seven", "plan": "pro"}]

    def test_two_files_of_one_table(self, tmp_path: Path) -> None:
        self.folder(tmp_path, "No\n1\n")
        folder = self.folder(tmp_path, "No\n2\n", "more.csv")

        mapper.apply(folder, Mapping((USERS, replace(USERS, file="more.csv"))), tmp_path / "out")

        assert [path.name for path in export_files(tmp_path / "out", "accounts")] == ["accounts-2.csv", "accounts.csv"]

    def test_a_file_in_no_mapping_is_told(self, tmp_path: Path) -> None:
        self.folder(tmp_path, "No\n1\n")
        folder = self.folder(tmp_path, "a,b\n2,3\n", "more.csv")

        assert mapper.apply(folder, Mapping((USERS,)), tmp_path / "out") == (
            "more.csv stands in no mapping and was not read",
        )

    def test_logs_come_along(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, "No\n1\n")
        (folder / "logs" / "cloudtrail").mkdir(parents=True)

        mapper.apply(folder, Mapping((USERS,)), tmp_path / "out")

        assert (tmp_path / "out" / "logs" / "cloudtrail").is_dir()

    @pytest.mark.parametrize("file", ["../secret.csv", "/etc/passwd", "sub/../../secret.csv", "missing.csv"])
    def test_only_files_of_the_folder(self, tmp_path: Path, file: str) -> None:
        (tmp_path / "secret.csv").write_text("No\n1\n")
        folder = self.folder(tmp_path, "No\n1\n")

        with pytest.raises(MappingError):
            mapper.apply(folder, Mapping((replace(USERS, file=file),)), tmp_path / "out")

    def test_a_column_that_no_row_has(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, "Number\n1\n")

        with pytest.raises(MappingError, match="no row has"):
            mapper.apply(folder, Mapping((USERS,)), tmp_path / "out")
        assert not list((tmp_path / "out").iterdir())

    def test_an_unread_cell_stays_for_the_intake_to_refuse(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, json.dumps({"No": "1", "At": "soon"}), "users.jsonl")
        columns = (*USERS.columns, ColumnMapping(target="opened_at", source="At", kind="time", format="epoch_s"))

        mapper.apply(
            folder, Mapping((FileMapping(file="users.jsonl", table="accounts", columns=columns),)), tmp_path / "out"
        )

        assert cells(tmp_path / "out" / "accounts.csv") == [{"account_id": "1", "opened_at": "soon"}]


class TestChannel:
    @pytest.mark.parametrize(
        ("agent", "way"),
        [
            ("Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0", "console"),
            ("aws-cli/2.22.7 md/awscrt", "api"),
            ("OpenSSH_9.6", "ssh"),
            ("Swisshotel/1.0", ""),
            ("", ""),
        ],
    )
    def test_of_agent(self, agent: str, way: str) -> None:
        assert channel(agent) == way
