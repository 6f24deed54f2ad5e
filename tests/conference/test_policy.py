"""The policy as data: what ships asks the least, and what would harm unfounded does not load."""

from __future__ import annotations

from datetime import date

import pytest

from vedette.base import ContentError
from vedette.conference.model import Action, Service
from vedette.conference.policy import Policy, default_policy, read_policy

TODAY = date(2026, 3, 1)
DUTY = """
  - id: one
    title: One
    jurisdiction: us
    status: law
    citation: [OFAC-02]
    roles: [author]
    lists: [us_ofac_sdn]
    services: {paper: none, review: none, attendance: counsel, money: none, compute: none}
"""
HEAD = """id: mine
title: Mine
caption: Mine.
checked_on: 2026-03-01
question_days: 14
disclosure: {undisclosed_tie: ask, contradiction: ask, undeclared_potential: ask, citation: [AC-05]}
retention: {personal_days: 180, decision_days: 400, citation: [PR-06]}
duties:"""


def policy(duty: str = DUTY, head: str = HEAD) -> Policy:
    return read_policy(head + duty, "mine.yml", {"us_ofac_sdn", "us_dow_1286"})


class TestDefault:
    def test_only_the_dprk_is_spoken_of(self) -> None:
        """A scholar of any institution on Section 1286, 1260H, MIEU, the Entity List or the SDN list is asked nothing for it."""
        for list_id in default_policy().lists:
            asked = default_policy().asked(TODAY, "CN", [list_id], ["inform", "licence", "block"])
            assert all(action is Action.NONE for action, _ in asked.values()), list_id

    def test_a_paper_from_the_dprk_may_be_reviewed_and_published(self) -> None:
        """Information is exempt; services are screened one by one."""
        asked = {service: action for service, (action, _) in default_policy().asked(TODAY, "KP", [], []).items()}
        assert asked == {
            Service.PAPER: Action.INFORM,
            Service.REVIEW: Action.NONE,
            Service.ATTENDANCE: Action.COUNSEL,
            Service.MONEY: Action.STOP,
            Service.COMPUTE: Action.STOP,
        }

    def test_each_duty_that_is_on_cites_law(self) -> None:
        assert all(duty.law and duty.citation for duty in default_policy().duties if duty.on)

    def test_no_paper_is_stopped(self) -> None:
        assert all(duty.services[Service.PAPER] is not Action.STOP for duty in default_policy().duties)


class TestPaperStop:
    STOP = DUTY.replace("paper: none", "paper: stop")
    COUNSEL = "    counsel: {name: A. Lawyer, date: 2026-02-01}\n"

    def test_it_loads_with_citation_jurisdiction_and_counsel(self) -> None:
        made = policy(self.STOP + self.COUNSEL)
        assert made.duties[0].counsel is not None and made.duties[0].counsel.name == "A. Lawyer"

    @pytest.mark.parametrize(
        ("duty", "word"),
        [
            (STOP, "counsel"),
            ((STOP + COUNSEL).replace("    citation: [OFAC-02]\n", ""), "citation"),
            ((STOP + COUNSEL).replace("    jurisdiction: us\n", ""), "jurisdiction"),
            (DUTY.replace("review: none", "review: stop"), "counsel"),
            (STOP + "    counsel: {name: A. Lawyer}\n", "date"),
            (STOP + "    counsel: {date: 2026-02-01}\n", "name"),
        ],
    )
    def test_it_refuses_to_load_otherwise(self, duty: str, word: str) -> None:
        """Nobody's paper is stopped on a guess; the error says where and what to do."""
        with pytest.raises(ContentError) as fault:
            policy(duty)
        assert word in str(fault.value)
        assert fault.value.place.file == "mine.yml" and fault.value.place.line


class TestLoader:
    @pytest.mark.parametrize(
        ("duty", "problem"),
        [
            (DUTY.replace("    lists: [us_ofac_sdn]\n", "    country: CN\n"), "only for the DPRK"),
            (DUTY.replace("    lists: [us_ofac_sdn]\n", ""), "touches nothing"),
            (DUTY.replace("us_ofac_sdn", "us_ofac_snd"), "no list"),
            (DUTY.replace("status: law", "status: proposed"), "nothing requires it"),
            (DUTY.replace("status: law", "status: bill"), "nothing requires it"),
            (DUTY.replace("attendance: counsel", "attendance: reject"), "One of"),
            (DUTY.replace("roles: [author]", "roles: [chinese]"), "roles"),
            (DUTY + "    nationality: CN\n", "unknown key"),
            (DUTY + "    law: [no_such_law]\n", "register"),
            (DUTY + DUTY, "already taken"),
            (DUTY.replace(", compute: none", ""), "compute"),
        ],
    )
    def test_it_refuses(self, duty: str, problem: str) -> None:
        with pytest.raises(ContentError, match=problem):
            policy(duty)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("undisclosed_tie: ask", "undisclosed_tie: stop"),
            ("undeclared_potential: ask", "undeclared_potential: counsel"),
            ("personal_days: 180", "personal_days: 9000"),
            ("question_days: 14", "question_days: 0"),
        ],
    )
    def test_what_no_law_asks_stays_a_question(self, old: str, new: str) -> None:
        """A gap in a form, or a phrase, can never become an action; data is not kept for ever."""
        with pytest.raises(ContentError):
            policy(head=HEAD.replace(old, new))

    @pytest.mark.parametrize(
        ("old", "new", "line"),
        [
            ("question_days: 14", "question_dayz: 14", 5),
            ("undisclosed_tie: ask", "undisclosed_tye: ask", 6),
            ("personal_days: 180", "personal_dayz: 180", 7),
            ("    roles: [author]", "    rolez: [author]", 14),
            ("compute: none", "computer: none", 16),
        ],
    )
    def test_a_misspelt_key_is_named_with_its_line_before_a_missing_one(self, old: str, new: str, line: int) -> None:
        text = (HEAD + DUTY).replace(old, new)
        with pytest.raises(ContentError, match="unknown key") as fault:
            read_policy(text, "mine.yml")
        wrong, meant = (each.strip(" :{").partition(":")[0] for each in (new, old))
        assert wrong in str(fault.value) and f"Did you mean {meant}?" in fault.value.remedy
        assert fault.value.place is not None and fault.value.place.line == line


class TestTime:
    def test_a_duty_asks_within_its_time_only(self) -> None:
        made = policy(DUTY + "    effective_from: 2026-01-01\n    effective_to: 2026-06-30\n")
        days = {date(2025, 12, 31): Action.NONE, date(2026, 1, 1): Action.COUNSEL, date(2026, 6, 30): Action.COUNSEL}
        days[date(2026, 7, 1)] = Action.NONE
        for day, action in days.items():
            assert made.asked(day, "IR", ["us_ofac_sdn"], [])[Service.ATTENDANCE][0] is action

    def test_a_proposed_text_is_never_called_required(self) -> None:
        made = policy(DUTY.replace("status: law", "status: proposed").replace("counsel", "ask"))
        assert made.duties[0].as_json()["required"] is False

    def test_the_same_wording_has_the_same_version(self) -> None:
        assert policy().version == policy().version != policy(DUTY.replace("One", "Two")).version
