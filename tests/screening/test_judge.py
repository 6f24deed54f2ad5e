"""The score: bounded, moved the right way by each field, and level with what may follow from it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screening.people import COMPANY, EDITION, LISTINGS, PERSON, VESSEL, customer, listing
from vedette.base import Address, Identifier, Party, PartyKind
from vedette.names import Comparison
from vedette.screening import Feature, Index, Level, Match, Outcome, score
from vedette.screening.judge import compare_kinds, is_corroborated, total

_RARE = "Bartholomew Quentin Volkonskayev"
_FIRM = "Zarvanitsa Hydroacoustic Instruments Company Limited"

_FEATURES = st.lists(
    st.builds(
        Feature,
        field=st.sampled_from(["birth_date", "country", "address"]),
        outcome=st.sampled_from(list(Outcome)),
        text=st.just("said"),
        pull=st.floats(-0.9, 0.9),
        second=st.booleans(),
        proof=st.booleans(),
    ),
    max_size=6,
)
_NAMES = st.builds(Comparison, st.floats(0, 1), st.floats(-20, 60), st.just(("names",)))


def _first(index: Index, party: Party) -> Match:
    return score(party, against=index)[0]


class TestTotal:
    @given(_NAMES, _FEATURES, st.booleans())
    def test_stays_between_nothing_and_certain(self, name: Comparison, features: list[Feature], weak: bool) -> None:
        assert 0.0 <= total(name, features, weak=weak) < 1.0

    @given(_NAMES, _FEATURES, st.floats(0.01, 0.9))
    def test_a_contradiction_lowers(self, name: Comparison, features: list[Feature], pull: float) -> None:
        against = Feature("kind", Outcome.DIFFERS, "another", pull=-pull)
        assert total(name, [*features, against]) <= total(name, features)

    @given(_NAMES, _FEATURES, st.floats(0.01, 0.9))
    def test_a_corroboration_never_lowers(self, name: Comparison, features: list[Feature], pull: float) -> None:
        assert total(name, [*features, Feature("country", Outcome.AGREES, "same", pull=pull)]) >= total(name, features)

    @given(st.floats(0, 1), st.floats(0, 1))
    def test_a_better_name_never_scores_lower(self, one: float, other: float) -> None:
        low, high = sorted((one, other))
        assert total(Comparison(low, 10, ()), ()) <= total(Comparison(high, 10, ()), ())

    def test_of_equal_names_the_rarer_ranks_first(self) -> None:
        assert total(Comparison(1.0, 30, ()), ()) > total(Comparison(1.0, 12, ()), ())

    def test_chance_agreement_does_not_lift_a_name_below_the_threshold(self) -> None:
        year = Feature("birth_date", Outcome.AGREES, "year", pull=0.3)
        assert total(Comparison(0.65, 5, ()), [year]) == pytest.approx(0.65)

    def test_a_weak_alias_scores_lower_but_still_alerts(self) -> None:
        name = Comparison(1.0, 10, ())
        assert 0.7 <= total(name, (), weak=True) < total(name, ())


class TestLevels:
    def test_a_namesake_is_reviewed_and_never_stopped(self, index: Index) -> None:
        found = _first(index, customer(_RARE))
        assert (found.entity_id, found.level) == ("p-1", Level.NAME_ONLY)

    def test_name_and_birth_date_identify(self, index: Index) -> None:
        found = _first(index, customer(_RARE, birth_dates=("1961-03-14",)))
        assert found.level is Level.IDENTIFIED
        assert [feature.field for feature in found.corroboration] == ["birth_date"]

    @pytest.mark.parametrize(
        "facts",
        [
            {"birth_dates": ("1961",)},
            {"birth_dates": ("1961",), "countries": ("RU",)},
            {"countries": ("RU",), "addresses": (Address("12 Lesnaya Street, Korolev"),)},
        ],
    )
    def test_year_country_and_street_together_do_not_identify_a_person(
        self, index: Index, facts: dict[str, object]
    ) -> None:
        assert _first(index, customer(_RARE, **facts)).level is Level.NAME_ONLY

    def test_another_birth_date_makes_it_context_below_the_threshold(self, index: Index) -> None:
        found = _first(index, customer(_RARE, birth_dates=("1993-11-30",)))
        assert found.level is Level.CONTRADICTED
        assert found.score < 0.7

    def test_a_contradiction_scores_below_an_absence(self, index: Index) -> None:
        absent, other = customer(_RARE), customer(_RARE, birth_dates=("1993-11-30",))
        assert _first(index, other).score < _first(index, absent).score

    def test_a_company_of_a_persons_name_is_contradicted(self, index: Index) -> None:
        assert _first(index, customer(_RARE, COMPANY)).level is Level.CONTRADICTED

    @pytest.mark.parametrize(
        "facts",
        [
            {"identifiers": (Identifier("email", "bart@volkonskayev.example"),)},
            {"identifiers": (Identifier("phone", "+7 495 1234567"),)},
            {"identifiers": (Identifier("passport", "X12345678", "RU"),)},
        ],
    )
    def test_an_exact_identifier_identifies_without_a_name(self, index: Index, facts: dict[str, object]) -> None:
        found = _first(index, customer("Someone Else", **facts))
        assert (found.entity_id, found.level) == ("p-1", Level.IDENTIFIED)
        assert found.score >= 0.7

    def test_a_ship_is_identified_by_its_number_only(self, index: Index) -> None:
        named = _first(index, customer("Morning Heron", VESSEL))
        numbered = _first(index, customer("Other Name", VESSEL, identifiers=(Identifier("imo", "9187629"),)))
        assert (named.level, numbered.level) == (Level.NAME_ONLY, Level.IDENTIFIED)


class TestOrganisations:
    @pytest.mark.parametrize(
        "facts",
        [
            {"countries": ("CN",), "addresses": (Address("Dandong"),)},
            {"websites": ("zarvanitsa-hydro.example",)},
            {"identifiers": (Identifier("registration", "91210600MA0ABC123X", "CN"),)},
        ],
    )
    def test_a_second_identifier_corroborates(self, index: Index, facts: dict[str, object]) -> None:
        assert _first(index, customer(_FIRM, COMPANY, **facts)).level is Level.IDENTIFIED

    @pytest.mark.parametrize(
        "facts",
        [
            {},
            {"countries": ("CN",)},
            {"addresses": (Address("Dandong"),)},
            {"countries": ("US",), "addresses": (Address("Dandong"),)},
        ],
    )
    def test_the_name_with_less_stays_a_name(self, index: Index, facts: dict[str, object]) -> None:
        assert _first(index, customer(_FIRM, COMPANY, **facts)).level is Level.NAME_ONLY

    def test_another_number_of_the_same_register_lowers(self, index: Index) -> None:
        other = (Identifier("registration", "91210600MA0ZZZ999Y", "CN"),)
        assert (
            _first(index, customer(_FIRM, COMPANY, identifiers=other)).score
            < _first(index, customer(_FIRM, COMPANY)).score
        )


class TestCorroborated:
    def test_nothing_corroborates_a_name_below_the_threshold(self) -> None:
        day = Feature("birth_date", Outcome.AGREES, "day", second=True)
        assert not is_corroborated(Comparison(0.65, 20, ()), (day,), organisation=False)

    def test_a_common_name_against_a_large_population_needs_more(self, index: Index) -> None:
        """Name and birth date are met by chance among enough people: then a person looks, and nothing is stopped."""
        asked = customer(_RARE, birth_dates=("1961-03-14",))
        (found,) = score(asked, against=index, population=2**200)[:1]
        assert found.level is not Level.IDENTIFIED
        assert found.margin < 0


class TestKinds:
    @pytest.mark.parametrize(
        ("customer_kind", "listed_kind", "outcome"),
        [
            (PERSON, PERSON, Outcome.ABSENT),
            (PartyKind.UNKNOWN, PERSON, Outcome.ABSENT),
            (PERSON, COMPANY, Outcome.DIFFERS),
            (COMPANY, VESSEL, Outcome.DIFFERS),
        ],
    )
    def test_outcomes(self, customer_kind: PartyKind, listed_kind: PartyKind, outcome: Outcome) -> None:
        assert compare_kinds(customer_kind, listed_kind).outcome is outcome


class TestExplanation:
    def test_each_line_names_field_both_sides_and_bits(self, index: Index) -> None:
        """A reviewer reads what was compared, what was not there to compare, and what each part is worth."""
        lines = _first(index, customer(_RARE, birth_dates=("1961-03-14",))).explanation
        assert lines[0].startswith("name: ") and lines[0].endswith(" bits")
        assert "birth date (customer day, list day): birth date agrees to the day, +12.0 bits" in lines
        assert "country (customer missing, list given): country is missing on one side, +0.0 bits" in lines
        assert not any(line.startswith("website") for line in lines)

    def test_says_when_a_name_is_too_common_to_decide(self) -> None:
        index = Index.of([listing("p-9", PERSON, "Kim Jong Su")], EDITION)
        found = score(customer("Kim Jong Su"), against=index, population=2**40)[0]
        assert "never decisive" in found.explanation[-1]

    def test_never_repeats_the_customers_values(self, index: Index) -> None:
        asked = customer(
            "Bartholomew Volkonskayev", birth_dates=("1961-03-14",), identifiers=(Identifier("passport", "X12345678"),)
        )
        for feature in _first(index, asked).features:
            assert "1961" not in feature.text and "X1234" not in feature.text


class TestNeverScored:
    def test_the_words_of_a_party_hold_no_nationality_birthplace_or_gender(self) -> None:
        fields = set(Party.__dataclass_fields__)
        assert not fields & {"nationality", "birth_place", "gender", "ethnicity", "language"}

    def test_the_remarks_of_an_entry_move_no_score(self, index: Index) -> None:
        loud = [replace(one, remarks="nationality: any; gender: any") for one in LISTINGS]
        asked = customer(_RARE)
        found = score(asked, against=Index.of(loud, EDITION))
        assert [replace(one, entry_hash="") for one in found] == [
            replace(one, entry_hash="") for one in score(asked, against=index)
        ]
