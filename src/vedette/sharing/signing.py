"""Signed requests: HTTP Message Signatures (RFC 9421) with Ed25519, of a fixed set of parts, a time and a nonce."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: How old, or how far ahead, a signature may be (seconds).
WINDOW = 300
LABEL = "vedette"
_PARTS = ("@method", "@authority", "@path", "@query", "content-digest")
_COVERED = " ".join(f'"{part}"' for part in _PARTS)
_INPUT = re.compile(
    LABEL
    + r"=\(("
    + re.escape(_COVERED)
    + r')\);created=(\d{10});keyid="([0-9A-Za-z-]{1,64})";nonce="([0-9A-Za-z_-]{16,64})";alg="ed25519"'
)
_SIGNATURE = re.compile(LABEL + r"=:([0-9A-Za-z+/=]{86,90}):")


class BadSignature(ValueError):
    """A request whose signature proves nothing; the text says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The parts of a request that a signature covers. ``query`` is without its question mark."""

    method: str
    authority: str
    path: str
    query: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request's signature claims, before it is checked."""

    key_id: str
    created: int
    nonce: str
    parameters: str
    signature: bytes


def sign(sent: Sent, seed: bytes, key_id: str, *, created: int, nonce: str) -> dict[str, str]:
    """The headers that prove a request."""
    parameters = f'({_COVERED});created={created};keyid="{key_id}";nonce="{nonce}";alg="ed25519"'
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_base(sent, parameters))
    return {
        "Content-Digest": _digest(sent.body),
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:",
    }


def claim(signature_input: str, signature: str, now: float) -> Claim:
    """What the headers claim. Raises BadSignature for another form or a time outside the window."""
    told, proof = _INPUT.fullmatch(signature_input.strip()), _SIGNATURE.fullmatch(signature.strip())
    if told is None or proof is None:
        raise BadSignature("the signature's headers are not in the form that is documented")
    created = int(told[2])
    if abs(now - created) > WINDOW:
        raise BadSignature("the signature is too old, or of a time to come")
    try:
        raw = base64.b64decode(proof[1], validate=True)
    except (ValueError, binascii.Error):
        raise BadSignature("the signature is no Base64") from None
    return Claim(told[3], created, told[4], signature_input.strip().partition("=")[2], raw)


def verify(found: Claim, sent: Sent, digest: str, public: str) -> None:
    """Check a claim against a peer's public key (hexadecimal). Raises BadSignature."""
    if not hmac.compare_digest(digest.strip(), _digest(sent.body)):
        raise BadSignature("the body is not the one that was signed")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(found.signature, _base(sent, found.parameters))
    except (ValueError, InvalidSignature):
        raise BadSignature("the signature is wrong") from None


def _base(sent: Sent, parameters: str) -> bytes:
    values = (sent.method.upper(), sent.authority.lower(), sent.path, f"?{sent.query}", _digest(sent.body))
    lines = [f'"{part}": {value}' for part, value in zip(_PARTS, values, strict=True)]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
