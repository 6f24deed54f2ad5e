"""`vedette report`: one line from case to file, every format opens, and two people are needed before it leaves."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_docx

from tests.made import ANNA, BERT
from tests.reports.conftest import NAME, NATIVE, Run
from tests.reports.test_desk import GROUND, HAND
from vedette import reports, watchlists
from vedette.base import FixedClock, VedetteError
from vedette.documents import bundle
from vedette.reports import gather as gathering
from vedette.reports.commands import app
from vedette.reports.gather import HOUSE, Wish
from vedette.store import Store

SET = [word for key, text in HAND.items() for word in ("--set", f"{key}={text}")]
TO = ["--to", "ofac", "--ground", GROUND["ground"], "--reference", GROUND["reference"]]


def one(output: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(output.splitlines()[0])
    return found


class TestOneLine:
    def test_name_and_case_draft_and_write(self, run: Run, tmp_path: Path) -> None:
        code, output = run("ofac_blocking", "a-1", "-o", str(tmp_path / "x.pdf"), "--json", *SET)
        assert (code, one(output)["state"]) == (0, "draft")
        for form in set(reports.FORMATS) - {"pdf"}:
            assert run("export", one(output)["report_id"], "-o", str(tmp_path / f"x.{form}"))[0] == 0
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("x.*")} == {0o600}
        assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
        texts = [cell.text for table in open_docx(str(tmp_path / "x.docx")).tables for cell in table._cells]
        assert f"{NAME}, {NATIVE}" in texts
        assert f"{NAME}, {NATIVE}" in (tmp_path / "x.md").read_text("utf-8")
        assert "not to leave the house" in (tmp_path / "x.md").read_text("utf-8")
        told = json.loads((tmp_path / "x.json").read_text("utf-8"))
        assert {item["key"]: item["value"] for item in told["fields"]}["owner"] == f"{NAME}, {NATIVE}"
        assert list(csv.reader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig"))))
        self.zipped((tmp_path / "x.zip").read_bytes())

    def zipped(self, data: bytes) -> None:
        assert bundle.problems(data) == []
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            proofs = json.loads(packed.read("proofs/report.json"))
        assert names >= {"manifest.json", "report.pdf", "report.docx", "report.json", "report.md", "proofs/case.json"}
        assert proofs

    def test_a_customer_s_zip_holds_no_proof_and_no_step(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "x.zip"
        run("statement_of_reasons", "a-1", "--language", "ko", "-o", str(file))
        with zipfile.ZipFile(file) as packed:
            assert not [name for name in packed.namelist() if name.startswith("proofs")]
            assert set(json.loads(packed.read("report.json"))) == {"document", "kind", "sha256", "v"}

    def test_hostile_names_stay_names(self, run: Run, tmp_path: Path) -> None:
        run("sar_narrative", "a-2", "-o", str(tmp_path / "x.pdf"))
        report = one(run("states", "--json")[1])["report_id"]
        for form in ("docx", "csv", "md"):
            assert run("export", report, "-o", str(tmp_path / f"x.{form}"))[0] == 0
        assert "\x1b" not in (tmp_path / "x.md").read_text("utf-8")
        cells = [cell for row in csv.reader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig"))) for cell in row]
        assert not any(cell.startswith("=") for cell in cells)
        assert any(cell.startswith("'=2+2 | 样本公司") for cell in cells)

    @pytest.mark.parametrize("words", [["-o", "x.exe"], ["--set", "nothing"]])
    def test_wrong_usage(self, run: Run, words: list[str]) -> None:
        assert run("ofac_blocking", "a-1", *words)[0] == 2

    def test_an_unknown_kind_is_refused_with_the_known_ones(self, run: Run) -> None:
        with pytest.raises(VedetteError, match="sar_narrative"):
            run("no_such_report", "a-1")

    def test_no_kind_bears_the_name_of_a_command(self) -> None:
        commands = {command.name or "" for command in app.registered_commands}
        assert not commands & set(reports.kinds())


class TestTheWay:
    def test_from_draft_to_receipt(self, run: Run) -> None:
        report = one(run("ofac_blocking", "a-1", "--json", *SET)[1])["report_id"]
        run("submit", report[:12], *TO)
        with pytest.raises(VedetteError):
            run("approve", report, who=ANNA)
        assert one(run("approve", report, "--json", who=BERT)[1])["state"] == "approved"
        assert one(run("sent", report, "--json")[1])["state"] == "sent"
        done = one(run("acknowledged", report, "--receipt", "ORS-42", "--json")[1])
        assert (done["state"], done["receipt"]) == ("acknowledged", "ORS-42")
        assert one(run("show", report, "--json")[1])["steps"][-1]["verb"] == "acknowledged"
        assert one(run("states", "--json")[1])["report_id"] == report

    def test_the_term_that_still_runs_is_pointed_out(self, run: Run) -> None:
        report = one(run("ofac_blocking", "a-1", "--json", *SET)[1])["report_id"]
        run("submit", report, *TO)
        run("approve", report, who=BERT)
        run("sent", report)
        assert "Still due by 2026-03-13" in run("acknowledged", report, "--receipt", "ORS-42")[1]

    def test_back_and_away(self, run: Run) -> None:
        report = one(run("ofac_blocking", "a-1", "--json", *SET)[1])["report_id"]
        run("submit", report, *TO)
        assert one(run("return", report, "--json")[1])["state"] == "draft"
        assert one(run("withdraw", report, "--shred", "--json")[1])["state"] == "withdrawn"
        with pytest.raises(VedetteError):
            run("export", report, "-o", "x.md")

    def test_what_there_is(self, run: Run) -> None:
        assert "sar_narrative" in run("list")[1]
        assert "us_disclosure_counsel" in run("grounds", "--json")[1]


class TestHouse:
    def test_the_figures_of_the_house_name_nobody(
        self, house: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Reading the whole rule pack takes seconds and is tested with the rules.
        monkeypatch.setattr(gathering, "_rules", lambda: {"network": 12})
        wish = Wish(reports.kind("abuse_deterrence_evidence"), HOUSE, "en", {})
        material = gathering.gather(house, ANNA, wish, home="us", clock=clock)
        told = str(material)
        assert material.house["customers"] == 2
        assert material.house["cases_by_status"] == {"decided": 1, "open": 1}
        assert NAME not in told and NATIVE not in told

    @pytest.mark.parametrize(("listed", "begins"), [("Lodran Vontrask", "Nil"), (NAME, "NOT nil")])
    def test_a_screening_names_its_lists_and_never_hides_a_match(
        self, house: Store, clock: FixedClock, tmp_path: Path, listed: str, begins: str
    ) -> None:
        entry = {"id": "X-1", "caption": listed, "schema": "Person", "datasets": ["invented"], "target": True}
        entry |= {"properties": {"topics": ["sanction"], "name": [listed], "country": ["kr"]}}
        (tmp_path / "invented.ftm.json").write_text(json.dumps(entry) + "\n", "utf-8")
        watchlists.load(house, ANNA, [tmp_path / "invented.ftm.json"], clock=clock)

        made = reports.draft(house, ANNA, "nil_screening_result", "a-1", home="us", clock=clock)

        text = reports.written(house, made, "md", clock=clock).decode()
        assert f"| Result | {begins}" in text
        assert "| invented |" in text

    def test_a_screening_without_lists_is_refused(self, run: Run) -> None:
        with pytest.raises(VedetteError, match="list"):
            run("nil_screening_result", "a-1")
