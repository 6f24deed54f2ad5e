"""Checks an exported audit log on its own: standard library and `cryptography` only, no part of Vedette.

Usage: python verifier.py [--key KEY] [--against CHECKPOINT]... [--witness NAME=KEY]... EXPORT [KEY]
EXPORT is a file (a head, then one leaf a line), a folder of tiles (C2SP tlog-tiles), or a proof of one leaf (`.tlog-proof`).
CHECKPOINT is a signed note kept from before: the log must still begin with what it signed. Keys are base64, 32 bytes.
Exit 0 and one line when the log holds; exit 1 and the problem when it does not; exit 2 on wrong usage.
Give the public key you were told out of band: without it only the export's own consistency is shown.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Nodes = list[tuple[int, bytes]]  # (height, hash) of the perfect subtrees that cover a run of leaves, from left to right
Run = tuple[int, list[tuple[int, Nodes]]]  # first leaf of a run; (end, subtrees) of each of its parts

_PIECE = 4 << 20
_LONGEST = 64 << 20
_PROOF = "c2sp.org/tlog-proof@v1"


class Broken(Exception):
    """The export does not hold."""


@dataclass(frozen=True)
class Trust:
    """Whom to believe: the log's public key (blank: the one the export names), witnesses by name, old checkpoints."""

    key: str = ""
    witnesses: Mapping[str, str] | None = None
    against: Sequence[str] = ()


@dataclass(frozen=True)
class Note:
    """A checkpoint whose signature holds."""

    text: str
    size: int
    root: bytes
    lines: tuple[str, ...]


# The tree (RFC 6962)


def _covered(hashes: list[bytes], start: int) -> Nodes:
    """The perfect subtrees over consecutive leaf hashes of which the first is number ``start``."""
    left: Nodes = []
    right: Nodes = []
    sha, height, end = hashlib.sha256, 0, start + len(hashes)
    while start < end:
        if start & 1:
            left.append((height, hashes[0]))
            hashes, start = hashes[1:], start + 1
        if end & 1 and start < end:
            right.append((height, hashes[-1]))
            hashes, end = hashes[:-1], end - 1
        pairs = iter(hashes)
        hashes = [sha(b"\x01" + one + other).digest() for one, other in zip(pairs, pairs, strict=True)]
        start, end, height = start >> 1, end >> 1, height + 1
    return left + right[::-1]


