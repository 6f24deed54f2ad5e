"""One short word is too little to resemble a listed name."""

from __future__ import annotations

import pytest

from vedette import screening
from vedette.base import Identifier, Name, Party, PartyKind
from vedette.screening import Edition, Index, Level
from vedette.watchlists import Listing

LISTINGS = (
    Listing(entity_id="1", party=Party(id="1", kind=PartyKind.PERSON, names=(Name("Petar Potohar"), Name("POTOHAR")))),
    Listing(
        entity_id="2",
        party=Party(
            id="2",
            kind=PartyKind.ORGANIZATION,
            names=(Name("Kalai Industries Management"),),
            identifiers=(Identifier("email", "kim@kalai.example"),),
        ),
    ),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.of(
        LISTINGS, Edition(list_id="list", version="v1", entries_hash="", obligation="duty", citation=("OFAC-01",))
    )


class TestOneShortWord:
    @pytest.mark.parametrize("word", ["Peter", "KIM", "Anna", "B"])
    def test_troubles_nobody_by_resemblance(self, index: Index, word: str) -> None:
        """Every Peter would otherwise wait for a reviewer."""
        assert screening.score(Party(id="q", names=(Name(word),)), against=index) == ()

    def test_the_listed_word_itself_is_found(self, index: Index) -> None:
        found = screening.score(Party(id="q", names=(Name("Potohar"),)), against=index)
        assert [match.entity_id for match in found] == ["1"]

    def test_an_identifier_still_counts(self, index: Index) -> None:
        party = Party(id="q", names=(Name("Kim"),), identifiers=(Identifier("email", "kim@kalai.example"),))
        assert [match.level for match in screening.score(party, against=index)] == [Level.IDENTIFIED]
