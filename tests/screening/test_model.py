"""The output form of a match, and the order of matches."""

from __future__ import annotations

import json
import random

from tests.screening.people import EDITION, customer
from vedette.screening import Index, score
from vedette.screening.model import ranked


class TestMatch:
    def test_has_the_fields_of_the_contract(self, index: Index) -> None:
        (found,) = score(customer("Kim Jong Su"), against=index)
        row = found.as_json()
        assert list(row)[:7] == ["entity_id", "list", "list_version", "name", "score", "bits", "explanation"]
        assert (row["list"], row["list_version"]) == (EDITION.list_id, EDITION.version)
        assert json.loads(json.dumps(row)) == row

    def test_carries_what_a_finding_has_to_cite(self, index: Index) -> None:
        (found,) = score(customer("Kim Jong Su"), against=index)
        assert (found.obligation, found.citation, found.dprk) == (EDITION.obligation, EDITION.citation, True)


class TestAsk:
    def test_a_common_name_alone_asks_the_customer(self, index: Index) -> None:
        (found,) = score(customer("Kim Jong Su", countries=("KR",)), against=index, population=2**60)
        assert found.ask == ("birth_date", "country", "address")

    def test_a_rare_name_goes_to_a_reviewer(self, index: Index) -> None:
        assert score(customer("Volkonskayev Bartholomew Quentin"), against=index)[0].ask == ()


class TestRanked:
    def test_does_not_depend_on_the_order_given(self, index: Index) -> None:
        found = list(score(customer("Kim Ri Jong Hyon Su"), against=index, threshold=0.3))
        mixed = random.Random(1).sample(found, len(found))
        assert ranked(mixed) == tuple(found)