class _Tree:
    """Grows by runs of leaves; remembers its root at the sizes asked for."""

    def __init__(self, sizes: Iterable[int] = ()) -> None:
        self.size = 0
        self.roots: dict[int, bytes] = {}
        self._wanted = frozenset(sizes)
        self._nodes: Nodes = []
        self._note()

    def add(self, run: Run) -> None:
        first, parts = run
        if first != self.size:
            raise Broken(f"leaf {self.size} is missing or out of order")
        for end, nodes in parts:
            for height, node in nodes:
                while self._nodes and self._nodes[-1][0] == height:
                    node = hashlib.sha256(b"\x01" + self._nodes.pop()[1] + node).digest()
                    height += 1
                self._nodes.append((height, node))
            self.size = end
            self._note()

    def _note(self) -> None:
        if self.size in self._wanted:
            self.roots[self.size] = self.root()

    def root(self) -> bytes:
        if not self._nodes:
            return hashlib.sha256(b"").digest()
        root = self._nodes[-1][1]
        for _, left in reversed(self._nodes[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def _run(first: int, hashes: list[bytes], sizes: Iterable[int]) -> Run:
    end = first + len(hashes)
    cuts = sorted({end, *(size for size in sizes if first < size < end)})
    starts = [first, *cuts[:-1]]
    return first, [(b, _covered(hashes[a - first : b - first], a)) for a, b in zip(starts, cuts, strict=True)]


# Signed notes (C2SP checkpoint, cosignature/v1)


def _signature_of(line: str, name: str, identity: bytes) -> bytes | None:
    words = line.split(" ")
    if len(words) != 3 or words[0] != "—" or words[1] != name:
        return None
    blob = base64.b64decode(words[2], validate=True)
    return blob[4:] if blob[:4] == identity else None


def _holds(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _signed(note: str, key: bytes) -> Note:
    text, _, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if len(lines) < 3:
        raise Broken("the checkpoint cannot be read")
    identity = hashlib.sha256(lines[0].encode() + b"\n\x01" + key).digest()[:4]
    for line in signatures.splitlines():
        signature = _signature_of(line, lines[0], identity)
        if signature is not None and _holds(key, signature, f"{text}\n".encode()):
            root = base64.b64decode(lines[2], validate=True)
            return Note(f"{text}\n", int(lines[1]), root, tuple(signatures.splitlines()))
    raise Broken("the checkpoint is not signed by this key")


def _cosigned(note: Note, name: str, key: bytes) -> int | None:
    """When the witness of this name and key saw the checkpoint (POSIX seconds), or None where it did not sign it."""
    identity = hashlib.sha256(name.encode() + b"\n\x04" + key).digest()[:4]
    for line in note.lines:
        signature = _signature_of(line, name, identity)
        if signature is not None and len(signature) == 72:
            moment = int.from_bytes(signature[:8], "big")
            if _holds(key, signature[8:], f"cosignature/v1\ntime {moment}\n{note.text}".encode()):
                return moment
    return None


# Exports: a head in one line, then one leaf a line, as it was hashed


def _begun(task: tuple[str, int, int]) -> int:
    """How many lines begin in this range of bytes."""
    path, start, stop = task
    with open(path, "rb") as file:
        file.seek(start - 1)
        return file.read(stop - start).count(b"\n")


def _piece(task: tuple[str, int, int, int, tuple[int, ...]]) -> Run | str | None:
    """Work of one process: hash the leaves whose lines begin in a range of bytes. Text says what is wrong there."""
    path, start, stop, first, sizes = task
    with open(path, "rb") as file:
        file.seek(start - 1)
        if not file.readline(_LONGEST).endswith(b"\n"):
            return f"the line of leaf {first} is too long"
        data = file.read(max(stop - file.tell(), 0))
        if not data:
            return None
        if not data.endswith(b"\n"):
            data += file.readline(_LONGEST)
    sha, lines = hashlib.sha256, data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return _run(first, [sha(b"\x00" + line).digest() for line in lines], sizes)


Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@contextmanager
def _spread(processes: int, size: int) -> Iterator[Spread]:
    """``map`` over several processes, or here where there is little to do."""
    if processes < 2 or size < 2 * _PIECE:
        yield map
        return
    ways = multiprocessing.get_all_start_methods()
    with multiprocessing.get_context("fork" if "fork" in ways else "spawn").Pool(processes) as pool:
        yield pool.imap


def _grown(tree: _Tree, runs: Iterable[Run | str | None]) -> None:
    for run in runs:
        if isinstance(run, str):
            raise Broken(run)
        if run is not None:
            tree.add(run)


def _check_lines(path: Path, trust: Trust, processes: int) -> str:
    with path.open("rb") as file:
        line = file.readline(_LONGEST)
        start, end = file.tell(), file.seek(0, os.SEEK_END)
    head = json.loads(line or b"null")
    if not isinstance(head, dict) or (head.get("kind"), head.get("v")) != ("vedette-audit-log", 2):
        raise Broken("this is no audit export")
    stated = str(head.get("public_key", ""))
    if trust.key and trust.key != stated:
        raise Broken("the export names another public key than the one given")
    note = head.get("checkpoint")
    key = base64.b64decode(stated, validate=True)
    if note is None and start == end:
        return _empty(trust)
    newest = _signed(str(note), key)
    kept = [*head.get("witnessed", ()), *(item["note"] for item in head.get("stamped", ()))]
    notes = [_signed(str(other), key) for other in (*kept, *trust.against)]
    sizes = tuple(sorted({other.size for other in notes}))
    tree = _Tree(sizes)
    pieces = [(str(path), at, min(at + _PIECE, end)) for at in range(start, end, _PIECE)]
    with _spread(processes, end - start) as spread:
        firsts = accumulate(spread(_begun, pieces), initial=0)
        tasks = [(*piece, first, sizes) for piece, first in zip(pieces, firsts, strict=False)]
        _grown(tree, spread(_piece, tasks))
    return _told(tree, newest, notes, trust, stated)


# Exports: tiles


def _tile_path(folder: Path, level: str, number: int, width: int) -> Path:
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return folder / "tile" / level / (name if width == 256 else f"{name}.p/{width}")


def _bundle(task: tuple[str, int, int, tuple[int, ...]]) -> Run | str | None:
    """Work of one process: hash the entries of one bundle and compare them with their tile."""
    folder, number, width, sizes = Path(task[0]), *task[1:]
    try:
        data = _tile_path(folder, "entries", number, width).read_bytes()
        tile = _tile_path(folder, "0", number, width).read_bytes()
    except OSError as fault:
        return f"a tile cannot be read: {fault}"
    hashes, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        hashes.append(hashlib.sha256(b"\x00" + data[at + 2 : end]).digest())
        at = end
    if at != len(data) or len(hashes) != width:
        return f"entry bundle {number} does not hold {width} entries"
    if b"".join(hashes) != tile:
        return f"entry bundle {number} and its tile differ"
    return _run(number * 256, hashes, sizes)


def _check_upper(folder: Path, size: int) -> None:
    """Every hash of a tile above the lowest level is the root of a full tile below it."""
    below, level = size, 0
    while below >= 256:
        above = below // 256
        roots = []
        for number in range(above):
            tile = _tile_path(folder, str(level), number, 256).read_bytes()
            roots.append(_covered([tile[at : at + 32] for at in range(0, 8192, 32)], 0)[0][1])
        for number in range(-(-above // 256)):
            here = roots[number * 256 : number * 256 + 256]
            if _tile_path(folder, str(level + 1), number, len(here)).read_bytes() != b"".join(here):
                raise Broken(f"tile {number} of level {level + 1} is not made of the tiles below it")
        below, level = above, level + 1


def _check_tiles(folder: Path, trust: Trust, processes: int) -> str:
    stated = trust.key
    if not stated:
        blob = (folder / "log.vkey").read_text(encoding="utf-8").strip().split("+", 2)[2]
        stated = base64.b64encode(base64.b64decode(blob, validate=True)[1:]).decode()
    key = base64.b64decode(stated, validate=True)
    newest = _signed((folder / "checkpoint").read_text(encoding="utf-8"), key)
    kept = [path.read_text(encoding="utf-8") for path in sorted((folder / "witnessed").glob("*"))]
    notes = [newest, *(_signed(other, key) for other in (*kept, *trust.against))]
    sizes = tuple(sorted({other.size for other in notes}))
    tree = _Tree(sizes)
    bundles = range(-(-newest.size // 256))
    tasks = ((str(folder), number, min(256, newest.size - number * 256), sizes) for number in bundles)
    with _spread(processes, newest.size * 256) as spread:
        _grown(tree, spread(_bundle, tasks))
    _check_upper(folder, newest.size)
    return _told(tree, newest, notes, trust, stated)


# Proofs of one leaf


def _implied_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path implies (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        raise Broken("the leaf lies outside the tree")
    node, position, last = hashlib.sha256(b"\x00" + leaf).digest(), index, size - 1
    for sibling in path:
        if not last:
            raise Broken("the proof is too long")
        if position & 1 or position == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        position, last = position >> 1, last >> 1
    if last:
        raise Broken("the proof is too short")
    return node


def _check_proof(text: str, trust: Trust) -> str:
    if not trust.key:
        raise Broken("a proof names no key of its own: give the log's public key with --key")
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")[1:]
    extra = lines.pop(0)[6:] if lines and lines[0].startswith("extra ") else ""
    if not extra or not lines or not lines[0].startswith("index "):
        raise Broken("the proof does not hold its leaf and its index")
    leaf, index = base64.b64decode(extra, validate=True), int(lines[0][6:])
    signed = _signed(note, base64.b64decode(trust.key, validate=True))
    path = [base64.b64decode(line, validate=True) for line in lines[1:]]
    if _implied_root(leaf, index, signed.size, path) != signed.root:
        raise Broken("the proof does not lead to the signed root")
    return f"the proof holds: leaf {index} of {signed.size}{_seen([signed], trust)}: {leaf.decode()}"


# What is said


def _empty(trust: Trust) -> str:
    if trust.against:
        raise Broken("the log is empty, and an older checkpoint of it is not")
    return "the log is empty"


def _seen(notes: Sequence[Note], trust: Trust) -> str:
    """Which witnesses saw how much of the log. Raises Broken where one that was asked for saw nothing of it."""
    told = ""
    for name, key in (trust.witnesses or {}).items():
        seen = [(note.size, _cosigned(note, name, base64.b64decode(key, validate=True))) for note in notes]
        times = [(size, moment) for size, moment in seen if moment is not None]
        if not times:
            raise Broken(f"no checkpoint of this log is signed by the witness {name}")
        size, moment = max(times)
        told += f", {size} of them witnessed by {name} at {moment}"
    return told


def _told(tree: _Tree, newest: Note, notes: Sequence[Note], trust: Trust, stated: str) -> str:
    root = tree.root()
    if (tree.size, root) != (newest.size, newest.root):
        raise Broken(f"{tree.size} leaves do not give the signed root of {newest.size} leaves")
    for note in notes:
        if tree.roots.get(note.size) != note.root:
            raise Broken(f"the log does not begin with the {note.size} leaves that an older checkpoint signed")
    return f"the log holds: {tree.size} leaves{_seen([*notes, newest], trust)}, root {root.hex()}, key {stated}"


def check(path: Path, public_key: str = "", *, trust: Trust | None = None, processes: int = 1) -> str:
    """Verify one export. Returns a sentence; raises Broken with the first problem."""
    given = trust or Trust(key=public_key)
    try:
        if path.is_dir():
            return _check_tiles(path, given, processes)
        with path.open("rb") as file:
            first = file.read(len(_PROOF) + 1)
        if first == f"{_PROOF}\n".encode():
            return _check_proof(path.read_text(encoding="utf-8"), given)
        return _check_lines(path, given, processes)
    except (
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
    ) as fault:  # ill-formed base64, numbers, JSON or keys
        raise Broken(f"the export cannot be read: {fault}") from None


def _arguments(words: Sequence[str]) -> tuple[Path, Trust]:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("key", nargs="?", default="")
    parser.add_argument("--key", dest="named", default="")
    parser.add_argument("--against", action="append", default=[], type=Path)
    parser.add_argument("--witness", action="append", default=[], type=_witness)
    found = parser.parse_args(words)
    try:
        against = [path.read_text(encoding="utf-8") for path in found.against]
    except (OSError, ValueError) as fault:
        raise Broken(f"the older checkpoint cannot be read: {fault}") from None
    return found.export, Trust(found.named or found.key, dict(found.witness), against)


def _witness(text: str) -> tuple[str, str]:
    name, separator, key = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("write NAME=KEY")
    return name, key


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    try:
        path, trust = _arguments(arguments)
        sys.stdout.write(check(path, trust=trust, processes=os.cpu_count() or 1) + "\n")
    except (Broken, OSError) as fault:
        sys.stderr.write(f"NOT VERIFIED: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
