"""The log as tiles: the layout of C2SP tlog-tiles, byte for byte, and what the separate verifier makes of it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.audit import oracle
from tests.made import ANNA, CATALOGUE, workspace
from vedette import audit
from vedette.audit import tiles, verifier
from vedette.audit.checkpoint import Checkpoint, public_bytes, sign
from vedette.audit.export import proof, written
from vedette.audit.store import HEAD, LEAF, ORIGIN, leaves, signing_key
from vedette.audit.tiles import TileError
from vedette.audit.tree import Frontier, leaf_hash
from vedette.base import FixedClock
from vedette.store import Store

SIZE = 515


def tell(store: Store, clock: FixedClock, number: int, text: str = "") -> None:
    with audit.writing(store, ANNA, "tell", clock=clock) as act:
        act.fact("number", number)
        act.fact("text", text)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A log of two full tiles and a part of a third."""
    store = Store(workspace(tmp_path_factory.mktemp("tiles") / "ws"), CATALOGUE)
    frontier, rows = Frontier(), []
    for number in range(SIZE):
        body = b'{"act":"tell","facts":{"number":%d}}' % number
        frontier.append(leaf_hash(body))
        rows.append({"leaf_index": number, "body": body, "leaf_hash": leaf_hash(body)})
    note = sign(Checkpoint(ORIGIN, SIZE, frontier.root()), signing_key(store))
    with store.database.writing() as connection:
        connection.execute(LEAF.insert(), rows)
        head = {"id": 1, "size": SIZE, "frontier": frontier.to_bytes(), "checkpoint": note}
        connection.execute(HEAD.insert(), head)
    return store


@pytest.fixture
def folder(log: Store, tmp_path: Path) -> Path:
    assert tiles.write(log, tmp_path / "t") == SIZE
    return tmp_path / "t"


def entries(store: Store) -> list[bytes]:
    with store.database.reading() as connection:
        return [body for _, body, _ in leaves(connection)]


class TestPath:
    @pytest.mark.parametrize(
        ("number", "width", "path"),
        [
            (0, 256, "tile/0/000"),
            (7, 12, "tile/0/007.p/12"),
            (999, 256, "tile/0/999"),
            (1000, 256, "tile/0/x001/000"),
            (1234067, 256, "tile/0/x001/x234/067"),
            (1234067, 1, "tile/0/x001/x234/067.p/1"),
        ],
    )
    def test_is_that_of_the_specification(self, number: int, width: int, path: str) -> None:
        assert tiles.tile_path("0", number, width) == path
        assert str(verifier._tile_path(Path(), "0", number, width)) == path


class TestWrite:
    def test_the_files_that_a_tree_of_this_size_has(self, folder: Path) -> None:
        found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

        levels = {"tile/0/000", "tile/0/001", "tile/0/002.p/3", "tile/1/000.p/2"}
        bundles = {"tile/entries/000", "tile/entries/001", "tile/entries/002.p/3"}
        assert found == {"checkpoint", "log.vkey", *levels, *bundles}

    def test_what_stands_in_them(self, log: Store, folder: Path) -> None:
        bodies = entries(log)

        assert (folder / "tile/0/001").read_bytes() == b"".join(oracle.mth([body]) for body in bodies[256:512])
        assert (folder / "tile/1/000.p/2").read_bytes() == oracle.mth(bodies[:256]) + oracle.mth(bodies[256:512])
        bundle = b"".join(len(body).to_bytes(2, "big") + body for body in bodies[512:])
        assert (folder / "tile/entries/002.p/3").read_bytes() == bundle

    def test_written_again_full_tiles_are_left_and_the_rest_follows(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        for number in range(257):
            tell(store, clock, number)
            if number in (3, 255):
                tiles.write(store, tmp_path / "t")
        before = (tmp_path / "t/tile/0/000").stat().st_mtime_ns
        tiles.write(store, tmp_path / "t")

        assert (tmp_path / "t/tile/0/000").stat().st_mtime_ns == before
        assert "257 leaves" in verifier.check(tmp_path / "t")

    def test_an_empty_log_and_a_leaf_too_long_are_said(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        with pytest.raises(TileError, match="empty"):
            tiles.write(store, tmp_path / "t")
        tell(store, clock, 1, "x" * 70_000)
        with pytest.raises(TileError, match="at most 65,535"):
            tiles.write(store, tmp_path / "t")


class TestVerifier:
    def test_agrees(self, log: Store, folder: Path) -> None:
        key = base64.b64encode(public_bytes(signing_key(log))).decode()

        assert f"{SIZE} leaves" in verifier.check(folder)
        assert verifier.check(folder, key) == verifier.check(folder)

    @pytest.mark.parametrize(
        "name",
        ["checkpoint", "tile/0/000", "tile/0/002.p/3", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/3"],
    )
    def test_any_changed_or_missing_file_is_noticed(self, folder: Path, name: str) -> None:
        data = (folder / name).read_bytes()
        more = [] if name == "checkpoint" else [data + b"\0\0"]  # further signatures may follow the log's own
        for changed in (data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], data[:-3], *more, b""):
            (folder / name).write_bytes(changed)
            with pytest.raises(verifier.Broken):
                verifier.check(folder)
        (folder / name).unlink()
        with pytest.raises((verifier.Broken, OSError)):
            verifier.check(folder)

    def test_another_key_is_refused(self, folder: Path) -> None:
        with pytest.raises(verifier.Broken, match="not signed by this key"):
            verifier.check(folder, base64.b64encode(public_bytes(bytes(32))).decode())


class TestProof:
    @pytest.mark.parametrize("index", [0, 255, 256, SIZE - 1])
    def test_holds_on_its_own(self, log: Store, tmp_path: Path, index: int) -> None:
        key = base64.b64encode(public_bytes(signing_key(log))).decode()
        (tmp_path / "x.tlog-proof").write_text(written(proof(log, index)), encoding="utf-8")

        told = verifier.check(tmp_path / "x.tlog-proof", key)

        assert f"leaf {index} of {SIZE}" in told
        assert f'"number":{index}' in told

    def test_its_form_is_that_of_the_specification(self, log: Store) -> None:
        found = proof(log, 7)
        lines = written(found).split("\n")

        assert lines[0] == "c2sp.org/tlog-proof@v1"
        assert lines[1] == f"extra {base64.b64encode(entries(log)[7]).decode()}"
        assert lines[2] == "index 7"
        assert [base64.b64decode(line) for line in lines[3 : lines.index("")]] == oracle.path(7, entries(log))
        assert "\n".join(lines[lines.index("") + 1 :]) == found["checkpoint"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [("index 7", "index 8"), ("index 7", "index x"), ("index 7\n", "index 7\nAAAA\n"), ("extra ", "")],
    )
    def test_a_changed_one_is_noticed(self, log: Store, tmp_path: Path, old: str, new: str) -> None:
        key = base64.b64encode(public_bytes(signing_key(log))).decode()
        (tmp_path / "x").write_text(written(proof(log, 7)).replace(old, new, 1), encoding="utf-8")

        with pytest.raises(verifier.Broken):
            verifier.check(tmp_path / "x", key)

    def test_without_a_key_it_proves_nothing(self, log: Store, tmp_path: Path) -> None:
        (tmp_path / "x").write_text(written(proof(log, 7)), encoding="utf-8")

        with pytest.raises(verifier.Broken, match="--key"):
            verifier.check(tmp_path / "x")
