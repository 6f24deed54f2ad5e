"""What holds for every kind of report: it reads as expected, opens in every format, and no value in it is markup.

After a wanted change: VEDETTE_WRITE_EXPECTED=1 pytest tests/content/test_every_report.py, then read the difference.
"""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document as open_docx

from tests.reports.made import MATERIAL, filled
from vedette import policy, reports
from vedette.documents import Document, Heading, Table, docx, markdown, pdf
from vedette.documents import csv as safe_csv
from vedette.reports import Report, build
from vedette.reports.grounds import routes
from vedette.reports.model import Audience, Held, Scope
from vedette.reports.paper import labels
from vedette.reports.silence import breaches

ALL = list(reports.kinds().values())
SPOKEN = [(report, language) for report in ALL for language in sorted(report.titles)]
FOLDER = Path(reports.__file__).parent
HOSTILE = "# x\n| a | =1+1 | <script>{{ 7*7 }}</script> \x1b[31m\u202e [l](u) 김 </font>"
ON = date(2026, 3, 1)


def name(value: object) -> str | None:
    return value.name if isinstance(value, Report) else None


def folder_of(report: Report) -> Path:
    return FOLDER / report.name


def test_every_folder_is_a_report_and_every_reader_is_served() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/body.md.j2")}
    assert folders == set(reports.kinds())
    assert {report.audience for report in ALL} == set(Audience)
    assert len(ALL) >= 9


@pytest.mark.parametrize(("report", "language"), SPOKEN, ids=name)
class TestEveryPaper:
    def test_it_reads_as_expected(self, report: Report, language: str) -> None:
        file = folder_of(report) / ("expected.md" if language == "en" else f"expected.{language}.md")
        written = markdown.write(build(report, filled(report), language).document)
        text = re.sub(
            r"\b[0-9a-f]{16}\b", "0123456789abcdef", written
        )  # versions of policy rules change with their text
        if os.environ.get("VEDETTE_WRITE_EXPECTED"):
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    def test_it_opens_in_every_format(self, report: Report, language: str) -> None:
        paper = build(report, filled(report), language).document
        assert pdf.write(paper).rstrip().endswith(b"%%EOF")
        texts = [each.text for each in open_docx(io.BytesIO(docx.write(paper))).paragraphs]
        assert paper.title in texts

    def test_no_value_becomes_structure(self, report: Report, language: str) -> None:
        plain = build(report, filled(report, "words"), language).document
        hostile = build(report, filled(report, HOSTILE), language).document
        assert shape(plain) == shape(hostile)
        written = markdown.write(hostile)
        assert "<script>" not in written and "\x1b" not in written and "\u202e" not in written
        assert "{{ 7\\*7 }}" in written
        pdf.write(hostile)

    def test_tables_never_compute(self, report: Report, language: str) -> None:
        for block in build(report, filled(report, "=1+1"), language).document.blocks:
            if isinstance(block, Table):
                rows = csv.reader(io.StringIO(safe_csv.of_table(block).decode("utf-8-sig")))
                assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)

    def test_nothing_held_still_makes_a_paper(self, report: Report, language: str) -> None:
        empty = replace(
            type(MATERIAL)(made_at=MATERIAL.made_at, home="us", subject="x"), entered={}, redress=MATERIAL.redress
        )
        made = build(report, empty, language)
        by_themselves = {"automated", "days"}
        assert set(made.missing) >= {ask.key for ask in report.asks} - by_themselves


def shape(paper: Document) -> list[tuple[str, int]]:
    """Which blocks a paper has, and the level of each heading."""
    return [(type(block).__name__, block.level if isinstance(block, Heading) else 0) for block in paper.blocks]


@pytest.mark.parametrize("report", ALL, ids=name)
class TestEveryKind:
    def test_missing_fields_are_told_and_held_ones_name_their_source(self, report: Report) -> None:
        made = build(report, MATERIAL)
        held = [item for item in made.fields if not item.missing]
        assert all(item.provenance for item in held)
        text = markdown.write(made.document)
        if report.audience is not Audience.CUSTOMER:
            assert all(markdown.escape(item.label) in text for item in made.fields if item.missing)

    def test_each_field_cites_a_requirement(self, report: Report) -> None:
        assert all(re.fullmatch(r"[A-Z]{2,4}-\d{2}", ask.citation) for ask in report.asks)

    def test_what_is_only_proposed_is_labelled_and_never_called_required(self, report: Report) -> None:
        proposed = [each for each in report.policy if policy.rule(each).status is policy.Status.PROPOSED]
        text = markdown.write(build(report, filled(report)).document)
        assert len(labels(report, ON)) == len(proposed)
        assert text.count("Nothing requires this paper") == len(proposed)
        if proposed:
            assert not re.search(r"\b(required|must report|obliged|shall)\b", text)

    def test_what_only_a_person_knows_can_be_entered(self, report: Report) -> None:
        assert build(report, filled(report)).missing == ()

    def test_what_was_entered_says_so_also_instead_of_what_is_held(self, report: Report) -> None:
        key = report.asks[0].key
        made = build(report, replace(MATERIAL, entered={key: Held("mine", "entered by anna")}))
        assert made.fields[0].value == "mine"
        assert made.fields[0].provenance.startswith("entered by anna")

    def test_an_authority_s_route_is_a_government_s(self, report: Report) -> None:
        assert {routes()[each].government for each in report.routes} == {report.audience is Audience.AUTHORITY}

    def test_it_says_what_it_is_about(self, report: Report) -> None:
        assert report.caption.endswith(".") and report.scope in Scope


class TestStatement:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_the_words_of_the_template_keep_silent(self, language: str) -> None:
        report = reports.kind("statement_of_reasons")
        assert breaches(build(report, filled(report), language).document) == []

    def test_it_tells_no_list_finding_or_case(self) -> None:
        report = reports.kind("statement_of_reasons")
        text = markdown.write(build(report, filled(report)).document)
        assert not re.search(r"fnd_|case_|dec_|us_ofac|203\.0\.113|Invented Trading", text)
