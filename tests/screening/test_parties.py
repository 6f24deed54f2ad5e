"""Parties out of files: every form, one answer a record, and notes for what was not understood."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.base import PartyKind
from vedette.screening import ScreeningError
from vedette.screening.parties import Asked, parties, rows_of

_CSV = """id,name,name_native,kind,birth_date,country,address,email,phone,registration_number,shoe_size
c-1,Kim Jong Su,김정수,person,1961-03-14,Germany,"1 A Street, Bonn",a@b.example,+49 228 1234,,44
c-2,Acme Ltd,,company,,GB,,,,12345678,
"""


def _read(path: Path, text: str) -> list[Asked]:
    path.write_text(text, encoding="utf-8")
    return list(parties(path))


class TestCsv:
    def test_every_column_is_read(self, tmp_path: Path) -> None:
        first, second = _read(tmp_path / "a.csv", _CSV)
        assert first.query_id == "c-1"
        party = first.party
        assert party is not None
        assert [name.text for name in party.names] == ["Kim Jong Su", "김정수"]
        assert (party.kind, party.birth_dates, party.countries) == (PartyKind.PERSON, ("1961-03-14",), ("DE",))
        assert {one.kind for one in party.identifiers} == {"email", "phone"}
        assert party.addresses[0].country == "DE"
        assert first.notes == ("not read: shoe_size",)
        assert second.party is not None and second.party.kind is PartyKind.ORGANIZATION

    @pytest.mark.parametrize("column", ["query_id", "id", "account_id", "ID "])
    def test_the_id_by_any_of_its_names(self, tmp_path: Path, column: str) -> None:
        assert _read(tmp_path / "a.csv", f"{column},name\nx-9,Ann\n")[0].query_id == "x-9"

    def test_without_id_the_line_is_the_id(self, tmp_path: Path) -> None:
        assert [one.query_id for one in _read(tmp_path / "a.csv", "name\nAnn\nBo\n")] == ["2", "3"]

    def test_short_rows_and_quoted_lines(self, tmp_path: Path) -> None:
        found = _read(tmp_path / "a.csv", 'id,name,address\n1,Ann\n2,Bo,"two\nlines"\n')
        assert [one.party.names[0].text for one in found if one.party] == ["Ann", "Bo"]

    def test_a_row_without_anything_to_screen_says_so(self, tmp_path: Path) -> None:
        (found,) = _read(tmp_path / "a.csv", "id,name,country\nc-1,,DE\n")
        assert (found.query_id, found.party) == ("c-1", None)
        assert "no name" in found.problem

    @pytest.mark.parametrize(
        ("row", "note"),
        [
            ("Ann,robot,,", "kind is none of"),
            ("Ann,,12/31/1990,", "birth_date is not written"),
            ("Ann,,,Korea", "country is not known"),
        ],
    )
    def test_what_is_not_understood_is_noted_and_the_rest_screened(self, tmp_path: Path, row: str, note: str) -> None:
        (found,) = _read(tmp_path / "a.csv", f"name,kind,birth_date,country\n{row}\n")
        assert found.party is not None
        assert note in found.notes[0]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "is empty"),
            ("id,town\n1,Bonn\n", "lacks a needed column"),
            ("name,name\nAnn,Bo\n", "twice"),
            ('name\n"Ann" Bo\n', "is no CSV"),
        ],
    )
    def test_a_file_that_is_refused_whole(self, tmp_path: Path, text: str, problem: str) -> None:
        with pytest.raises(ScreeningError, match=problem):
            _read(tmp_path / "a.csv", text)

    def test_all_columns_may_be_needed(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("left\na\n")
        with pytest.raises(ScreeningError, match="all of: left, right"):
            list(rows_of(tmp_path / "a.csv", ("left", "right"), least=2))

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.binary(max_size=200))
    def test_any_bytes_get_answers_or_a_refusal(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "a.csv").write_bytes(b"id,name,kind,country\n" + data)
        try:
            assert all(one.query_id for one in parties(tmp_path / "a.csv"))
        except ScreeningError as fault:
            assert fault.place.file


class TestJsonLines:
    def test_texts_numbers_and_lists(self, tmp_path: Path) -> None:
        row = {
            "account_id": 7,
            "Name": ["Ann", "Anna"],
            "birth_date": "1990-12-31T00:00:00Z",
            "phone": None,
            "x": {"y": 1},
        }
        (found,) = _read(tmp_path / "a.jsonl", json.dumps(row) + "\n\n")
        assert found.query_id == "7"
        assert found.party is not None
        assert [name.text for name in found.party.names] == ["Ann", "Anna"]
        assert found.party.birth_dates == ("1990-12-31",)

    @pytest.mark.parametrize("line", ["{", "[1]", '"text"', "[" * 100_000, "NaN"])
    def test_a_line_that_is_no_object_is_refused_alone(self, tmp_path: Path, line: str) -> None:
        bad, good = _read(tmp_path / "a.jsonl", line + '\n{"id": "2", "name": "Ann"}\n')
        assert (bad.party, bad.query_id) == (None, "1")
        assert good.query_id == "2" and good.party is not None

    def test_another_ending_is_refused_with_the_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(ScreeningError, match="jsonl"):
            list(parties(tmp_path / "a.xlsx"))


class TestStandardInput:
    """It bears no name, so its first written line says what it is."""

    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("id,name\nc-1,Ann\n,Bob\n", ["c-1", "3"]),
            ("\ufeffid,name\nc-1,Ann\n", ["c-1"]),
            ('{"id": "c-1", "name": "Ann"}\n\n{"name": "Bob"}\n', ["c-1", "3"]),
            ('\n{"name": "Ann"}\n', ["2"]),
            ("", []),
        ],
    )
    def test_csv_and_json_lines(self, monkeypatch: pytest.MonkeyPatch, text: str, ids: list[str]) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert [asked.query_id for asked in parties(Path("-"))] == ids

    def test_neither_is_refused_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"one,two\n1,2\n")))
        with pytest.raises(ScreeningError, match="needed column"):
            list(parties(Path("-")))


class TestFollowTheMoney:
    def test_a_person(self, tmp_path: Path) -> None:
        entity = {
            "id": "Q1",
            "schema": "Person",
            "properties": {
                "name": ["Ann Other"],
                "alias": ["Anna"],
                "birthDate": ["1990"],
                "country": ["de"],
                "nationality": ["kp"],
                "gender": ["female"],
                "birthPlace": ["Paris"],
                "passportNumber": ["X1234567"],
            },
        }
        (found,) = _read(tmp_path / "a.ftm.json", json.dumps(entity) + "\n")
        party = found.party
        assert party is not None
        assert (found.query_id, party.kind, party.countries) == ("Q1", PartyKind.PERSON, ("DE",))
        assert [name.text for name in party.names] == ["Ann Other", "Anna"]
        assert party.identifiers[0].kind == "passport"
        assert "KP" not in repr(party) and "Paris" not in repr(party) and "female" not in repr(party)

    @pytest.mark.parametrize("schema", ["Ownership", "Sanction", "", "X" * 500])
    def test_what_is_no_party_gets_a_line_too(self, tmp_path: Path, schema: str) -> None:
        (found,) = _read(tmp_path / "a.json", json.dumps({"id": "s", "schema": schema, "properties": {}}) + "\n")
        assert (found.query_id, found.party) == ("s", None)
        assert "is no party" in found.problem and len(found.problem) < 120
