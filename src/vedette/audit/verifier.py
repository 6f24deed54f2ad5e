"""Checks an exported audit log on its own: standard library and `cryptography` only, no part of Vedette.

Usage: python verifier.py EXPORT [PUBLIC_KEY_BASE64]
Exit 0 and one line when the log holds; exit 1 and the problem when it does not; exit 2 on wrong usage.
Give the public key you were told out of band: without it only the export's own consistency is shown.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Broken(Exception):
    """The export does not hold."""


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                value = json.loads(line.decode())
            except ValueError:
                raise Broken(f"line {number} is not JSON") from None
            if not isinstance(value, dict):
                raise Broken(f"line {number} is not an object")
            yield value


def _tree_root(leaves: Iterator[dict[str, object]]) -> tuple[int, bytes]:
    size, nodes = 0, list[bytes]()
    for row in leaves:
        if row.get("index") != size:
            raise Broken(f"leaf {size} is missing or out of order")
        node = hashlib.sha256(b"\x00" + binascii.a2b_base64(str(row.get("leaf", "")), strict_mode=True)).digest()
        level = size
        while level & 1:
            node = hashlib.sha256(b"\x01" + nodes.pop() + node).digest()
            level >>= 1
        nodes.append(node)
        size += 1
    if not nodes:
        return 0, hashlib.sha256(b"").digest()
    root = nodes.pop()
    while nodes:
        root = hashlib.sha256(b"\x01" + nodes.pop() + root).digest()
    return size, root


def _signed(note: str, public: bytes) -> tuple[int, bytes]:
    text, _, signatures = note.partition("\n\n")
    origin, size, root = text.split("\n")[:3]
    message = f"{origin}\n{size}\n{root}\n".encode()
    identity = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    for line in signatures.splitlines():
        words = line.split(" ")
        if len(words) != 3 or words[1] != origin:
            continue
        blob = base64.b64decode(words[2], validate=True)
        if blob[:4] != identity:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], message)
        except InvalidSignature:
            continue
        return int(size), base64.b64decode(root, validate=True)
    raise Broken("the checkpoint is not signed by this key")


def check(path: Path, public_key: str = "") -> str:
    """Verify one export. Returns a sentence; raises Broken with the first problem."""
    rows = _lines(path)
    head = next(rows, None)
    if head is None or head.get("kind") != "vedette-audit-log":
        raise Broken("this is no audit export")
    stated = str(head.get("public_key", ""))
    if public_key and public_key != stated:
        raise Broken("the export names another public key than the one given")
    try:
        size, root = _tree_root(rows)
        if head.get("checkpoint") is None and size == 0:
            return "the log is empty"
        signed_size, signed_root = _signed(str(head.get("checkpoint")), base64.b64decode(stated, validate=True))
    except (binascii.Error, ValueError) as fault:
        raise Broken(f"the export cannot be read: {fault}") from None
    if (size, root) != (signed_size, signed_root):
        raise Broken(f"{size} leaves do not give the signed root of {signed_size} leaves")
    return f"the log holds: {size} leaves, root {root.hex()}, key {stated}"


def main(arguments: list[str]) -> int:
    """The command line."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        sys.stdout.write(check(Path(arguments[0]), *arguments[1:]) + "\n")
    except (Broken, OSError) as fault:
        sys.stderr.write(f"NOT VERIFIED: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
