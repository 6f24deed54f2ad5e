"""Corpora of others: codes against addresses, counts against studies, and the published case of 333 and 213 against 913."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.observatory.publications import JILIN, KISU, KOREA, SEOUL, line, written
from vedette.base import ContentError
from vedette.institutions import open_desk
from vedette.observatory import CorpusAudit, ObservatoryError
from vedette.observatory.audit_corpus import audit
from vedette.observatory.model import AuditLine
from vedette.observatory.studies import read_studies, studies

DESK = open_desk()


def examined(path: Path, focus: str = "KP") -> tuple[CorpusAudit, dict[str, AuditLine]]:
    found = audit(path, DESK.resolve, focus=focus)
    return found, {item.country: item for item in found.lines}


def claims(number: int, code: str, address: str) -> dict[str, object]:
    return line(number, authorships=[{"countries": [code], "raw_affiliation_strings": [address] if address else []}])


class TestCounts:
    @pytest.mark.shared_data
    def test_the_published_case(self, shared_data: Path) -> None:
        found, lines = examined(shared_data / "academia" / "openalex_kp_coauthorship_1990_2023.csv")
        assert (lines["KR"].claimed, lines["CN"].claimed, lines["CN"].published) == (333, 213, 913)
        assert found.verdict == lines["KR"].verdict == lines["CN"].verdict == lines["JP"].verdict == "unreliable"
        assert "90 works to 2017" in lines["CN"].reason and "913" in lines["CN"].reason
        assert "KR 333, JP 242, CN 213" in found.reasons[0]

    def table(self, path: Path, *rows: str) -> Path:
        path.write_text("year,partner,works\n" + "\n".join(rows) + "\n")
        return path

    def test_counts_near_the_study_are_reliable(self, tmp_path: Path) -> None:
        path = self.table(tmp_path / "c.csv", "2010,KP,1200", "2010,CN,800", "2011,DE,90", "2012,KR,5")
        found, lines = examined(path)
        assert lines["CN"].verdict == "reliable" and lines["KR"].verdict == "not judged"
        assert found.verdict == "not judged"

    def test_later_years_are_not_held_against_an_older_study(self, tmp_path: Path) -> None:
        _, lines = examined(self.table(tmp_path / "c.csv", "2010,CN,800", "2023,CN,5000"))
        assert lines["CN"].verdict == "reliable" and lines["CN"].claimed == 5800

    def test_without_a_study_nothing_is_judged(self, tmp_path: Path) -> None:
        found, _ = examined(self.table(tmp_path / "c.csv", "2010,CN,8"), focus="IR")
        assert found.verdict == "not judged" and "no published study" in found.reasons[0]

    def test_rows_that_hold_no_number_are_told(self, tmp_path: Path) -> None:
        found, _ = examined(self.table(tmp_path / "c.csv", "2010,CN,many", "x,CN,1", "2010,CN,900"))
        assert any("2 rows" in reason for reason in found.reasons)


class TestWorks:
    def test_codes_that_addresses_contradict_are_unreliable(self, tmp_path: Path) -> None:
        rows = [*(claims(n, "KP", SEOUL) for n in range(6)), *(claims(n, "KP", KISU) for n in range(6, 10))]
        rows += [claims(n, "CN", JILIN) for n in range(10, 20)]
        found, lines = examined(written(tmp_path / "w.jsonl", rows))
        assert (lines["KP"].supported, lines["KP"].contradicted, lines["KP"].verdict) == (4, 6, "unreliable")
        assert lines["CN"].verdict == "reliable" and found.verdict == "unreliable"
        assert found.examples[0]["decided"] == "KR" and "Seoul" in str(found.examples[0]["evidence"])

    def test_works_of_the_country_are_counted_both_ways(self, tmp_path: Path) -> None:
        rows = [
            claims(1, "KP", SEOUL),
            claims(2, "KP", KISU),
            claims(3, "CN", KISU),
            line(4, KISU),
            claims(5, "CN", JILIN),
        ]
        found, _ = examined(written(tmp_path / "w.jsonl", rows))
        assert found.reasons[0].startswith("2 works are claimed for KP, 1 of them with an address there; 2 works")

    def test_an_ambiguous_address_decides_nothing(self, tmp_path: Path) -> None:
        _, lines = examined(written(tmp_path / "w.jsonl", [claims(n, "KP", KOREA) for n in range(9)]))
        assert (lines["KP"].undecided, lines["KP"].verdict) == (9, "not judged")

    def test_a_code_without_an_address_is_neither_right_nor_wrong(self, tmp_path: Path) -> None:
        _, lines = examined(written(tmp_path / "w.jsonl", [claims(1, "KP", "")]))
        assert lines["KP"].undecided == 1

    def test_addresses_without_code_are_counted(self, tmp_path: Path) -> None:
        found, _ = examined(written(tmp_path / "w.jsonl", [line(1, KISU), line(2, JILIN)]))
        assert any("2 addresses bear no code; 2 countries" in reason for reason in found.reasons)

    def test_records_that_cannot_be_read_are_told(self, tmp_path: Path) -> None:
        found, _ = examined(written(tmp_path / "w.jsonl", [claims(1, "KP", KISU), {"id": 7}]))
        assert found.records == 2 and any("1 records" in reason for reason in found.reasons)


class TestStrings:
    @pytest.mark.parametrize("mark", [";", ",", "\t"])
    def test_tables_of_addresses(self, tmp_path: Path, mark: str) -> None:
        path = tmp_path / "s.csv"
        rows = [f'"{SEOUL}"{mark}KP'] * 6 + [f'"{JILIN}"{mark}']
        path.write_text(f"affiliation{mark}country_code\n" + "\n".join(rows) + "\n")
        found, lines = examined(path)
        assert found.kind == "strings" and lines["KP"].contradicted == 6 and "KR 6" in lines["KP"].reason

    @pytest.mark.shared_data
    def test_known_wrong_codes_are_found_wrong(self, shared_data: Path, tmp_path: Path) -> None:
        packed = shared_data / "academia" / "lists" / "mismatch_country_code.csv.gz"
        with gzip.open(packed, "rt", encoding="utf-8") as file:
            head = [next(file) for _ in range(400)]
        path = tmp_path / "wrong.csv"
        path.write_text("".join(head), encoding="utf-8")
        found, lines = examined(path)
        judged = sum(item.supported + item.contradicted for item in lines.values())
        assert found.verdict == "unreliable" and sum(item.contradicted for item in lines.values()) > 0.7 * judged

    def test_anything_else_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("a,b\n1,2\n")
        with pytest.raises(ObservatoryError, match="no corpus known"):
            examined(path)

    def test_the_answer_is_plain_json(self, tmp_path: Path) -> None:
        found, _ = examined(written(tmp_path / "w.jsonl", [claims(1, "KP", SEOUL)]))
        assert json.loads(json.dumps(found.as_json()))["lines"][0]["country"] == "KP"


class TestStudies:
    def test_every_study_is_cited_and_consistent(self) -> None:
        for study in studies():
            assert study.citation and study.total >= sum(study.partners.values()) > 0 and study.checked

    def test_an_unknown_key_is_refused(self) -> None:
        with pytest.raises(ContentError, match="unknown key"):
            read_studies("studies: []\nsurprise: 1\n", "published.yml")
