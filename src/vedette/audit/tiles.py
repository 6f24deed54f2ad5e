"""Writes the log as a folder of tiles (C2SP tlog-tiles) that any client of transparency logs can read or serve."""

from __future__ import annotations

import base64
from itertools import islice
from pathlib import Path

from vedette.audit.checkpoint import key_id, opened, public_bytes
from vedette.audit.store import ORIGIN, head_note, leaves, signing_key, witnessed
from vedette.audit.tree import leaf_hash, root
from vedette.base import Place, VedetteError
from vedette.store import Store

WIDTH = 256
_LONGEST = 0xFFFF


class TileError(VedetteError):
    """The log cannot be written as tiles."""


def vkey(origin: str, public: bytes) -> str:
    """The log's public key as other clients are told it (C2SP signed note)."""
    return f"{origin}+{key_id(origin, public).hex()}+{base64.b64encode(bytes([1]) + public).decode()}"


def own_vkey(store: Store) -> str:
    """The public key of this workspace's log, as other clients are told it."""
    return vkey(ORIGIN, public_bytes(signing_key(store)))


def tile_path(level: str, number: int, width: int = WIDTH) -> str:
    """Where a tile lies in the folder: its index in groups of three digits, its width where it is not full."""
    digits = str(number).zfill(3 * -(-len(str(number)) // 3))
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" if width == WIDTH else f"tile/{level}/{name}.p/{width}"


def write(store: Store, folder: Path) -> int:
    """Write entry bundles, hash tiles, the public key, witnessed checkpoints and, last, the checkpoint. Returns the leaves.

    A folder written before is brought up to date: full tiles never change. Raises TileError.
    """
    with store.database.reading() as connection:
        note = head_note(connection)
        if note is None:
            raise TileError("the log is empty: it has no checkpoint yet")
        public = public_bytes(signing_key(store))
        size = opened(note, public).size
        rows = islice(leaves(connection), size)
        level: list[bytes] = []
        while bundle := [body for _, body, _ in islice(rows, WIDTH)]:
            level.append(_bundle(folder, len(level), bundle))
        kept = [(row.size, row.witness, row.note) for row in witnessed(connection)]
    _upper(folder, level, size)
    _put(folder / "log.vkey", f"{vkey(ORIGIN, public)}\n".encode())
    for number, (covered, _, text) in enumerate(kept):
        _put(folder / "witnessed" / f"{covered:012d}-{number}", text.encode())
    _put(folder / "checkpoint", note.encode())
    return size


def _bundle(folder: Path, number: int, bodies: list[bytes]) -> bytes:
    """Write up to 256 entries and their hashes; returns the root over them."""
    for place, body in enumerate(bodies, start=number * WIDTH):
        if len(body) > _LONGEST:
            raise TileError(
                f"has {len(body):,} bytes, and an entry of a tile at most {_LONGEST:,}",
                place=Place(f"leaf {place}"),
                remedy="Use `vedette audit export` without --tiles",
            )
    hashes = [leaf_hash(body) for body in bodies]
    data = b"".join(len(body).to_bytes(2, "big") + body for body in bodies)
    _put(folder / tile_path("entries", number, len(bodies)), data)
    _put(folder / tile_path("0", number, len(bodies)), b"".join(hashes))
    return root(hashes)


def _upper(folder: Path, roots: list[bytes], size: int) -> None:
    """Write the levels above the leaves: each hash is the root of a full tile below."""
    level, below = 1, size
    while below >= WIDTH:
        full = roots[: below // WIDTH]
        groups = [full[at : at + WIDTH] for at in range(0, len(full), WIDTH)]
        for number, hashes in enumerate(groups):
            _put(folder / tile_path(str(level), number, len(hashes)), b"".join(hashes))
        roots, below, level = [root(hashes) for hashes in groups], len(full), level + 1


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == data:
        return
    path.write_bytes(data)
