"""CSV in the shapes that exporters, spreadsheets and attackers write."""

from __future__ import annotations

import pytest

from tests.store.intake_desk import Desk, T, csv_of, places
from vedette.store.intake import FileRefused, Limits


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class TestHeader:
    @pytest.mark.parametrize(
        "header",
        [
            "id,time,who,note",
            "ID,Time,WHO,Note",
            " id , time ,who,note",
            "\ufeffid,time,who,note",
            '"id","time","who","note"',
        ],
    )
    def test_names_are_compared_without_case_and_blanks(self, desk, header):
        assert desk.read(csv_of(f"1,{T},a,x", header=header)).kept == 1

    def test_blanks_and_dashes_inside_a_name_are_underscores(self, desk):
        from vedette.store.intake import Field, Form

        form = Form("f", (Field("account_id", required=True), Field("opened_at", "time")), ("account_id",))
        desk.read("Account ID,opened-at\na," + T, form=form)
        assert desk.column("account_id") == ["a"]
        assert desk.rows()[0]["opened_us"]

    @pytest.mark.parametrize(("delimiter", "note"), [(",", "x;y"), (";", "x,y"), ("\t", "x,y;z"), ("|", "x,y")])
    def test_the_delimiter_is_told_by_the_header(self, desk, delimiter, note):
        desk.read(delimiter.join(["id", "time", "who", "note"]) + "\n" + delimiter.join(["1", T, "a", note]))
        assert desk.column("note") == [note]

    def test_blank_lines_before_the_header_are_passed_over(self, desk):
        reading = desk.read("\n\n" + csv_of(f"1,{T},a,x", "2,no,a,x"))
        assert (reading.kept, places(reading)) == (1, [(5, "time")])

    @pytest.mark.parametrize(
        ("header", "problem"),
        [
            ("id,time,note", "lacks the required column who"),
            ("note", "lacks the required columns id, time, who"),
            ("id,time,who,note,NOTE", "names the column 'note' twice"),
            ("id,time,who,\x1f", "header is not one line"),
            ('id,time,who,"no', "quotes are not closed"),
            ("id,time,who," + ",".join(f"c{n}" for n in range(3000)), "has 3,003 columns"),
        ],
    )
    def test_an_unusable_header_refuses_the_file_with_a_remedy(self, desk, header, problem):
        with pytest.raises(FileRefused, match=problem) as caught:
            desk.read(csv_of("1,2,3,4", header=header))
        assert caught.value.remedy and caught.value.place.line == 1
        assert desk.left_over() == []

    def test_a_file_without_header_tells_nothing_of_its_first_row(self, desk):
        with pytest.raises(FileRefused) as caught:
            desk.read(f"4711,{T},Jane Roe,jane@example.com\n")
        assert "Jane" not in str(caught.value)

    def test_a_header_alone_is_a_table_without_rows(self, desk):
        reading = desk.read(csv_of())
        assert (reading.read, reading.kept, desk.rows()) == (0, 0, [])

    def test_unknown_columns_stay_under_their_own_names(self, desk):
        reading = desk.read(csv_of(f"1,{T},a,x,7,,y", header="id,time,who,note,Team No,Empty,"))
        assert reading.unknown_columns == ("Team No", "Empty", "column_7")
        assert desk.column("extra") == ['{"Team No":"7","column_7":"y"}']

    def test_two_unknown_columns_of_one_name_are_both_kept(self, desk):
        desk.read(csv_of(f"1,{T},a,x,p,q", header="id,time,who,note,tag,tag"))
        assert desk.column("extra") == ['{"tag":"p","tag_6":"q"}']


