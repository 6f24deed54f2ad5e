"""The RFC 6962 Merkle tree: leaf and node hashes, a frontier to append to, roots, inclusion and consistency proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf's bytes (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the perfect subtrees of a growing tree, largest first: enough to append and to give the root."""

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._nodes = list(nodes)
        if len(self._nodes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} frontier nodes, not {len(self._nodes)}")

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """Read what ``to_bytes`` gave."""
        return cls(size, (data[start : start + 32] for start in range(0, len(data), 32)))

    def to_bytes(self) -> bytes:
        """The nodes, 32 bytes each, largest subtree first."""
        return b"".join(self._nodes)

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf by its hash."""
        node, size = hashed_leaf, self.size
        while size & 1:
            node = node_hash(self._nodes.pop(), node)
            size >>= 1
        self._nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root hash."""
        if not self._nodes:
            return EMPTY_ROOT
        node = self._nodes[-1]
        for left in reversed(self._nodes[:-1]):
            node = node_hash(left, node)
        return node


def root(hashed_leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    frontier = Frontier()
    for hashed in hashed_leaves:
        frontier.append(hashed)
    return frontier.root()


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(hashed_leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of one leaf, from the leaf upwards. Raises IndexError outside the tree."""
    size = len(hashed_leaves)
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size}")
    if size == 1:
        return ()
    middle = _split(size)
    if index < middle:
        return (*inclusion_proof(hashed_leaves[:middle], index), root(hashed_leaves[middle:]))
    return (*inclusion_proof(hashed_leaves[middle:], index - middle), root(hashed_leaves[:middle]))


def root_from_inclusion(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a proof implies. Raises ValueError where the proof has the wrong length."""
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside the tree")
    node, position, last = hashed_leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    if last:
        raise ValueError("the proof is too short")
    return node


def consistency_proof(hashed_leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Proof that the tree of ``old_size`` leaves is a prefix of this one (RFC 6962 section 2.1.2)."""
    size = len(hashed_leaves)
    if not 0 < old_size <= size:
        raise ValueError(f"no proof from {old_size} to {size} leaves")
    return _subproof(hashed_leaves, old_size, whole=True)


def _subproof(hashed_leaves: Sequence[bytes], old_size: int, *, whole: bool) -> tuple[bytes, ...]:
    size = len(hashed_leaves)
    if old_size == size:
        return () if whole else (root(hashed_leaves),)
    middle = _split(size)
    if old_size <= middle:
        return (*_subproof(hashed_leaves[:middle], old_size, whole=whole), root(hashed_leaves[middle:]))
    return (*_subproof(hashed_leaves[middle:], old_size - middle, whole=False), root(hashed_leaves[:middle]))


def consistent(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a consistency proof holds between two roots."""
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_node = node_hash(sibling, old_node)
            new_node = node_hash(sibling, new_node)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new_node = node_hash(new_node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and new_node == new_root
