"""Identifiers: one normal form, and when sharing one identifies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screening.people import ETHER, customer
from vedette.base import Identifier
from vedette.screening.identifiers import Tag, compare_identifiers, normal, tags
from vedette.screening.model import Feature, Outcome


def _compared(mine: Tag, theirs: Tag, name_score: float = 0.0) -> list[Feature]:
    return list(compare_identifiers([mine], [theirs], name_score))


class TestNormal:
    @pytest.mark.parametrize(
        ("kind", "value", "country", "key"),
        [
            ("email", " Bart@Volkonskayev.Example ", "", "email:bart@volkonskayev.example"),
            ("email", "no address", "", None),
            ("phone", "+7 (495) 123-45-67", "", "phone:+74951234567"),
            ("phone", "(850) 555-0142", "US", "phone:+18505550142"),
            ("phone", "+850 2 18111", "", "phone:+850218111"),
            ("phone", "12", "US", None),
            ("wallet", ETHER, "", f"wallet:{ETHER.lower()}"),
            ("wallet", "1BoatSLR", "", "wallet:1BoatSLR"),
            ("imo", "IMO 9187629", "", "imo:9187629"),
            ("passport", "X 12-345678", "RU", "document:X12345678"),
            ("national_id", "x12345678", "", "document:X12345678"),
            ("passport", "1234", "", None),
            ("registration", "ABCDEF", "", None),
            ("tax", "91210600MA0ABC123X", "CN", "company number:91210600MA0ABC123X"),
            ("swift", "KTCBKPPY", "", "swift:KTCBKPPY"),
            ("swift", "KTCB", "", None),
            ("nickname", "12345678", "", None),
            ("email", "a" * 300 + "@b.example", "", None),
        ],
    )
    def test_kinds(self, kind: str, value: str, country: str, key: str | None) -> None:
        found = normal(Identifier(kind, value, country))
        assert (found.key if found else None) == key

    def test_florida_is_not_korea(self) -> None:
        florida = normal(Identifier("phone", "850 555 0142"), "US")
        assert florida is not None
        assert florida.value.startswith("+1850")

    @given(st.sampled_from(["email", "phone", "wallet", "passport", "registration", "imo"]), st.text(max_size=250))
    def test_any_text_gets_a_form_or_none(self, kind: str, value: str) -> None:
        found = normal(Identifier(kind, value), "US")
        assert found is None or found.value

    def test_repeats_count_once(self) -> None:
        party = customer(identifiers=(Identifier("passport", "X1234567"), Identifier("national_id", "x 1234567")))
        assert len(tags(party)) == 1


class TestCompareIdentifiers:
    @pytest.mark.parametrize("group", ["email", "phone", "wallet", "imo", "lei", "swift"])
    def test_a_worldwide_identifier_proves_without_a_name(self, group: str) -> None:
        (found,) = _compared(Tag(group, "same"), Tag(group, "same"))
        assert (found.outcome, found.proof) == (Outcome.AGREES, True)

    def test_a_document_of_the_same_issuer_proves(self) -> None:
        (found,) = _compared(Tag("document", "X12345678", "RU"), Tag("document", "X12345678", "RU"))
        assert found.proof

    def test_the_same_number_of_another_issuer_is_another_document(self) -> None:
        (found,) = _compared(Tag("document", "X12345678", "DE"), Tag("document", "X12345678", "RU"), 1.0)
        assert found.outcome is Outcome.ABSENT

    def test_a_number_without_issuer_needs_a_name_that_fits(self) -> None:
        pair = (Tag("document", "006061"), Tag("document", "006061", "SD"))
        assert not _compared(*pair, name_score=0.2)[0].proof
        assert _compared(*pair, name_score=0.8)[0].proof

    def test_two_company_numbers_of_one_register_contradict(self) -> None:
        (found,) = _compared(Tag("company number", "12345678", "GB"), Tag("company number", "87654321", "GB"))
        assert found.outcome is Outcome.DIFFERS
        assert found.pull < 0

    @pytest.mark.parametrize("group", ["email", "phone", "document", "wallet"])
    def test_another_address_or_document_contradicts_nothing(self, group: str) -> None:
        (found,) = _compared(Tag(group, "1234567", "GB"), Tag(group, "7654321", "GB"))
        assert (found.outcome, found.bits) == (Outcome.ABSENT, 0)

    def test_different_kinds_are_not_compared(self) -> None:
        assert _compared(Tag("document", "1234567"), Tag("company number", "1234567")) == []
