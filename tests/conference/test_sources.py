"""The forms one by one: round trips, shapes of every version, and files made to do harm."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.base import Json
from vedette.conference.model import ConferenceError, Reading, TextKind, profile_json, submission_json
from vedette.conference.source import parser_of, recognised

ROOT = Path(str(files("vedette.conference").joinpath("sources")))
hotcrp, openreview = parser_of("hotcrp"), parser_of("openreview")


def told(reading: Reading) -> list[dict[str, Json]]:
    return [submission_json(item) for item in reading.submissions] + [profile_json(item) for item in reading.profiles]


class TestHotcrp:
    def test_a_round_trip_loses_nothing(self) -> None:
        """A venue can take back what it handed out."""
        first = hotcrp.parse("a.json", (ROOT / "hotcrp" / "sample.json").read_bytes())
        again = hotcrp.parse("a.json", hotcrp.write(first.submissions))  # type: ignore[attr-defined]
        assert told(again) == told(first) and not again.refused
        assert hotcrp.write(again.submissions) == hotcrp.write(first.submissions)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ('{"object":"paper","pid":1,"title":"A"}', 1),
            ('[{"pid":1,"title":"A"},{"pid":2,"title":"B"}]', 2),
            ('{"ok":true,"papers":[{"pid":1,"title":"A"}]}', 1),
            ('{"pid":1,"title":"A"}\n{"pid":2,"title":"B"}\n', 2),
            ('\ufeff[{"pid":1}]', 1),
        ],
    )
    def test_every_shape(self, text: str, count: int) -> None:
        assert len(hotcrp.parse("a.json", text.encode()).submissions) == count

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b'[{"pid":1},', "middle of its array"),
            (b'[{"pid":1}, nonsense]', "no JSON"),
            (b'[{"pid":\xff}]', "not UTF-8"),
            (b'[{"pid":1e}]', "no JSON"),
            (b"[" * 100_000, "deeply"),
            (b'[{"pid":' + b"9" * 10_000 + b"}]", "endless"),
            (b'[{"pid":NaN}]', "endless"),
        ],
    )
    def test_a_damaged_file_is_refused_whole_with_its_line(self, data: bytes, problem: str) -> None:
        with pytest.raises(ConferenceError, match=problem):
            hotcrp.parse("a.json", data)

    def test_a_faulty_paper_is_named_by_line_and_field(self) -> None:
        found = hotcrp.parse("a.json", b'[\n{"pid":1,"title":"A"},\n{"pid":2,"title":["x"]},\n{"pid":3,"title":"C"}]')
        assert [item.submission_id for item in found.submissions] == ["1", "3"]
        assert [(item.line, item.field) for item in found.refused] == [(3, "title")]

    def test_control_characters_and_bidirectional_marks_do_not_pass(self) -> None:
        found = hotcrp.parse("a.json", json.dumps([{"pid": 1, "title": "A\u202eB\x1b[31m"}]).encode())
        assert found.submissions[0].title == "A B [31m"

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.fixed_dictionaries(
                {"pid": st.integers(1, 10**6), "title": st.text(max_size=30), "abstract": st.text(max_size=30)}
            ),
            max_size=4,
            unique_by=lambda each: each["pid"],
        )
    )
    def test_any_papers_survive_the_round_trip(self, papers: list[dict[str, object]]) -> None:
        first = hotcrp.parse("a.json", json.dumps(papers).encode())
        again = hotcrp.parse("a.json", hotcrp.write(first.submissions))  # type: ignore[attr-defined]
        assert told(again) == told(first)


class TestOpenReview:
    def test_a_round_trip_loses_nothing(self) -> None:
        first = openreview.parse("a.json", (ROOT / "openreview" / "sample.json").read_bytes())
        written = openreview.write(first.submissions, first.profiles)  # type: ignore[attr-defined]
        assert told(openreview.parse("a.json", written)) == told(first)

    def test_profiles_alone_are_recognised(self) -> None:
        data = b'{"profiles":[{"id":"~A_B1","content":{"names":[{"fullname":"A B"}],"history":[{"institution":{"name":"X","domain":"X.EDU"}}]}}]}'
        assert recognised("profiles.json", data) == "openreview"
        (profile,) = openreview.parse("a.json", data).profiles
        assert profile.history[0].domain == "x.edu"


def book(rows: list[list[Any]], sheet: str = "Papers") -> bytes:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data: bytes, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in more:
                new.writestr(name, old.read(name))
        for name, body in more.items():
            new.writestr(name, body)
    return out.getvalue()


GOOD = book([["Paper ID", "Paper Title", "Author Names"], [1, "A", "X (Y)"]])


class TestWorkbooks:
    @pytest.mark.parametrize(
        ("more", "problem"),
        [
            ({"xl/vbaProject.bin": b"x"}, "macros"),
            ({"xl/embeddings/oleObject1.bin": b"x"}, "embedded"),
            ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "linked"),
            ({"xl/worksheets/sheet9.xml": b"0" * 40_000_000}, "bomb"),
            ({"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'}, "document type"),
            ({"xl/workbook.xml": b"<broken"}, "damaged"),
        ],
    )
    def test_a_hostile_workbook_is_refused_whole(self, more: dict[str, bytes], problem: str) -> None:
        data = repacked(GOOD, **more)
        with pytest.raises(ConferenceError, match=problem):
            parser_of("cmt").parse("a.xlsx", data)

    def test_an_old_or_encrypted_workbook_is_claimed_and_refused_with_a_remedy(self) -> None:
        data = b"\xd0\xcf\x11\xe0" + b"0" * 600
        assert recognised("a.xls", data) == "cmt"
        with pytest.raises(ConferenceError, match="Save it as .xlsx"):
            parser_of("cmt").parse("a.xls", data)

    def test_a_formula_is_never_a_value(self) -> None:
        """A cell that computes is refused by line and column; its neighbours are read."""
        rows: list[list[Any]] = [
            ["Paper ID", "Paper Title", "Author Names"],
            [1, '=cmd|" /C calc"!A0', "X (Y)"],
            [2, "B", "X (Y)"],
        ]
        found = parser_of("cmt").parse("a.xlsx", book(rows))
        assert [item.submission_id for item in found.submissions] == ["2"]
        assert [(item.line, item.field) for item in found.refused] == [(2, "title")]

    def test_easychair_takes_authors_from_their_sheet(self) -> None:
        found = parser_of("easychair").parse("s.xlsx", (ROOT / "easychair" / "sample.xlsx").read_bytes())
        assert [author.affiliation for author in found.submissions[0].authors][0] == "Ostravmouth University"


class TestCsv:
    def test_a_table_without_ids_is_refused(self) -> None:
        with pytest.raises(ConferenceError, match="submission_id"):
            parser_of("csv").parse("a.csv", b"Title,Author\nA,B\n")

    def test_an_unclosed_quote_names_its_line(self) -> None:
        with pytest.raises(ConferenceError, match="no table"):
            parser_of("csv").parse("a.csv", b'Paper ID,Title\n1,"A\n')

    def test_another_encoding_is_refused(self) -> None:
        with pytest.raises(ConferenceError, match="UTF-8"):
            parser_of("csv").parse("a.csv", "Paper ID,Title\n1,Zürich\n".encode("utf-16"))


class TestLatex:
    latex = parser_of("latex")

    def passages(self, source: str) -> list[tuple[str, str]]:
        (paper,) = self.latex.parse("7.tex", source.encode()).papers
        return [(each.kind.value, each.text) for each in paper.passages]

    def test_names_stay_out_of_author_lines(self) -> None:
        """The first line of an author is a name: no check reads it."""
        found = self.passages(r"\author{Kim Chaek \\ Alder University \\ Oslo}")
        assert found == [("affiliation", "Alder University, Oslo")]

    @pytest.mark.parametrize(
        "source",
        [
            r"\author{" + "{" * 50_000,
            r"\thanks{" * 5_000,
            "\\begin{acks}" * 5_000,
            "\\author[" + "[" * 20_000,
            r"\section{Acknowledgements" * 3_000,
            r"\newcommand{\x}{\x\x}\x \author{\x}",
        ],
    )
    def test_endless_source_ends(self, source: str) -> None:
        self.passages(source)

    def test_nothing_outside_is_opened(self) -> None:
        """Input of a file of the machine is a blank."""
        found = self.passages(
            r"\thanks{\input{/etc/passwd}} \include{../secret} \footnote{is with \input{/etc/hostname} Alder}"
        )
        assert all("root:" not in text for _, text in found)

    def test_a_zip_joins_its_own_files_only(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("main.tex", r"\documentclass{a}\input{parts/ack}\input{../../etc/passwd}")
            packed.writestr("parts/ack.tex", r"\section*{Acknowledgements} Supported by Alder. \input{main}")
            packed.writestr("../evil.tex", r"\funding{Evil}")
        assert recognised("7.zip", out.getvalue()) == "latex"
        (paper,) = self.latex.parse("7.zip", out.getvalue()).papers
        assert [each.kind for each in paper.passages] == [TextKind.ACKNOWLEDGEMENT]

    def test_a_zip_bomb_is_refused(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("main.tex", b"0" * 30_000_000)
        with pytest.raises(ConferenceError, match="bomb"):
            self.latex.parse("7.zip", out.getvalue())


class TestPdf:
    pdf = parser_of("pdf")

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"%PDF-1.7\n", "damaged"),
            (b"%PDF-1.7\n" + b"obj<<" * 10_000, "damaged"),
        ],
    )
    def test_a_damaged_file_is_refused_with_a_reason(self, data: bytes, problem: str) -> None:
        with pytest.raises(ConferenceError, match=problem):
            self.pdf.parse("7.pdf", data)

    def test_a_stream_that_unpacks_without_end_is_refused(self) -> None:
        """Memory and time are the child's; the import goes on."""
        import zlib

        body = zlib.compress(zlib.compress(b"0" * 60_000_000, 9), 9)
        stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(body) + body + b"\nendstream"
        data = (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj"
            + stream
            + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
        )
        with pytest.raises(ConferenceError):
            self.pdf.parse("7.pdf", data)
