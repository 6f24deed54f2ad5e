"""Proposals for strangers' folders: what is sure is proposed, what is not is asked."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from pathlib import Path

import pytest

from vedette.accounts import mapping as mapper
from vedette.accounts.mapping.targets import targets
from vedette.simulate import WHICH, messy

EXPECTED = {
    "semicolon": {
        "customers.csv": ("accounts", {"account_id": "Customer No", "phone": "Tel.", "birth_date": "Date of Birth"}),
        "sign_ins.csv": ("signins", {"time": "Date and Time", "ip": "IP Address", "outcome": "Outcome"}),
        "invoices.csv": (
            "payments",
            {"amount": "Amount", "payer_name": "Paid By", "instrument_id": "Means of Payment"},
        ),
    },
    "nested": {
        "customers.jsonl": (
            "accounts",
            {"email": "user.email", "country": "profile.countryCode", "name": "user.fullName"},
        ),
        "logins.jsonl": ("signins", {"time": "ts", "ip": "client.ip", "device_id": "client.device.fingerprint"}),
        "charges.jsonl": ("payments", {"time": "charged_at", "amount": "total", "payer_country": "card.issuerCountry"}),
    },
    "portal": {
        "users.json": ("accounts", {"account_id": "AccountNumber", "email": "Contact.EmailAddress"}),
        "auth_events.csv": ("signins", {"ip": "SourceIP", "device_id": "Device_Fingerprint", "event_id": ""}),
        "transactions.csv": ("payments", {"payment_id": "TransactionRef", "payer_name": "CardholderName"}),
    },
}


def table(path: Path, rows: Sequence[AnyMapping[str, str]]) -> Path:
    """A CSV of rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path.parent


class TestPropose:
    @pytest.mark.parametrize("which", WHICH)
    def test_strangers_exports(self, tmp_path: Path, which: str) -> None:
        messy(tmp_path, which)

        found = {item.file: item for item in mapper.propose(tmp_path).files if item.table}

        assert set(found) == set(EXPECTED[which])
        for file, (name, columns) in EXPECTED[which].items():
            sources = {column.target: column.source for column in found[file].columns}
            assert found[file].table == name
            assert columns.items() <= sources.items()

    def test_times_without_a_zone_are_asked(self, tmp_path: Path) -> None:
        messy(tmp_path, "semicolon")

        assert len(mapper.propose(tmp_path).questions) == 3

    def test_day_or_month_first_is_asked_and_not_guessed(self, tmp_path: Path) -> None:
        table(
            tmp_path / "users.csv",
            [{"user id": "u1", "created": "01/02/2026"}, {"user id": "u2", "created": "03/04/2026"}],
        )

        found = mapper.propose(tmp_path)

        assert any("day or the month" in question for question in found.questions)
        with pytest.raises(mapper.MappingError, match="nobody has answered"):
            mapper.apply(tmp_path, found, tmp_path / "out")

    def test_excluded_columns_are_never_mapped(self, tmp_path: Path) -> None:
        table(tmp_path / "users.csv", [{"user id": "u1", "country of birth": "FR", "name": "Ann"}])

        (item,) = mapper.propose(tmp_path).files

        assert "country" not in {column.target for column in item.columns}

    def test_looks_overrule_a_name_that_lies(self, tmp_path: Path) -> None:
        table(tmp_path / "logins.csv", [{"user id": "u1", "ip": "not an address", "when": "2026-01-01T00:00:00Z"}])

        (item,) = mapper.propose(tmp_path).files

        assert "ip" not in {column.target for column in item.columns}

    def test_unknown_words_are_asked(self, tmp_path: Path) -> None:
        rows = [{"user id": "u1", "time": "2026-01-01T00:00:00Z", "result": word} for word in ("OK", "gut", "FAIL")]
        table(tmp_path / "logins.csv", rows)

        (item,) = mapper.propose(tmp_path).files
        (outcome,) = (column for column in item.columns if column.target == "outcome")

        assert dict(outcome.values) == {"OK": "success", "FAIL": "failure"}
        assert any("1 other words" in question for question in outcome.questions)

    def test_a_file_like_no_table_is_left_alone(self, tmp_path: Path) -> None:
        table(tmp_path / "weather.csv", [{"station": "x", "rain": "1"}])
        (tmp_path / "broken.json").write_text("{")

        assert {item.file: item.table for item in mapper.propose(tmp_path).files} == {
            "weather.csv": "",
            "broken.json": "",
        }

    def test_nothing_to_look_at(self, tmp_path: Path) -> None:
        with pytest.raises(mapper.MappingError):
            mapper.propose(tmp_path)

    def test_no_sample_shows_what_a_customer_wrote(self, tmp_path: Path) -> None:
        messy(tmp_path, "nested")
        names = [
            json.loads(line)["user"]["fullName"] for line in (tmp_path / "customers.jsonl").read_text().splitlines()
        ]

        text = mapper.text_of(mapper.propose(tmp_path))

        assert not any(name in text for name in names)


class TestTargets:
    def test_columns_are_those_of_the_forms(self) -> None:
        from vedette.accounts.forms import FORMS as OWN
        from vedette.events.forms import FORMS as EVENTS

        for form in (*OWN, *EVENTS):
            assert {target.column for target in targets()[form.name]} <= {field.name for field in form.fields}
