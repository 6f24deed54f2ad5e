"""The tree, the fast verifier and the commitments agree with slow readings of their definitions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.audit import oracle
from vedette.audit import tree, verifier
from vedette.audit.rows import commitments
from vedette.audit.store import commitment, row_id

ENTRIES = st.lists(st.binary(max_size=4), min_size=1, max_size=70)
VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.binary(max_size=6)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)


class TestTree:
    @given(ENTRIES, st.integers(0, 69), st.integers(1, 70))
    def test_roots_and_proofs(self, entries: list[bytes], index: int, old: int) -> None:
        hashes = [tree.leaf_hash(entry) for entry in entries]
        index, old = index % len(entries), 1 + old % len(entries)

        assert tree.root(hashes) == oracle.mth(entries)
        assert list(tree.inclusion_proof(hashes, index)) == oracle.path(index, entries)
        assert list(tree.consistency_proof(hashes, old)) == oracle.proof(old, entries)


class TestVerifier:
    @given(ENTRIES, st.sets(st.integers(0, 70), max_size=4), st.lists(st.integers(1, 70), max_size=4))
    def test_runs_of_any_length_grow_the_same_tree(
        self, entries: list[bytes], sizes: set[int], cuts: list[int]
    ) -> None:
        """However the leaves are dealt to processes, the roots are those of the definition."""
        grown = verifier._Tree(sizes)
        bounds = sorted({0, len(entries), *(cut for cut in cuts if cut < len(entries))})
        for start, end in zip(bounds, bounds[1:], strict=False):
            grown.add(verifier._run(start, [tree.leaf_hash(entry) for entry in entries[start:end]], sizes))

        assert grown.root() == oracle.mth(entries)
        assert grown.roots == {size: oracle.mth(entries[:size]) for size in sizes if size <= len(entries)}


class TestCommitments:
    @given(st.binary(min_size=1, max_size=70), st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=5))
    def test_many_rows_at_once_are_committed_as_each_alone(self, key: bytes, rows: list[tuple[object, ...]]) -> None:
        names = ['a"%s', "b%", "ç"]

        found = list(commitments(key, 't%"', names, ["ç", 'a"%s'], rows))

        each = [dict(zip(names, row, strict=True)) for row in rows]
        assert found == [(row_id(row, ["ç", 'a"%s']), commitment(key, 't%"', row)) for row in each]
