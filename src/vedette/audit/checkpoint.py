"""Signed checkpoints in the C2SP form: origin, size and root, and an Ed25519 signature line of a signed note."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vedette.base import VedetteError

_ED25519 = b"\x01"


class CheckpointError(VedetteError):
    """A checkpoint cannot be read, or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was signed: the log's name, its number of leaves and its root hash."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The signed text, three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def public_bytes(key: bytes) -> bytes:
    """The public half of a 32-byte Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


def key_id(origin: str, public: bytes) -> bytes:
    """The four bytes that tell a signature line's key (C2SP signed note)."""
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + public).digest()[:4]


def sign(checkpoint: Checkpoint, key: bytes) -> str:
    """The checkpoint as a signed note."""
    text = checkpoint.text()
    private, public = _signer(key)
    line = base64.b64encode(key_id(checkpoint.origin, public) + private.sign(text.encode())).decode()
    return f"{text}\n— {checkpoint.origin} {line}\n"


@lru_cache(maxsize=4)
def _signer(key: bytes) -> tuple[Ed25519PrivateKey, bytes]:
    """A seed made ready, which costs as much as a signature, and its public half."""
    private = Ed25519PrivateKey.from_private_bytes(key)
    return private, private.public_key().public_bytes_raw()


def opened(note: str, public: bytes) -> Checkpoint:
    """Read and verify a signed note. Raises CheckpointError unless this public key signed it."""
    text, separator, signatures = note.partition("\n\n")
    checkpoint = parsed(text)
    if not separator or not any(_holds(line, checkpoint, public) for line in signatures.splitlines()):
        raise CheckpointError("the checkpoint's signature does not hold")
    return checkpoint


def parsed(text: str) -> Checkpoint:
    """What a note's text states, signed or not. Raises CheckpointError."""
    lines = text.split("\n")
    try:
        checkpoint = Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True))
    except (IndexError, ValueError):
        raise CheckpointError("the checkpoint cannot be read") from None
    if checkpoint.text().rstrip("\n") != text.partition("\n\n")[0].rstrip("\n"):
        raise CheckpointError("the checkpoint has lines that this program does not know")
    return checkpoint


def _holds(line: str, checkpoint: Checkpoint, public: bytes) -> bool:
    signature = _signature(line, checkpoint.origin, key_id(checkpoint.origin, public))
    return signature is not None and _verified(public, signature, checkpoint.text())


def _signature(line: str, name: str, identity: bytes) -> bytes | None:
    words = line.split(" ")
    if len(words) != 3 or words[0] != "—" or words[1] != name:
        return None
    try:
        blob = base64.b64decode(words[2], validate=True)
    except ValueError:
        return None
    return blob[4:] if blob[:4] == identity else None


def _verified(public: bytes, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


# Cosignatures (C2SP cosignature/v1): a witness's word that it saw the log grow to this checkpoint and never shrink.


def cosign(checkpoint: Checkpoint, name: str, key: bytes, moment: int) -> str:
    """The witness's signature line at a moment in POSIX seconds."""
    private, public = _signer(key)
    signature = private.sign(_cosigned_text(checkpoint, moment).encode())
    blob = _witness_id(name, public) + moment.to_bytes(8, "big") + signature
    return f"— {name} {base64.b64encode(blob).decode()}"


def cosigned(note: str, name: str, public: bytes) -> int | None:
    """When the witness of this name and key signed the note (POSIX seconds), or None where it did not."""
    text, _, signatures = note.partition("\n\n")
    checkpoint = parsed(text)
    for line in signatures.splitlines():
        blob = _signature(line, name, _witness_id(name, public))
        if blob is not None and len(blob) == 72:
            moment = int.from_bytes(blob[:8], "big")
            if _verified(public, blob[8:], _cosigned_text(checkpoint, moment)):
                return moment
    return None


def _witness_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]


def _cosigned_text(checkpoint: Checkpoint, moment: int) -> str:
    return f"cosignature/v1\ntime {moment}\n{checkpoint.text()}"
