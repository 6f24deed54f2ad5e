"""Screening against real lists: entries as listed are found, namesakes and strangers are not stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vedette import watchlists
from vedette.base import Party, PartyKind
from vedette.screening import Edition, Index, Level, screen
from vedette.watchlists import Listing

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def people(shared_data: Path) -> list[Listing]:
    """The persons of the Security Council's list."""
    (found,) = watchlists.read([shared_data / "watchlists" / "un" / "un_consolidated_2026-02-27.xml.gz"])
    return [one for one in found.reading.listings if one.party.kind is PartyKind.PERSON]


@pytest.fixture(scope="module")
def index(people: list[Listing]) -> Index:
    """The index over them."""
    return Index.of(people, Edition(list_id="un_sc_consolidated", version="2026-02-27", entries_hash="0"))


def _bare(one: Listing, **facts: object) -> Party:
    return replace(Party(id=one.entity_id, kind=PartyKind.PERSON, names=one.party.names[:1]), **facts)  # type: ignore[arg-type]  # facts of a Party


class TestSecurityCouncil:
    def test_everybody_is_found_by_name_and_nobody_stopped_by_it(self, people: list[Listing], index: Index) -> None:
        answers = list(screen(map(_bare, people), against=index, limit=10))
        for one, matches in zip(people, answers, strict=True):
            assert one.entity_id in [match.entity_id for match in matches if match.score >= 0.7]
            assert all(match.level is not Level.IDENTIFIED for match in matches)

    def test_a_whole_birth_date_identifies(self, people: list[Listing], index: Index) -> None:
        dated = [one for one in people if any(len(day) == 10 and day[5:] != "01-01" for day in one.party.birth_dates)]
        asked = [_bare(one, birth_dates=one.party.birth_dates) for one in dated]
        found = [
            {match.entity_id for match in matches if match.level is Level.IDENTIFIED}
            for matches in screen(asked, against=index, limit=10)
        ]
        hits = sum(one.entity_id in ids for one, ids in zip(dated, found, strict=True))
        assert hits >= 0.99 * len(dated)

    def test_a_namesake_of_another_birth_date_is_context(self, people: list[Listing], index: Index) -> None:
        dated = [one for one in people if one.party.birth_dates]
        asked = [_bare(one, birth_dates=("2004-06-17",)) for one in dated]
        for one, matches in zip(dated, screen(asked, against=index, limit=10), strict=True):
            own = [match for match in matches if match.entity_id == one.entity_id]
            assert own and own[0].level is Level.CONTRADICTED and own[0].score < 0.7
