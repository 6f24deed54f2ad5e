"""The commands of sign-ups and of customers' verification, as a person or a job uses them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.content.test_every_vendor import sample
from tests.journeys.scene import Desk, customer, write_csv
from vedette.accounts.evidence import vendor

ANN = b'{"account_id": "q", "name": "Ann Example", "country": "US"}'


@pytest.fixture
def served(bare: Desk, tmp_path: Path) -> Desk:
    """A workspace with three customers, one under a reseller."""
    rows = [
        customer("a-1", "Tovah Quillfeather", country="DE", verification_status="verified"),
        customer("a-2", "Bo Sample", country="FR", verification_status="verified", reseller_id="r-1"),
        customer("a-3", "Cy Instance", country="US", verification_status="pending"),
    ]
    write_csv(tmp_path / "export" / "accounts.csv", rows)
    bare("ingest", tmp_path / "export").done()
    return bare


class TestVerify:
    def test_the_same_key_gives_the_same_answer_and_another_customer_an_error(self, equipped: Desk) -> None:
        first = equipped("verify", "-", "--key", "k-1", "--json", stdin=ANN).done().row
        again = equipped("verify", "-", "--key", "k-1", "--json", stdin=ANN).done().row
        assert (first["replayed"], again["replayed"]) == (False, True)
        assert {**again, "replayed": False} == first
        other = equipped("verify", "-", "--key", "k-1", "--json", stdin=ANN.replace(b"Ann", b"Bea")).row
        assert (other["outcome"], other["error"]) == (None, "key reused with another body")

    def test_a_bad_line_refuses_only_itself(self, equipped: Desk) -> None:
        """One of three hundred sign-ups is broken: the others are decided, in order, and the job goes on."""
        lines = [ANN.replace(b'"q"', f'"q{n}"'.encode()) for n in range(120)]
        lines[7] = b"{broken"
        answer = equipped("verify", "-", "--json", stdin=b"\n".join(lines)).done()
        assert [row["query_id"] for row in answer.rows[6:9]] == ["q6", "line-8", "q8"]
        assert (answer.rows[7]["outcome"], answer.rows[7]["human_required"]) == (None, True)

    def test_too_many_bad_lines_end_with_exit_1_after_the_answers(self, equipped: Desk) -> None:
        answer = equipped("verify", "-", "--json", stdin=ANN + b"\n{broken\n")
        assert answer.code == 1 and len(answer.rows) == 2 and "cannot be read" in answer.err

    def test_people_see_a_table(self, equipped: Desk) -> None:
        answer = equipped("verify", "-", stdin=ANN + b"\n{broken\n")
        assert "clear" in answer.out and "not decided" in answer.out


class TestReplay:
    @pytest.mark.parametrize("words", [("replay",), ("customers", "replay")])
    def test_a_stored_decision_is_made_again(self, equipped: Desk, words: tuple[str, ...]) -> None:
        identity = equipped("verify", "-", "--json", stdin=ANN).done().row["verification_id"]
        row = equipped(*words, identity, "--json").done().row
        assert (row["result"], row["outcome_then"], row["outcome_now"]) == ("same", "clear", "clear")
        assert "Same: decided at" in equipped(*words, identity).done().out

    def test_an_unknown_id_is_one_line_and_exit_1(self, equipped: Desk) -> None:
        answer = equipped("replay", "ver_none")
        assert answer.code == 1 and "no stored decision" in answer.err


class TestStatus:
    def test_everybody_is_unverified_until_evidence_comes(self, served: Desk) -> None:
        rows = served("customers", "status", "--json").done().rows
        assert [row["state"] for row in rows] == ["unverified"] * 3
        assert all(row["presumed_foreign"] and row["missing"] for row in rows)

    def test_one_account_in_full_for_people(self, served: Desk) -> None:
        shown = served("customers", "status", "a-1").done().out
        assert "May become verified: needs reason, passed, complete" in shown
        assert "nothing requires them" in shown

    def test_by_state_and_no_further_than_the_limit(self, served: Desk) -> None:
        assert "2 more" in served("customers", "status", "--limit", "1").done().out
        assert served("customers", "status", "--state", "verified", "--json").done().rows == []
        assert served("customers", "status", "--state", "sure").code == 2

    def test_an_account_that_is_not_held(self, served: Desk) -> None:
        assert served("customers", "status", "a-9").code == 1


class TestFromEvidenceToDue:
    def test_a_customer_is_verified_by_what_was_seen_and_becomes_due(self, served: Desk) -> None:
        """The whole way: refused without evidence, recorded, verified by a person, due again in half a year."""
        refused = served("customers", "move", "a-1", "verified", "--reason", "trust me")
        assert refused.code == 1 and "evidence about the customer" in refused.err
        words = ("--method", "documentary", "--result", "passed", "--reference", "file 12", "--shows-home")
        recorded = served("customers", "record", "a-1", *words, "--expires", "2040-01-01", "--json").done().row
        assert recorded["reference"] and "file 12" not in json.dumps(recorded)
        reason = ("--reason", "passport seen", "--tier", "high")
        moved = served("customers", "move", "a-1", "verified", *reason, "--json").done().row
        assert (moved["state"], moved["by"]) == ("verified", "command_line:anna")
        assert served("customers", "due", "--days", "10", "--json").done().rows == []
        (due,) = served("customers", "due", "--days", "181", "--json").done().rows
        assert (due["account_id"], due["tier"], due["overdue"]) == ("a-1", "high", False)
        assert "passport seen" in served("customers", "status", "a-1").done().out
        served("audit", "verify").done()

    @pytest.mark.parametrize(
        "words",
        [
            ("record", "a-1", "--method", "telepathy", "--result", "passed"),
            ("record", "a-1", "--method", "combined", "--result", "great"),
            ("record", "a-1", "--method", "combined", "--result", "passed", "--expires", "soon"),
            ("move", "a-1", "nice", "--reason", "x"),
            ("move", "a-1", "verified", "--reason", "x", "--tier", "none"),
            ("resellers", "--keep", "r-1", "--received", "yesterday"),
        ],
    )
    def test_a_wrong_word_is_wrong_usage(self, served: Desk, words: tuple[str, ...]) -> None:
        assert served("customers", *words).code == 2


class TestCoverage:
    def test_what_is_only_declared_is_said(self, served: Desk) -> None:
        row = served("customers", "coverage", "--json").done().row
        assert (row["declared_verified"], row["declared_verified_without_evidence"]) == (2, 2)
        assert row["share_declared_without_evidence"] == 1.0
        shown = served("customers", "coverage").done().out
        assert "Declared verified by the export: 2; without evidence here: 2 (100.0%)" in shown


class TestResellers:
    def test_an_unregistered_one_is_shown_and_can_be_registered(self, served: Desk) -> None:
        (row,) = served("customers", "resellers", "--json").done().rows
        assert (row["reseller_id"], row["registered"], row["accounts"], row["overdue"]) == ("r-1", False, 1, True)
        words = ("--keep", "r-1", "--received", "2099-01-01", "--attested", "2099-01-01", "--domestic", "--json")
        kept = served("customers", "resellers", *words).done().row
        assert (kept["registered"], kept["foreign"], kept["overdue"]) == (True, False, False)
        assert "r-1" in served("customers", "resellers").done().out


class TestEvidence:
    def test_a_vendors_message_from_a_file_counts_once(self, served: Desk, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps(sample(vendor("persona"))[0]), encoding="utf-8")
        statuses = [served("customers", "evidence", "persona", file, "--json").done().row["status"] for _ in range(2)]
        assert statuses == ["stored", "repeated"]
        held: dict[str, Any] = served("customers", "status", "a-1", "--json").done().row
        assert held["evidence"] == "combined/persona" and held["state"] == "unverified"

    @pytest.mark.parametrize(("vendor_name", "content"), [("nobody", "{}"), ("persona", "no json")])
    def test_what_cannot_be_taken_is_one_line(
        self, served: Desk, tmp_path: Path, vendor_name: str, content: str
    ) -> None:
        file = tmp_path / "event.json"
        file.write_text(content, encoding="utf-8")
        answer = served("customers", "evidence", vendor_name, file)
        assert answer.code == 1 and len(answer.err.strip().splitlines()) == 1


class TestCertification:
    def test_numbers_only_and_labelled(self, served: Desk) -> None:
        row = served("customers", "certification", "--json").done().row
        assert (row["customers"], row["label"]) == (3, "modelled on a proposed rule")
        assert row["abuse_detection"]["detection_rules"] > 0
        told = served("customers", "certification", "--csv").done().out
        lines = {name: value for name, value in csv.reader(io.StringIO(told))}
        assert lines["customers"] == "3" and lines["customers_by_place.DE"] == "1"
        assert "a-1" not in told and "Quillfeather" not in told
        assert "modelled on a proposed rule" in served("customers", "certification").done().out


class TestForget:
    def test_one_decision_and_all_that_are_due(self, equipped: Desk) -> None:
        identity = equipped("verify", "-", "--json", stdin=ANN).done().row["verification_id"]
        assert equipped("customers", "forget", "--json").done().row == {"shredded": 0}
        assert equipped("customers", "forget", "--id", identity, "--json").done().row == {"shredded": 1}
        assert equipped("replay", identity).code == 1
