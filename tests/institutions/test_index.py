"""The index: the same from the same rows, read back as written, refused where damaged."""

from __future__ import annotations

import pytest

from tests.institutions.conftest import WORLD, organisation
from vedette.institutions import InstitutionError, Organisation
from vedette.institutions.index import SHORT, Index, build, dump, restore


class TestIndex:
    def test_it_is_read_back_as_it_was_written(self, world: Index) -> None:
        again = restore(dump(world), "world")
        assert dump(again) == dump(world)
        assert again.of_form == world.of_form

    def test_the_order_of_rows_does_not_matter(self) -> None:
        assert dump(build(WORLD)) == dump(build(WORLD[::-1]))

    def test_nothing_makes_an_empty_index_that_works(self) -> None:
        empty = restore(dump(build(())), "empty")
        assert empty.ids == []

    @pytest.mark.parametrize("damage", [b"", b"x", b"vedette-institutions\n" + bytes(64)])
    def test_damaged_bytes_are_refused(self, damage: bytes) -> None:
        with pytest.raises(InstitutionError):
            restore(damage, "damaged")

    def test_a_flipped_byte_is_refused(self, world: Index) -> None:
        data = bytearray(dump(world))
        data[len(data) // 2] ^= 1
        with pytest.raises(InstitutionError, match="damaged"):
            restore(bytes(data), "flipped")

    def test_a_bracket_and_a_town_may_be_left_out_of_a_name(self) -> None:
        index = build(
            [
                organisation("01", "Acme Optics (Germany)", country="DE"),
                organisation("02", "Humboldtia Universität zu Berlin", country="DE", cities=("Berlin",)),
            ]
        )
        assert [kind for _, kind in index.owners(index.of_form["acme optics"])] == [SHORT]
        assert [kind for _, kind in index.owners(index.of_form["humboldtia university"])] == [SHORT]

    def test_a_row_that_is_another_lends_it_its_names(self) -> None:
        index = build(
            [
                organisation("0zoo", "Zoological Institute, State Academy", country="KP"),
                Organisation(id="kp:zoo", names=("동물학연구소",), country="KP", same_as=("https://ror.org/0zoo",)),
            ]
        )
        ((owner, _),) = index.owners(index.of_form["동 물 학 연 구 소"])
        assert index.ids[owner] == "https://ror.org/0zoo"

    def test_circular_parents_end(self) -> None:
        index = build(
            [
                organisation("0a", "First Sample", parents=("https://ror.org/0b",)),
                organisation("0b", "Second Sample", parents=("https://ror.org/0a",)),
            ]
        )
        assert index.ancestors(0) == {0, 1}
