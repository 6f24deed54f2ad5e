"""One reading from file to table: repeats, refused rows that can be fed again, formats alike, and its laws."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.intake_desk import FORM, T_US, Desk, T, csv_of, places
from vedette.store.intake import Field, FileRefused, Form, source

RECORDS = Form("records", (Field("id", required=True), Field("n", "whole"), Field("note")), ("id",))
EVENTS = Form("events", RECORDS.fields, ("id",), repeats="duplicate")
KEYLESS = Form("keyless", RECORDS.fields, ())
PAIRS = Form("pairs", RECORDS.fields, ("id", "n"))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class TestRepeats:
    @pytest.mark.parametrize(
        ("form", "rows", "kept", "duplicates", "refused"),
        [
            (RECORDS, ["a,1,x", "a,1,x"], 1, 1, 0),
            (RECORDS, ["a,1,x", "a,1.0, x "], 1, 1, 0),
            (RECORDS, ["a,1,x", "a,2,x"], 1, 0, 1),
            (RECORDS, ["a,1,x", "a,1,"], 1, 0, 1),
            (RECORDS, ["a,1,x", "a,2,x", "a,1,x"], 1, 1, 1),
            (RECORDS, ["a,1,x", "A,1,x"], 2, 0, 0),
            (RECORDS, ["a,bad,x", "a,1,x"], 1, 0, 1),
            (EVENTS, ["a,1,x", "a,2,y", "b,1,x"], 2, 1, 0),
            (KEYLESS, ["a,1,x", "a,1,x", "a,2,x", "a,,", "a,,"], 3, 2, 0),
            (PAIRS, ["a,1,x", "a,2,x", "a,,x", "a,,x", "a,,y"], 3, 1, 1),
        ],
    )
    def test_are_told_from_new_rows(self, desk, form, rows, kept, duplicates, refused):
        reading = desk.read(csv_of(*rows, header="id,n,note"), form=form)
        assert (reading.kept, reading.duplicates, reading.refused_count) == (kept, duplicates, refused)
        assert reading.counts["read"] == len(rows)

    def test_the_first_row_stays_and_the_refusal_names_it(self, desk):
        reading = desk.read(csv_of("b,1,", "a,1,x", "a,2,x", header="id,n,note"), form=RECORDS)
        assert desk.column("n") == [1, 1]
        refusal = reading.refused[0]
        assert (refusal.line, refusal.field) == (4, "id")
        assert refusal.reason == "repeats the key of line 3 with other content"

    def test_a_difference_in_an_unknown_column_is_a_difference(self, desk):
        reading = desk.read(csv_of("a,1,x", "a,1,y", header="id,n,other"), form=RECORDS)
        assert (reading.kept, reading.refused_count) == (1, 1)


class TestRefused:
    def test_are_kept_so_that_they_can_be_corrected_and_fed_again(self, desk):
        desk.read(csv_of("a,one,x,7", "b,2,y,8", header="id,n,note,team"), form=RECORDS)
        held = desk.refused_file()
        assert held == [{"id": "a", "n": "one", "note": "x", "team": "7"}]
        mended = {**held[0], "n": "1"}
        again = desk.read(json.dumps(mended), "mended.jsonl", form=RECORDS)
        assert (again.kept, desk.rows()) == (
            1,
            [{"id": "a", "n": 1, "note": "x", "extra": '{"team":"7"}', "ordinal": 1}],
        )

    def test_fed_again_uncorrected_they_are_refused_again(self, desk):
        first = desk.read(csv_of("a,one,x", "b,2,y,z", 'c,3,"open', ",4,x", header="id,n,note"), form=RECORDS)
        text = "\n".join(json.dumps(record) for record in desk.refused_file())
        again = desk.read(text, "again.jsonl", form=RECORDS)
        assert (first.refused_count, again.refused_count, again.kept) == (4, 4, 0)

    def test_the_file_is_for_its_owner_only_and_named_by_content(self, desk):
        from vedette.store.intake import write_refused

        reading = desk.read(csv_of("a,one,x", header="id,n,note"), form=RECORDS)
        path = write_refused(desk.connection, reading, desk.folder / "refused")
        assert path is not None and path.name == f"visits-{reading.sha256[:12]}.jsonl"
        assert path.stat().st_mode & 0o077 == 0
        assert write_refused(desk.connection, reading, desk.folder / "refused") == path

    def test_no_file_where_nothing_is_refused(self, desk):
        desk.read(csv_of("a,1,x", header="id,n,note"), form=RECORDS)
        assert desk.refused_file() == []

    def test_a_folder_that_cannot_be_written_is_a_clear_error(self, desk):
        from vedette.store.intake import write_refused

        reading = desk.read(csv_of("a,one,x", header="id,n,note"), form=RECORDS)
        with pytest.raises(FileRefused, match="could not be kept"):
            write_refused(desk.connection, reading, desk.folder / "nowhere")

    def test_counts_are_exact_beyond_what_is_held_in_memory(self, desk):
        rows = [f"{n},x,y" if n % 2 else f"{n},x" for n in range(3_000)]
        reading = desk.read(csv_of(*rows, header="id,n,note"), form=RECORDS)
        assert (reading.refused_count, len(reading.refused), len(desk.refused_file())) == (3_000, 1_000, 3_000)
        assert [r.line for r in reading.refused] == list(range(2, 1_002))

    def test_contract_form_leaves_the_cells_out(self, desk):
        reading = desk.read(csv_of("a,one,secret", header="id,n,note"), form=RECORDS)
        told = reading.refused[0].as_json()
        assert told.keys() == {"file", "line", "field", "reason", "remedy"}
        assert "secret" not in json.dumps(told) and str(reading.refused[0].place).endswith("visits.csv:2 [n]")


class TestTables:
    def test_every_column_of_the_form_is_there_whatever_the_file_has(self, desk):
        desk.read(csv_of("a", header="id"), form=RECORDS)
        described = {row[0]: row[1] for row in desk.connection.execute("DESCRIBE t").fetchall()}
        assert described == {"id": "VARCHAR", "n": "BIGINT", "note": "VARCHAR", "extra": "VARCHAR", "ordinal": "BIGINT"}
        assert desk.reading.present == ("id",)

    def test_a_second_reading_replaces_the_first_also_of_another_form(self, desk):
        desk.read(csv_of(f"1,{T},a,x", "2,bad,a,x"))
        reading = desk.read(csv_of("a,1,x", header="id,n,note"), form=RECORDS)
        assert (reading.refused_count, desk.column("id"), desk.refused_file()) == (0, ["a"], [])

    def test_two_tables_stand_side_by_side(self, desk):
        from vedette.store.intake import read

        for name in ("one", "two"):
            (desk.folder / f"{name}.csv").write_text(f"id,country\n{name},Korea\n{name}2,France\n")
        form = Form("f", (Field("id", required=True), Field("country", "country")), ("id",))
        for name in ("one", "two"):
            read(desk.connection, desk.folder / f"{name}.csv", form, into=name)
        assert desk.connection.execute("SELECT id FROM one ORDER BY 1").fetchall() == [("one",), ("one2",)]

    def test_a_refused_file_leaves_the_earlier_table_alone(self, desk):
        desk.read(csv_of("a,1,x", header="id,n,note"), form=RECORDS)
        with pytest.raises(FileRefused):
            desk.read("nothing,here\n", "other.csv", form=RECORDS)
        assert desk.column("id") == ["a"]


class TestParquet:
    def write(self, desk: Desk, select: str, name: str = "v.parquet") -> Path:
        path = desk.folder / "written.parquet"
        desk.connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)").fetchall()
        return path

    def read(self, desk: Desk, select: str, **others):
        return desk.read(self.write(desk, select).read_bytes(), "v[1].parquet", **others)

    def test_typed_columns_are_read_by_the_same_rules(self, desk):
        self.read(
            desk,
            f"SELECT 7 AS \"ID\", make_timestamptz({T_US}) AS time, 'a' AS who, true AS mfa, DATE '1980-02-29' AS born, "
            "1.5::DECIMAL(9,2) AS amount, 0.25::FLOAT AS share, 3::UTINYINT AS count, {'deep': [1]} AS other",
        )
        row = desk.rows()[0]
        assert (row["id"], row["time_us"], row["mfa"], row["born"]) == ("7", T_US, True, "1980-02-29")
        assert (row["amount"], row["share"], row["count"]) == (1.5, 0.25, 3)
        assert json.loads(row["extra"]) == {"other": '{"deep":[1]}'}

    def test_times_without_zone_and_numbers_that_are_none_refuse_their_rows(self, desk):
        reading = self.read(
            desk,
            f"SELECT '1' AS id, '{T}' AS time, 'a' AS who, 'nan'::DOUBLE AS amount UNION ALL SELECT '2', '{T}', 'a', 1",
        )
        assert (places(reading), desk.column("ordinal")) == ([(1, "amount")], [2])
        naive = self.read(desk, "SELECT '1' AS id, TIMESTAMP '2026-01-31 09:00:00' AS time, 'a' AS who")
        assert [r.reason for r in naive.refused] == ["has no zone"]

    def test_row_numbers_are_those_of_the_file(self, desk):
        reading = self.read(
            desk,
            f"SELECT CASE WHEN n = 99_999 THEN NULL ELSE n::VARCHAR END AS id, '{T}' AS time, 'a' AS who "
            "FROM range(200_000) r(n)",
        )
        assert (reading.kept, places(reading)) == (199_999, [(100_000, "id")])

    def test_nested_values_in_a_known_column_refuse_the_file(self, desk):
        with pytest.raises(FileRefused, match="lists or objects"):
            self.read(desk, f"SELECT '1' AS id, '{T}' AS time, ['a'] AS who")

    @pytest.mark.parametrize("cut", [20, 200])
    def test_a_truncated_file_is_refused(self, desk, cut):
        data = self.write(desk, f"SELECT '1' AS id, '{T}' AS time, 'a' AS who").read_bytes()
        with pytest.raises(FileRefused, match="cannot be read"):
            desk.read(data[:-cut], "v.parquet")

    def test_a_damaged_page_is_refused(self, desk):
        data = bytearray(
            self.write(
                desk, "SELECT uuid()::VARCHAR AS id, uuid()::VARCHAR AS who, '' AS time FROM range(50_000)"
            ).read_bytes()
        )
        data[1_000:60_000] = b"\xff" * 59_000
        with pytest.raises(FileRefused, match="cannot be read"):
            desk.read(bytes(data), "v.parquet")


class TestFormats:
    def test_csv_json_and_parquet_give_the_same_rows(self, desk):
        desk.read(f"id,time,who,count,extra col\n1,{T},ä,3,z\n2,{T},,4,\n")
        rows, refused = desk.rows(), desk.refused_file()
        lines = [{"id": 1, "time": T, "who": "ä", "count": 3, "extra col": "z"}, {"id": "2", "time": T, "count": "4"}]
        desk.read("\n".join(json.dumps(line) for line in lines), "v.jsonl")
        assert ([{**r, "ordinal": r["ordinal"] + 1} for r in desk.rows()], desk.refused_file()) == (rows, refused)
        path = desk.folder / "p.parquet"
        desk.connection.execute(
            f"COPY (SELECT 1 AS id, '{T}' AS time, 'ä' AS who, 3 AS count, 'z' AS \"extra col\" UNION ALL "
            f"SELECT 2, '{T}', NULL, 4, NULL) TO '{path}' (FORMAT parquet)"
        ).fetchall()
        desk.read(path.read_bytes(), "v.parquet")
        assert [{**r, "ordinal": r["ordinal"] + 1} for r in desk.rows()] == rows


class TestForm:
    def test_the_column_of_a_field(self):
        assert FORM.column_of("time") == "time_us"


# -- laws

_DESKS: list[Desk] = []
LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
cells = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n",;\t'), max_size=12)


def law_desk() -> Desk:
    if not _DESKS:
        _DESKS.append(Desk(Path(tempfile.mkdtemp())))
    return _DESKS[0]


def tried(data: bytes, name: str = "visits.csv", form: Form = RECORDS):
    """A reading, or None where the file is refused whole. Anything else is a defect."""
    desk = law_desk()
    try:
        reading = desk.read(data, name, form=form)
    except FileRefused as fault:
        assert fault.remedy and fault.place.file
        assert desk.left_over() == []
        return None
    assert desk.left_over() == []
    assert reading.read == reading.kept + reading.duplicates + reading.refused_count
    assert len(desk.rows()) == reading.kept and len(desk.refused_file()) == reading.refused_count
    return reading


class TestLaws:
    @LAW
    @given(st.binary(max_size=400))
    def test_any_bytes_give_a_reading_or_a_refusal(self, data):
        for name in ("v.csv", "v.jsonl", "v.csv.gz", "v.parquet"):
            tried(data, name)

    @LAW
    @given(
        st.lists(st.sampled_from(['"', ",", "\n", "\r", "a", "1", ";", "\x1f", "\u2028", " "]), max_size=80).map(
            "".join
        )
    )
    def test_any_text_below_a_header_gives_a_reading(self, text):
        reading = tried(f"id,n,note\n{text}".encode())
        assert reading is not None
        assert reading.read <= len(text.split("\n"))

    @LAW
    @given(st.lists(st.tuples(cells, cells), max_size=8))
    def test_what_a_csv_writer_writes_is_read_back(self, pairs):
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "n", "note", "other"])
        for number, (note, other) in enumerate(pairs):
            writer.writerow([f"r{number}", number, note, other])
        reading = tried(file.getvalue().encode())
        assert reading is not None and reading.kept == len(pairs)
        rows = law_desk().rows()
        blanks = " \t\n\r\u00a0\u3000\ufeff"
        assert [row.get("note", "") for row in rows] == [note.strip(blanks) for note, _ in pairs]
        others = [json.loads(row.get("extra", "{}")).get("other", "") for row in rows]
        assert others == [other.strip(blanks) for _, other in pairs]

    @LAW
    @given(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n\x00"), max_size=60), st.integers(0, 5)
    )
    def test_one_line_of_rubbish_costs_no_sound_row(self, rubbish, place):
        rows = [f"r{n},{n},fine" for n in range(5)]
        rows.insert(place, rubbish)
        reading = tried(csv_of(*rows, header="id,n,note").encode())
        assert reading is not None
        assert set(law_desk().column("id")) >= {f"r{n}" for n in range(5)} - {rubbish.split(",")[0]}

    @LAW
    @given(
        st.lists(st.sampled_from(['"', ",", "\n", "\r\n", "a", "1", "é", '""', '","']), max_size=120).map("".join),
        st.integers(1, 40),
    )
    def test_the_size_of_blocks_does_not_matter(self, text, size):
        data = f"id,n,note\n{text}".encode()
        with pytest.MonkeyPatch.context() as patch:
            whole = tried(data)
            seen = (whole, law_desk().rows(), law_desk().refused_file())
            patch.setattr(source, "_CHUNK", size)
            cut = tried(data)
        assert (cut, law_desk().rows(), law_desk().refused_file()) == seen

    @LAW
    @given(
        st.lists(
            st.dictionaries(
                st.sampled_from(["id", "ID", "n", "note", "other", "_text"]),
                st.none() | st.booleans() | st.integers() | st.floats() | cells | st.lists(st.integers(), max_size=2),
            ),
            max_size=6,
        )
    )
    def test_any_json_records_are_kept_or_refused_one_by_one(self, records):
        reading = tried("\n".join(json.dumps(record) for record in records).encode() + b"\n", "v.jsonl")
        if reading is not None:
            assert reading.read == len(records)

    @LAW
    @given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2", "x", ""])), max_size=12))
    def test_no_key_is_kept_twice_and_every_sound_key_is_kept(self, rows):
        reading = tried(csv_of(*(f"{key},{n}," for key, n in rows), header="id,n,note").encode())
        assert reading is not None
        sound = {key for key, n in rows if n != "x"}
        assert sorted(law_desk().column("id")) == sorted(sound)
