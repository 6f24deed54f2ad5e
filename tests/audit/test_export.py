"""An export holds the whole log; a proof ties one leaf to the signed root."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.made import ANNA
from vedette import audit
from vedette.audit.checkpoint import opened, public_bytes
from vedette.audit.export import NoSuchLeaf
from vedette.audit.store import signing_key
from vedette.audit.tree import leaf_hash, root, root_from_inclusion
from vedette.base import FixedClock
from vedette.store import Store


@pytest.fixture(autouse=True)
def _filled(store: Store, clock: FixedClock) -> None:
    for number in range(7):
        with audit.writing(store, ANNA, "tell", clock=clock) as act:
            act.fact("number", number)


class TestExport:
    def test_head_and_every_leaf(self, store: Store, tmp_path: Path) -> None:
        count = audit.export(store, tmp_path / "log")

        head, *leaves = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
        assert (head["kind"], head["v"], count) == ("vedette-audit-log", 2, 7)
        assert [row["facts"]["number"] for row in leaves] == list(range(7))

    def test_each_line_is_the_leaf_as_it_was_hashed(self, store: Store, tmp_path: Path) -> None:
        audit.export(store, tmp_path / "log")

        hashes = [leaf_hash(line) for line in (tmp_path / "log").read_bytes().splitlines()[1:]]
        assert root(hashes).hex() == audit.verify(store).root

    def test_no_key_leaves_the_house(self, store: Store, tmp_path: Path) -> None:
        audit.export(store, tmp_path / "log")

        data = (tmp_path / "log").read_bytes()
        for key in store.workspace.keys.glob("*.key"):
            assert key.read_bytes() not in data
            assert base64.b64encode(key.read_bytes()) not in data


class TestProof:
    @pytest.mark.parametrize("index", range(7))
    def test_ties_a_leaf_to_the_signed_root(self, store: Store, index: int) -> None:
        told = audit.proof(store, index)

        signed = opened(told["checkpoint"], public_bytes(signing_key(store)))
        hashed = leaf_hash(base64.b64decode(told["leaf_bytes"]))
        path = [base64.b64decode(node) for node in told["proof"]]
        assert base64.b64decode(told["leaf_hash"]) == hashed
        assert told["leaf"]["facts"] == {"number": index}
        assert root_from_inclusion(hashed, index, signed.size, path) == signed.root

    def test_several_share_one_checkpoint(self, store: Store) -> None:
        told = audit.proofs(store, [5, 2])

        assert [item["index"] for item in told] == [5, 2]
        assert len({item["checkpoint"] for item in told}) == 1

    @pytest.mark.parametrize("index", [-1, 7, 10**9])
    def test_no_such_leaf(self, store: Store, index: int) -> None:
        with pytest.raises(NoSuchLeaf, match="the log has 7 leaves"):
            audit.proof(store, index)
