"""RFC 6962: the published roots, and the laws of inclusion and consistency over trees of any size."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    consistent,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_from_inclusion,
)

# The eight inputs and the roots of their first 1..8 that certificate transparency's own tests use.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(data) for data in INPUTS]
SIZES = st.integers(1, 130)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def by_definition(hashed: list[bytes]) -> bytes:
    """The root as RFC 6962 section 2.1 defines it, without cleverness."""
    if len(hashed) == 1:
        return hashed[0]
    middle = 1
    while middle * 2 < len(hashed):
        middle *= 2
    return node_hash(by_definition(hashed[:middle]), by_definition(hashed[middle:]))


class TestRoot:
    @pytest.mark.parametrize("size", range(1, 9))
    def test_published_vectors(self, size: int) -> None:
        assert root(HASHES[:size]).hex() == ROOTS[size - 1]

    def test_of_nothing(self) -> None:
        assert root([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()

    @given(SIZES)
    def test_is_the_one_defined(self, size: int) -> None:
        assert root(leaves(size)) == by_definition(leaves(size))

    def test_a_leaf_cannot_pass_for_a_node(self) -> None:
        left, right = leaves(2)

        assert leaf_hash(left + right) != node_hash(left, right)


class TestFrontier:
    @given(SIZES, st.data())
    def test_growing_in_two_sittings_is_growing_in_one(self, size: int, data: st.DataObject) -> None:
        stop = data.draw(st.integers(0, size))
        first = Frontier()
        for hashed in leaves(size)[:stop]:
            first.append(hashed)

        second = Frontier.from_bytes(first.size, first.to_bytes())
        for hashed in leaves(size)[stop:]:
            second.append(hashed)

        assert (second.size, second.root()) == (size, root(leaves(size)))

    def test_the_wrong_number_of_nodes_is_refused(self) -> None:
        with pytest.raises(ValueError, match="2 frontier nodes"):
            Frontier(3, [b"x" * 32])


class TestInclusion:
    @given(SIZES, st.data())
    def test_every_leaf_is_provable(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, size - 1))
        hashed = leaves(size)

        proof = inclusion_proof(hashed, index)

        assert root_from_inclusion(hashed[index], index, size, proof) == root(hashed)

    @given(st.integers(2, 130), st.data())
    def test_another_leaf_place_or_size_does_not_prove(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, size - 1))
        hashed = leaves(size)
        proof = inclusion_proof(hashed, index)

        def proves(leaf: bytes, place: int, of: int) -> bool:
            try:
                return root_from_inclusion(leaf, place, of, proof) == root(hashed)
            except ValueError:
                return False

        assert not proves(leaf_hash(b"changed"), index, size)
        other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
        assert not proves(hashed[index], other, size)

    @given(SIZES, st.data())
    def test_a_proof_cut_or_lengthened_is_refused_or_fails(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, size - 1))
        hashed = leaves(size)
        proof = inclusion_proof(hashed, index)
        wrong = data.draw(st.sampled_from([(*proof, bytes(32)), proof[:-1], proof[1:]]))

        if wrong != proof:
            with pytest.raises(ValueError, match="too (long|short)"):
                root_from_inclusion(hashed[index], index, size, wrong)

    @pytest.mark.parametrize("index", [-1, 3])
    def test_outside_the_tree(self, index: int) -> None:
        with pytest.raises(IndexError):
            inclusion_proof(leaves(3), index)
        with pytest.raises(ValueError, match="outside"):
            root_from_inclusion(leaves(3)[0], index, 3, ())


class TestConsistency:
    @given(SIZES, st.data())
    def test_every_prefix_is_provable(self, size: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, size))
        hashed = leaves(size)

        proof = consistency_proof(hashed, old)

        assert consistent(old, size, root(hashed[:old]), root(hashed), proof)

    @given(st.integers(2, 130), st.data())
    def test_a_changed_past_is_not(self, size: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, size - 1))
        changed = data.draw(st.integers(0, old - 1))
        hashed = leaves(size)
        forged = [leaf_hash(b"forged") if place == changed else leaf for place, leaf in enumerate(hashed)]

        proof = consistency_proof(forged, old)

        assert not consistent(old, size, root(hashed[:old]), root(forged), proof)

    @given(st.integers(2, 130), st.data())
    def test_a_changed_byte_of_a_proof_is_noticed(self, size: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, size - 1))
        hashed = leaves(size)
        proof = list(consistency_proof(hashed, old))
        place = data.draw(st.integers(0, len(proof) - 1))
        proof[place] = bytes([proof[place][0] ^ 1, *proof[place][1:]])

        assert not consistent(old, size, root(hashed[:old]), root(hashed), proof)

    @pytest.mark.parametrize("old", [0, -1, 4])
    def test_impossible_sizes_are_refused(self, old: int) -> None:
        with pytest.raises(ValueError, match="no proof"):
            consistency_proof(leaves(3), old)

    def test_published_vector(self) -> None:
        proof = consistency_proof(HASHES, 6)

        assert consistent(6, 8, bytes.fromhex(ROOTS[5]), bytes.fromhex(ROOTS[7]), proof)
        assert not consistent(5, 8, bytes.fromhex(ROOTS[4]), bytes.fromhex(ROOTS[7]), proof)

    @pytest.mark.parametrize(("old", "new", "proof"), [(3, 3, [bytes(32)]), (3, 5, []), (2, 1, []), (4, 8, [])])
    def test_malformed_proofs_hold_nothing(self, old: int, new: int, proof: list[bytes]) -> None:
        roots = {size: root(leaves(size)) for size in (1, 2, 3, 4, 5, 8)}

        assert not consistent(old, new, roots[old], roots[new], proof)
