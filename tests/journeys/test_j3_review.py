"""J3: a reviewer claims the next case, sees why, decides with a reason; what harms a customer waits for a second person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.journeys.scene import Desk

FALSE = ("--outcome", "false", "--action", "none", "--reason", "namesake", "--note", "Birth dates differ by 30 years.")
SUSPEND = (
    "--outcome",
    "true",
    "--action",
    "suspend",
    "--reason",
    "sanctioned_territory",
    "--note",
    "Seen and checked.",
)


def case_of(desk: Desk, case_id: str) -> dict[str, Any]:
    """One case, whatever its status."""
    (row,) = [row for row in desk("cases", "list", "--all", "--json").done().rows if row["case_id"] == case_id]
    return row


class TestClaim:
    def test_two_reviewers_never_work_on_the_same_case_unawares(self, worked: Desk) -> None:
        """The customer is not asked the same question twice by two people."""
        case_id = worked.cases()[0]["case_id"]
        assert worked("cases", "claim", case_id, "--json").done().row["given"] is True
        second = worked("cases", "claim", case_id, "--json", person="bert")
        assert second.code == 1
        assert second.row["given"] is False
        assert "anna" in second.row["held_by"]
        assert case_of(worked, case_id)["status"] == "claimed"

    def test_the_case_says_why_and_what_it_cannot_see(self, worked: Desk) -> None:
        """A person can decide only who is shown the evidence with its limits."""
        told = worked("cases", "show", worked.cases()[0]["case_id"], "--json").done().row
        assert told["why"] and told["evidence"] and told["blind_spots"] and told["look_next"]
        assert "customers" not in told

    def test_looking_at_a_customer_s_data_leaves_a_trace(self, worked: Desk) -> None:
        """Curiosity about a customer is on record."""
        case = worked.cases()[0]
        before = worked.leaves()
        told = worked("cases", "show", case["case_id"], "--reveal", "--json").done().row
        assert set(told["customers"]) == set(case["accounts"])
        assert all(values.get("name") for values in told["customers"].values())
        assert worked.leaves() == before + 1


class TestDecide:
    def test_a_false_alarm_is_closed_with_its_reason(self, worked: Desk) -> None:
        """The honest customer is left in peace, and the rule that erred can be measured by the reason."""
        case_id = worked.cases()[-1]["case_id"]
        made = worked("cases", "decide", case_id, *FALSE, "--json").done().row
        assert (made["outcome"], made["action"], made["reason_code"]) == ("false", "none", "namesake")
        assert case_id not in {case["case_id"] for case in worked.cases()}
        worked("run").done()
        assert case_id not in {case["case_id"] for case in worked.cases()}

    def test_an_adverse_action_waits_for_a_second_person(self, worked: Desk) -> None:
        """Nobody loses service because of one person's mistake, haste or capture."""
        case_id = worked.cases()[0]["case_id"]
        made = worked("cases", "decide", case_id, *SUSPEND, "--json").done().row
        assert (made["outcome"], made["action"], made["state"]) == ("true", "suspend", "waiting")
        assert case_of(worked, case_id)["status"] == "waiting_approval"

        own = worked("cases", "approve", case_id)
        assert own.code == 1
        assert len(own.err.strip().splitlines()) == 1
        assert case_of(worked, case_id)["status"] == "waiting_approval"

        agreed = worked("cases", "approve", case_id, "--json", person="bert").done().row
        assert agreed["state"] != "waiting"
        assert case_of(worked, case_id)["status"] not in ("open", "waiting_approval")

    def test_a_second_person_may_disagree(self, worked: Desk) -> None:
        """The case goes back to the queue; the customer keeps the service."""
        case_id = worked.cases()[0]["case_id"]
        worked("cases", "decide", case_id, *SUSPEND).done()
        worked("cases", "approve", case_id, "--reject", person="bert").done()
        assert case_of(worked, case_id)["status"] == "open"

    def test_a_reason_that_does_not_fit_the_outcome_is_refused_and_the_fitting_ones_are_named(
        self, worked: Desk
    ) -> None:
        """A slip of the pen does not become the record of why a customer was suspended."""
        case_id = worked.cases()[0]["case_id"]
        slip = ("--outcome", "true", "--action", "suspend", "--reason", "namesake", "--note", "Seen.")
        answer = worked("cases", "decide", case_id, *slip)
        assert answer.code == 1
        assert "listed_party" in answer.err
        assert case_of(worked, case_id)["status"] == "open"

    def test_a_case_that_changed_since_it_was_read_is_not_decided(self, worked: Desk) -> None:
        """Nobody decides on evidence he has not seen."""
        case_id = worked.cases()[0]["case_id"]
        answer = worked("cases", "decide", case_id, *SUSPEND, "--version", "999")
        assert answer.code == 1
        assert case_of(worked, case_id)["status"] == "open"


class TestProof:
    def test_what_was_decided_can_be_proved_later(self, worked: Desk, tmp_path: Path) -> None:
        """Before a court or a customer: who decided what, why, under which rules and lists, and that nothing was altered."""
        case_id = worked.cases()[0]["case_id"]
        worked("cases", "claim", case_id).done()
        worked("cases", "decide", case_id, *SUSPEND).done()
        worked("cases", "approve", case_id, person="bert").done()
        worked("cases", "export", case_id, "-o", tmp_path / "case.json").done()
        told = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
        text = json.dumps(told)
        assert "anna" in text and "bert" in text and "sanctioned_territory" in text
        assert told["proofs"]
        (decision,) = told["decisions"]
        assert "simulated_list" in json.dumps(decision)
        worked("audit", "verify").done()

    def test_the_log_names_who_acted_and_holds_no_customer_s_name(self, worked: Desk, tmp_path: Path) -> None:
        """The log may leave the house: it proves the deed without exposing the customer."""
        case = worked.cases()[0]
        shown = worked("cases", "show", case["case_id"], "--reveal", "--json").done().row
        worked("cases", "decide", case["case_id"], *SUSPEND).done()
        worked("audit", "export", tmp_path / "log.jsonl").done()
        text = "".join((tmp_path / "log.jsonl").read_text().splitlines(keepends=True)[1:])
        assert "cases.decide" in text and "anna" in text
        names = [values["name"] for values in shown["customers"].values()]
        assert names and not [name for name in names if name in text]
        assert "Seen and checked." not in text
