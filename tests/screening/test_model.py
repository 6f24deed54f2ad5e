"""The output form of a match, and the order of matches."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.screening.people import EDITION, customer
from vedette.screening import Index, score
from vedette.screening.model import Call, ranked


class TestMatch:
    def test_has_the_fields_of_the_contract(self, index: Index) -> None:
        (found,) = score(customer("Kim Jong Su"), against=index)
        row = found.as_json()
        contract = {"entity_id", "list", "list_version", "name", "score", "probability", "bits", "explanation"}
        assert contract <= row.keys()
        assert (row["list"], row["list_version"]) == (EDITION.list_id, EDITION.version)
        assert json.loads(json.dumps(row)) == row

    def test_carries_what_a_finding_has_to_cite(self, index: Index) -> None:
        (found,) = score(customer("Kim Jong Su"), against=index)
        assert (found.obligation, found.citation, found.dprk) == (EDITION.obligation, EDITION.citation, True)


class TestAsk:
    @pytest.mark.parametrize(
        ("name", "facts", "ask"),
        [
            ("Volkonskayev Bartholomew", {}, ("birth_date", "country", "address")),
            ("Volkonskayev Bartholomew", {"birth_dates": ("1961",)}, ("birth_date", "country", "address")),
            ("Volkonskayev Bartholomew", {"countries": ("RU",)}, ("birth_date", "address")),
            ("Kim Jong Su", {"countries": ("KR",)}, ("identity_document",)),
            ("Ri Hyon Chol", {"birth_dates": ("1970",), "countries": ("KP",)}, ("identity_document",)),
        ],
    )
    def test_a_common_name_asks_for_what_the_list_can_answer(
        self, index: Index, name: str, facts: dict[str, Any], ask: tuple[str, ...]
    ) -> None:
        """A namesake answers one question and goes on; nobody spends a reviewer's hour on a name and a year."""
        found = score(customer(name, **facts), against=index, population=2**100)[0]
        assert (found.call, found.ask) == (Call.ASK, ask)

    def test_a_rare_name_goes_to_a_reviewer(self, index: Index) -> None:
        found = score(customer("Volkonskayev Bartholomew Quentin"), against=index)[0]
        assert (found.call, found.ask) == (Call.REVIEW, ())

    @pytest.mark.parametrize(("born", "call"), [("1961-03-14", Call.HOLD), ("1999-12-30", Call.NOTE)])
    def test_a_birth_date_holds_or_lets_go(self, index: Index, born: str, call: Call) -> None:
        found = score(customer("Volkonskayev Bartholomew", birth_dates=(born,)), against=index)[0]
        assert found.call is call


class TestProbability:
    def test_grows_with_what_agrees(self, index: Index) -> None:
        facts: list[dict[str, Any]] = [
            {"birth_dates": ("1999-12-30",)},
            {},
            {"birth_dates": ("1961",)},
            {"birth_dates": ("1961-03-14",)},
        ]
        found = [score(customer("Bartholomew Volkonskayev", **one), against=index)[0].probability for one in facts]
        assert found == sorted(found) and len(set(found)) == len(found)
        assert 0 < found[0] < found[-1] < 1


class TestRanked:
    def test_does_not_depend_on_the_order_given(self, index: Index) -> None:
        found = list(score(customer("Kim Ri Jong Hyon Su"), against=index, threshold=0.3))
        mixed = random.Random(1).sample(found, len(found))
        assert ranked(mixed) == tuple(found)
