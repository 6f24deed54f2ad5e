"""The report from imported files to page, paper and bundle, and the figures made again from the bundle."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from typer.testing import CliRunner, Result

from tests.made import JOB
from tests.observatory.corpus import CLOCK, corpus
from vedette import doors
from vedette.documents import bundle as packing
from vedette.documents import pdf
from vedette.observatory import bundle, results
from vedette.observatory.commands import app
from vedette.observatory.model import ObservatoryError, ObservedWork
from vedette.observatory.report import Report, document, gather
from vedette.observatory.report.gather import line, material, narrowed
from vedette.observatory.report.page import page
from vedette.observatory.window import Window
from vedette.store import Store


@pytest.fixture(scope="module")
def store() -> Store:
    return corpus()


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    return gather(store, Window(), clock=CLOCK)


class TestGathering:
    def test_counts_are_those_of_the_built_tables(self, store: Store, report: Report) -> None:
        assert report.material.years == results.yearly(store)
        assert sum(row.works for row in report.material.years) == len(report.material.works) == 5
        assert report.material.partners[0].country == "CN"
        assert len(report.inputs) == 1

    def test_potential_stands_beside_each_work(self, report: Report) -> None:
        held = {work.title: work.potential for work in report.material.works}

        assert held["Guidance law for a cruise missile"] == "military-significant"
        assert held["Optimization of reactor core loading pattern"] == "dual"
        assert held["확산방정식의 수치풀이"] == "undetermined"

    def test_what_was_not_seen_is_counted(self, report: Report) -> None:
        told = " ".join(report.unseen)

        assert "1 works have addresses that could not be decided" in told
        assert "1 works have no year" in told

    def test_what_searches_find_is_told_with_its_doubts(self, report: Report) -> None:
        rows = {row[0]: row for row in report.recall_rows()}

        assert set(rows) >= {"country", "city", "institution", "all together"}
        assert rows["country"][1] == "5"
        assert all(row[0] in page(report) for row in report.recall_rows())

    def test_years_narrow_everything(self, store: Store) -> None:
        narrow = gather(store, Window(begin=2020, end=2020), clock=CLOCK)

        assert [work.year for work in narrow.material.works] == [2020]

    def test_years_cut_out_of_the_whole_are_the_years_asked_for(self, store: Store, report: Report) -> None:
        asked = material(store, Window(begin=2020, end=2021))
        cut = narrowed(report.material, 2020, 2021, asked.ranks)

        assert (cut.years, cut.partners, cut.ranks, cut.works) == (
            asked.years,
            asked.partners,
            asked.ranks,
            asked.works,
        )
        assert [row.id for row in cut.institutions] == [row.id for row in asked.institutions]

    def test_every_title_of_a_work_is_read(self) -> None:
        work = ObservedWork(work_id="w", year=2020, title="제목", titles=(("en", "Missile guidance"), ("", "제목")))

        assert line(work).potential == "military-significant"
        assert line(work).abstract_read


class TestPage:
    def test_values_are_escaped_and_nothing_is_loaded(self, report: Report) -> None:
        text = page(report)

        assert "<b onmouseover" not in text
        assert "<script" not in text
        assert "https://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")

    def test_it_shows_every_figure_claim_and_what_was_not_seen(self, report: Report) -> None:
        text = page(report)

        assert text.count("<figure><svg") == 7
        assert "913" in text
        assert "could not be decided" in text
        assert "works.jsonl" in text

    def test_an_empty_corpus_makes_a_page_too(self, report: Report) -> None:
        bare = replace(report.material, years=(), partners=(), institutions=(), edges=(), ranks=(), works=())

        text = page(replace(report, material=bare, inputs=()))

        assert text.count("No numbers are held.") == 14
        assert "no file was taken in" in text


class TestPaper:
    def test_the_pdf_holds_the_claims_and_the_warning(self, report: Report) -> None:
        data = pdf.write(document(report))

        text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(data)).pages)
        assert "no legal advice" in text.replace("\n", " ")
        assert "1,304" in text
        assert pdf.write(document(report)) == data


class TestBundle:
    def test_equal_reports_give_equal_bytes(self, report: Report) -> None:
        assert bundle.pack(report) == bundle.pack(report)

    def test_every_figure_is_made_again(self, report: Report) -> None:
        found = bundle.reproduce(bundle.pack(report))

        assert {item.outcome for item in found} == {"same"}
        assert len([item for item in found if item.name.startswith("figures/")]) == 14

    def test_it_holds_hashes_questions_versions_and_citations(self, report: Report) -> None:
        held = zipfile.ZipFile(io.BytesIO(bundle.pack(report)))
        cited = json.loads(held.read("citation.json"))

        assert json.loads(held.read("inputs.json"))[0]["sha256"] == report.inputs[0].sha256
        assert {item["figure"] for item in json.loads(held.read("queries.json"))} >= {"works_by_year"}
        assert cited[0]["type"] == "dataset"
        assert cited[0]["issued"] == {"date-parts": [[2026, 3, 1]]}
        assert any(item.get("DOI") == "10.6087/kcse.85" for item in cited)
        assert json.loads(held.read("manifest.json"))["about"]["dictionary"] == report.material.dictionary

    def test_no_name_of_a_person_is_in_it(self, report: Report) -> None:
        held = zipfile.ZipFile(io.BytesIO(bundle.pack(report)))

        assert not any(b"Person " in held.read(name) for name in held.namelist())

    def test_no_table_holds_a_formula(self, report: Report) -> None:
        held = zipfile.ZipFile(io.BytesIO(bundle.pack(report)))

        assert "'=cmd()" in held.read("works.csv").decode("utf-8-sig")

    def test_an_altered_file_is_found(self, report: Report) -> None:
        altered = bundle.pack(report).replace(b"military-significant", b"Military-significant", 1)

        assert "different" in {item.outcome for item in bundle.reproduce(altered)}

    def test_a_figure_that_does_not_follow_from_the_material_is_found(self, report: Report) -> None:
        held = zipfile.ZipFile(io.BytesIO(bundle.pack(report)))
        files = {name: held.read(name) for name in held.namelist() if name != "manifest.json"}
        files["figures/works_by_year.csv"] = b"year\r\n"

        found = {item.name: item.outcome for item in bundle.reproduce(packing.pack(files))}

        assert found["manifest"] == "same"
        assert found["figures/works_by_year.csv"] == "different"

    def test_counts_that_the_single_works_do_not_bear_out_are_found(self, report: Report) -> None:
        forged = replace(report, material=replace(report.material, works=report.material.works[1:]))

        found = {item.name: item.outcome for item in bundle.reproduce(bundle.pack(forged))}

        assert found["counts from single works"] == "different"

    def test_another_dictionary_is_not_compared(self, report: Report) -> None:
        older = replace(report, material=replace(report.material, dictionary="0" * 16))

        found = {item.name: item.outcome for item in bundle.reproduce(bundle.pack(older))}

        assert found["potential from titles"] == "not compared"

    @pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all"])
    def test_no_bundle_is_no_bundle(self, data: bytes) -> None:
        assert bundle.reproduce(data)[0].outcome == "different"

    def test_a_bundle_without_material_is_refused(self) -> None:
        with pytest.raises(ObservatoryError, match="no material"):
            bundle.reproduce(packing.pack({"a.txt": b"a"}))
        with pytest.raises(ObservatoryError, match="no JSON"):
            bundle.reproduce(packing.pack({"material.json": b"{"}))


@pytest.fixture
def vedette(store: Store) -> Callable[..., Result]:
    def run(*arguments: str | Path) -> Result:
        session = doors.Session(store.workspace.root, JOB, lambda _root: store, clock=CLOCK)
        return CliRunner().invoke(app, list(map(str, arguments)), obj=session)

    return run


class TestCommands:
    def test_a_report_is_written_and_its_bundle_reproduced(
        self, vedette: Callable[..., Result], tmp_path: Path
    ) -> None:
        made = vedette("report", "-o", tmp_path / "out")
        assert made.exit_code == 0, made.output
        assert (tmp_path / "out" / "figures" / "partner_network.svg").is_file()

        again = vedette("reproduce", tmp_path / "out" / "bundle.zip", "--json")
        assert again.exit_code == 0, again.output
        assert {json.loads(row)["outcome"] for row in again.stdout.splitlines()} == {"same"}

    def test_an_altered_bundle_fails(self, vedette: Callable[..., Result], report: Report, tmp_path: Path) -> None:
        path = tmp_path / "bundle.zip"
        path.write_bytes(bundle.pack(report).replace(b"Guidance", b"guidance"))

        assert vedette("reproduce", path, "--json").exit_code == 1

    def test_years_in_the_wrong_order_are_refused(self, vedette: Callable[..., Result], tmp_path: Path) -> None:
        assert vedette("report", "-o", tmp_path, "--begin", "2020", "--end", "2019").exit_code == 1

    def test_a_country_without_works_says_what_to_do(self, vedette: Callable[..., Result], tmp_path: Path) -> None:
        made = vedette("report", "-o", tmp_path / "none", "--country", "fr")

        assert made.exit_code == 0
        assert "vedette observatory build" in made.stderr

    def test_classify_answers_once_a_line_in_order(self, vedette: Callable[..., Result], tmp_path: Path) -> None:
        path = tmp_path / "titles.txt"
        path.write_text("Missile guidance by learning\n\nSpinal fusion outcomes\n", encoding="utf-8")

        rows = [json.loads(row) for row in vedette("classify", path, "--json").stdout.splitlines()]

        assert [row["potential"] for row in rows] == ["military-significant", "undetermined", "civilian"]
        assert rows[0]["title"] == "Missile guidance by learning"
        assert set(rows[0]["phrases"][0]) >= {"phrase", "category", "paragraph", "start", "end"}

    def test_classify_writes_a_file_whole(self, vedette: Callable[..., Result], tmp_path: Path) -> None:
        (tmp_path / "titles.txt").write_text("One\nTwo\n")

        assert vedette("classify", tmp_path / "titles.txt", "-o", tmp_path / "out.jsonl").exit_code == 0
        assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
        assert sorted(item.name for item in tmp_path.iterdir()) == ["out.jsonl", "titles.txt"]

    def test_controls_show_what_was_not_verified(self, vedette: Callable[..., Result]) -> None:
        rows = [json.loads(row) for row in vedette("controls", "--json").stdout.splitlines()]

        assert {row["scheme"] for row in rows} >= {"un_dprk_disciplines", "us_eccn", "eu_dual_use"}
        assert all(row["verified"] or "to be verified" in row["caveat"] for row in rows)