class TestRows:
    def test_line_breaks_in_quotes_belong_to_the_cell(self, desk):
        reading = desk.read(csv_of(f'1,{T},a,"x\ny"', "", '2,no,a,"p\n\nq"', f"3,{T},a,z"))
        assert desk.column("note") == ["x\ny", "z"]
        assert places(reading) == [(5, "time")]
        assert desk.column("ordinal") == [2, 8]

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_line_ends_of_either_kind_and_a_missing_last_one(self, desk, end):
        reading = desk.read(csv_of(f"1,{T},a,x", f"2,{T},a,y").replace("\n", end).removesuffix(end))
        assert (reading.kept, desk.column("note")) == (2, ["x", "y"])

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ('"a ""b"" c"', 'a "b" c'),
            ('27" screen', '27" screen'),
            ('"a,b"', "a,b"),
            ("=1+1", "=1+1"),
            ("@cmd", "@cmd"),
            ("-7", "-7"),
            ('""', None),
            ("   ", None),
            ("\u00a0x\u3000", "x"),
            ("NULL", "NULL"),
            ("Ünïcode 평양", "Ünïcode 평양"),
        ],
    )
    def test_a_cell_is_kept_as_it_is_but_for_blanks_around_it(self, desk, written, meant):
        desk.read(csv_of(f"1,{T},a,{written}"))
        assert desk.column("note") == [meant]

    def test_a_row_of_wrong_width_is_refused_with_all_its_cells(self, desk):
        reading = desk.read(csv_of(f"1,{T},a,b,c,d", f"2,{T}", f"3,{T},a,ok"))
        assert [(r.line, r.reason) for r in reading.refused] == [
            (2, "has 6 cells where the header has 4"),
            (3, "has 2 cells where the header has 4"),
        ]
        assert desk.refused_file()[0] == {"id": "1", "time": T, "who": "a", "note": "b", "_surplus": ["c", "d"]}
        assert reading.kept == 1

    def test_a_row_of_wrong_width_among_quoted_rows(self, desk):
        reading = desk.read(csv_of(f'"1",{T},a,b,c', f'"2",{T},a,b', '"3"'))
        assert (reading.kept, [r.line for r in reading.refused]) == (1, [2, 4])

    @pytest.mark.parametrize(
        "broken",
        [f'1,{T},a,"never closed', f'1,{T},a,"x"y', f'1,{T},a,"x\\"y"', f'1,{T},a"b,"c', f"1,{T},a,x\ry"],
    )
    def test_broken_quoting_costs_its_own_line_only(self, desk, broken):
        good = [f"{n},{T},a,fine" for n in range(2, 6)]
        reading = desk.read(csv_of(broken, *good))
        assert (reading.read, reading.kept, [r.line for r in reading.refused]) == (5, 4, [2])
        assert desk.refused_file() == [{"_text": broken}]

    def test_an_open_quote_before_quoted_rows_costs_its_own_line_only(self, desk):
        reading = desk.read(csv_of(f'1,{T},a,"oops', f'2,{T},a,"x, y"', f"3,{T},a,z"))
        assert (reading.kept, [r.line for r in reading.refused]) == (2, [2])

    def test_quotes_may_stay_open_over_blocks_of_the_file(self, desk):
        filler = "\n".join("x" * 1000 for _ in range(9000))
        reading = desk.read(csv_of(f"0,{T},a,y", f'1,{T},a,"{filler}"', f"2,{T},a,z"))
        assert (reading.kept, desk.column("ordinal")) == (3, [2, 3, 9003])
        assert desk.column("note")[1] == filler

    def test_a_quote_open_for_longer_than_a_line_may_be_is_a_fault_of_its_line(self, desk):
        rows = [f"{n},{T},a,{'x' * 80}" for n in range(2, 500)]
        reading = desk.read(csv_of(f'1,{T},a,"open', *rows), limits=Limits(line=10_000))
        assert (reading.kept, [r.line for r in reading.refused]) == (498, [2])

    def test_many_lines_that_open_quotes_by_turns_are_read_in_linear_time(self, desk):
        reading = desk.read(csv_of(*['a","'] * 20_000))
        assert reading.refused_count == 20_000

    @pytest.mark.parametrize("mark", ["\x1d", "\x1e", "\x1f"])
    def test_a_control_character_is_a_fault_of_its_row(self, desk, mark):
        reading = desk.read(csv_of(f"1,{T},a,x{mark}y", f'2,{T},a,"x{mark}y"', f"3,{T},a,z"))
        assert (reading.kept, [r.line for r in reading.refused]) == (1, [2, 3])

    def test_a_row_inside_a_quoted_cell_is_no_row(self, desk):
        inner = "\n".join(f"9{n},{T},evil,x" for n in range(50_000))
        reading = desk.read(csv_of(f'1,{T},a,"{inner}"', f"2,{T},a,x"))
        assert (reading.read, desk.column("who")) == (2, ["a", "a"])

    def test_one_column_alone(self, desk):
        from vedette.store.intake import Field, Form

        reading = desk.read('id\n1\n\n"2"\n3,4\n', form=Form("f", (Field("id", required=True),), ("id",)))
        assert (reading.kept, [r.line for r in reading.refused]) == (2, [5])
