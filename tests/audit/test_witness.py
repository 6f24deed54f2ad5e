"""Houses that witness each other: a peer signs only what grew, and a log cannot be told two ways afterwards."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.made import ANNA, BERT, CATALOGUE, workspace
from vedette import audit
from vedette.audit import tiles, verifier, witness
from vedette.audit.checkpoint import cosigned, public_bytes
from vedette.audit.store import ORIGIN, signing_key
from vedette.audit.verifier import Broken, Trust
from vedette.audit.witness import WitnessError
from vedette.base import FixedClock
from vedette.store import Store, Workspace

NAME = "peer.example/w1"


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Store]:
    """Another house's workspace."""
    with closing(Store(workspace(tmp_path / "peer"), CATALOGUE)) as opened:
        yield opened


def log_key(store: Store) -> str:
    return base64.b64encode(public_bytes(signing_key(store))).decode()


def tell(store: Store, clock: FixedClock, times: int) -> None:
    for number in range(times):
        with audit.writing(store, ANNA, "tell", clock=clock) as act:
            act.fact("number", number)


@pytest.fixture
def pair(store: Store, peer: Store, clock: FixedClock) -> tuple[Store, Store]:
    """A log of six leaves and a witness, who know each other."""
    tell(store, clock, 5)
    witness.know(store, ANNA, witness.WITNESS, NAME, witness.own_key(peer), clock=clock)
    witness.know(peer, BERT, witness.LOG, ORIGIN, log_key(store), clock=clock)
    return store, peer


def signed(pair: tuple[Store, Store], clock: FixedClock, since: int = 0) -> str:
    store, peer = pair
    return witness.sign(peer, BERT, witness.request(store, since), NAME, clock=clock)


class TestSign:
    def test_a_peer_signs_and_the_log_keeps_it(self, pair: tuple[Store, Store], clock: FixedClock) -> None:
        store, peer = pair
        note = signed(pair, clock)

        found = witness.add(store, ANNA, note, clock=clock)

        assert found == {NAME: (6, "2026-03-01T12:00:00Z")}
        assert cosigned(note, NAME, base64.b64decode(witness.own_key(peer))) == int(clock.now().timestamp())
        assert audit.verify(store).problems == audit.verify(peer).problems == []

    def test_it_goes_on_from_what_was_signed_before(self, pair: tuple[Store, Store], clock: FixedClock) -> None:
        store, _ = pair
        witness.add(store, ANNA, signed(pair, clock), clock=clock)
        tell(store, clock, 9)

        assert witness.add(store, ANNA, signed(pair, clock, 6), clock=clock) == {NAME: (16, "2026-03-01T12:00:00Z")}
        with pytest.raises(WitnessError, match="signed 16 leaves of that log last, not 6"):
            signed(pair, clock, 6)

    def test_a_log_written_anew_is_not_signed(
        self, store: Store, pair: tuple[Store, Store], clock: FixedClock, tmp_path: Path
    ) -> None:
        """Whoever puts a workspace back and goes on otherwise cannot get the second story witnessed."""
        if store.workspace.state_url:
            pytest.skip("a copy of the embedded database is what is put back")
        store.close()
        shutil.copytree(store.workspace.root, tmp_path / "copy")
        again = Store(store.workspace, CATALOGUE)
        with closing(Store(Workspace(tmp_path / "copy"), CATALOGUE)) as copy, closing(again):
            tell(again, clock, 2)
            signed((again, pair[1]), clock)
            clock.advance(timedelta(minutes=1))
            tell(copy, clock, 9)
            with pytest.raises(WitnessError, match="does not go on"):
                signed((copy, pair[1]), clock, 8)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda text: text.replace("old 0", "old"), "no request"),
            (lambda text: text.replace("old 0", "old 0\n!!"), "no request"),
            (lambda text: text.replace("old 0", "old 0" + "\nAAAA" * 64), "no request"),
            (lambda text: text.replace("old 0", "old 3"), "signed 0 leaves"),
            (lambda text: text.replace("\n6\n", "\n7\n"), "no log that this house witnesses"),
            (lambda _: "", "no request"),
        ],
    )
    def test_what_is_no_request_is_refused(
        self, pair: tuple[Store, Store], clock: FixedClock, change: Callable[[str], str], message: str
    ) -> None:
        store, peer = pair

        with pytest.raises(WitnessError, match=message):
            witness.sign(peer, BERT, change(witness.request(store)), NAME, clock=clock)

    @pytest.mark.parametrize("key", ["", "AAAA", "no base64", base64.b64encode(bytes(33)).decode()])
    def test_a_key_that_is_none_is_refused(self, store: Store, clock: FixedClock, key: str) -> None:
        with pytest.raises(WitnessError, match="a key of 32 bytes"):
            witness.know(store, ANNA, witness.LOG, "x", key, clock=clock)


class TestAdd:
    def test_only_known_witnesses_count(self, store: Store, pair: tuple[Store, Store], clock: FixedClock) -> None:
        _, peer = pair
        note = witness.sign(peer, BERT, witness.request(store), "stranger.example", clock=clock)

        with pytest.raises(WitnessError, match="no known witness"):
            witness.add(store, ANNA, note, clock=clock)

    def test_another_logs_checkpoint_is_refused(self, pair: tuple[Store, Store], clock: FixedClock) -> None:
        store, peer = pair

        with pytest.raises(WitnessError, match="no checkpoint of this log"):
            witness.add(peer, BERT, signed(pair, clock), clock=clock)


class TestVerifier:
    @pytest.mark.parametrize("form", ["lines", "tiles"])
    def test_says_which_witness_saw_how_much(
        self, pair: tuple[Store, Store], clock: FixedClock, tmp_path: Path, form: str
    ) -> None:
        store, peer = pair
        witness.add(store, ANNA, signed(pair, clock), clock=clock)
        (audit.export if form == "lines" else tiles.write)(store, tmp_path / "x")

        told = verifier.check(tmp_path / "x", trust=Trust(witnesses={NAME: witness.own_key(peer)}))

        assert f"7 leaves, 6 of them witnessed by {NAME} at {int(clock.now().timestamp())}" in told
        with pytest.raises(Broken, match="is signed by the witness"):
            verifier.check(tmp_path / "x", trust=Trust(witnesses={NAME: log_key(store)}))

    def test_a_log_that_forgot_a_leaf_is_held_to_the_older_checkpoint(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        tell(store, clock, 3)
        old = audit.proof(store, 0)["checkpoint"]
        tell(store, clock, 2)
        audit.export(store, tmp_path / "x")

        assert "5 leaves" in verifier.check(tmp_path / "x", trust=Trust(against=[old]))
        assert audit.verify(store, against=[old]).holds
        with pytest.raises(Broken, match="is not signed by this key"):
            verifier.check(tmp_path / "x", trust=Trust(against=[old.replace("\n3\n", "\n4\n")]))
