"""Faults as problem details: the kind, what to do, and nothing of the input or of this machine."""

from __future__ import annotations

import json

import pytest

from vedette.base import ContentError, Place, VedetteError
from vedette.doors.web.frame import places
from vedette.doors.web.problem import MEDIA_TYPE, Problem, of_fault, respond
from vedette.store import StateError, WorkspaceError


class TestProblem:
    def test_its_members(self) -> None:
        problem = Problem(412, "changed", "It changed", remedy="Read again", extra={"seen": 3})

        assert problem.as_json("id-1") == {
            "type": "urn:vedette:problem:changed",
            "title": "Precondition Failed",
            "status": 412,
            "detail": "It changed",
            "remedy": "Read again",
            "seen": 3,
            "request_id": "id-1",
        }

    def test_its_answer(self) -> None:
        answer = respond(Problem(429, "slow", "Wait", headers={"Retry-After": "2"}), "id-1")

        assert answer.media_type == MEDIA_TYPE
        assert answer.headers["retry-after"] == "2"
        assert "remedy" not in json.loads(bytes(answer.body))


class TestFaultsOfRooms:
    def test_a_refusal_tells_field_item_and_remedy(self) -> None:
        fault = VedetteError("must be a list", place=Place("customers", 3, "owners"), remedy="Send a list")

        problem = of_fault(fault)

        assert (problem.status, problem.detail, problem.remedy) == (422, "must be a list", "Send a list")
        assert problem.extra == {"field": "owners", "item": 3}

    @pytest.mark.parametrize("fault", [StateError("file /secret is locked"), WorkspaceError("no folder /secret")])
    def test_what_is_down_is_503_and_names_no_path(self, fault: VedetteError) -> None:
        problem = of_fault(fault)

        assert problem.status == 503
        assert "/secret" not in problem.detail + problem.remedy

    def test_faulty_content_of_the_program_is_not_the_caller_s_fault(self) -> None:
        problem = of_fault(ContentError("'signins' is ''", place=Place("adapter.yml", 3, "signins")))

        assert problem.status == 500
        assert "signins" not in str(problem.as_json(""))

    def test_texts_are_printable_and_short(self) -> None:
        problem = of_fault(VedetteError("a\x1b[31m\n" + "x" * 1000))

        assert problem.detail.isprintable()
        assert len(problem.detail) == 400


class TestPlaces:
    def test_an_exception_is_told_by_kind_and_place_without_its_message(self) -> None:
        try:
            raise ValueError("Ann Example")
        except ValueError as fault:
            text = places(fault)

        assert text.startswith("ValueError < ")
        assert "test_problem.py" in text
        assert "Ann" not in text
