"""What is nearly the same adds bits, and only to pairs that are related already."""

from __future__ import annotations

import pytest

from vedette.base import Address, Name, Party, PartyKind
from vedette.linking import Link, Part, weights
from vedette.linking.similar import similar, strengthened

USED = weights()
DEVICE = Part("device", "machine", 2, 12.0)


def party(name: str = "", born: str = "", address: str = "", kind: PartyKind = PartyKind.PERSON) -> Party:
    return Party(
        id="x",
        kind=kind,
        names=(Name(name),) if name else (),
        birth_dates=(born,) if born else (),
        addresses=(Address(address),) if address else (),
    )


class TestSimilar:
    @pytest.mark.parametrize(
        ("left", "right", "kinds"),
        [
            (party("김철수"), party("Kim Chol Su"), ["similar_name"]),
            (party("John Smith"), party("Smith, John"), ["similar_name"]),
            (party("Anna Ho"), party("Bo Ho"), []),
            (party("John Smith", kind=PartyKind.ORGANIZATION), party("John Smith"), []),
            (party(born="1971-06-24"), party(born="1971-06-25"), ["similar_birth_date"]),
            (party(born="1971-06-08"), party(born="1971-08-06"), ["similar_birth_date"]),
            (party(born="1971"), party(born="1972"), []),
            (party(address="12 Long Street, Ham"), party(address="12 Long Sreet Ham"), ["similar_address"]),
            (party(address="12 Long Street, Ham"), party(address="14 Long Street, Ham"), []),
            (party(), party(), []),
        ],
    )
    def test_kinds(self, left: Party, right: Party, kinds: list[str]) -> None:
        assert [part.kind for part in similar(left, right, (), USED)] == kinds
        assert similar(left, right, (), USED) == similar(right, left, (), USED)

    def test_never_more_than_a_kind_may_give(self) -> None:
        for part in similar(
            party("Zebulon Quartermain", "1971-06-24"), party("Zebulon Quartermaine", "1971-06-25"), (), USED
        ):
            assert 0 < part.bits <= USED.by_name[part.kind].most_bits

    def test_what_is_equal_is_not_counted_again_as_similar(self) -> None:
        equal = Part("name", "person", 2, 12.0)
        assert similar(party("John Smith"), party("Smith John"), (equal,), USED) == ()

    def test_relatives_live_at_one_address(self) -> None:
        left, right = party(address="12 Long Street"), party(address="12 Long Streeet")
        assert similar(left, right, (), USED, frozenset({"kin"})) == ()


class TestStrengthened:
    def test_a_related_pair_of_one_name_in_two_scripts_becomes_one_hand(self) -> None:
        people = {"a": party("김철수"), "b": party("Kim Chol Su")}
        (link,) = strengthened([Link("a", "b", 2.0, (DEVICE,))], people.get, USED, {})
        assert link.bits >= USED.same
        assert [part.kind for part in link.parts] == ["device", "similar_name"]

    @pytest.mark.parametrize("bits", [-3.0, 7.0])
    def test_others_are_left_as_they_are_and_stay_sealed(self, bits: float) -> None:
        def unseal(account: str) -> Party | None:
            raise AssertionError(f"{account} was unsealed")

        link = Link("a", "b", bits, (DEVICE,))
        assert strengthened([link], unseal, USED, {}) == [link]

    def test_a_shredded_account_says_nothing(self) -> None:
        link = Link("a", "b", 2.0, (DEVICE,))
        assert strengthened([link], lambda account: None, USED, {}) == [link]
