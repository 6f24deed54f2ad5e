"""The verifiable oblivious pseudorandom function of RFC 9497, suite ristretto255-SHA512, on libsodium's group."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import rbcl  # type: ignore[import-untyped]  # ships no stubs

from vedette.base import VedetteError

#: Sizes in bytes, as RFC 9497 section 4.1 fixes them.
ELEMENT, SCALAR, PROOF, OUTPUT = 32, 32, 64, 64
#: The proof numbers the elements of a batch with two bytes.
MOST_IN_PROOF = 65_535

_CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"
_HASH_TO_GROUP = b"HashToGroup-" + _CONTEXT
_HASH_TO_SCALAR = b"HashToScalar-" + _CONTEXT
_DERIVE = b"DeriveKeyPair" + _CONTEXT
_SEED = b"Seed-" + _CONTEXT
_BLOCK = bytes(128)
_ORDER = 2**252 + 27742317777372353535851937790883648493
_ZERO = bytes(32)


class VoprfError(VedetteError):
    """An element, scalar or proof that the protocol must refuse."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A secret scalar and its public element, 32 bytes each."""

    secret: bytes
    public: bytes

    def __repr__(self) -> str:
        return f"KeyPair(public={self.public.hex()})"


@dataclass(frozen=True, slots=True)
class Blinded:
    """What the client keeps (the input and its blind, secret) and what it sends (the element)."""

    data: bytes
    blind: bytes
    element: bytes

    def __repr__(self) -> str:
        return f"Blinded(element={self.element.hex()})"


def expand_message_xmd(message: bytes, tag: bytes, length: int) -> bytes:
    """RFC 9380 section 5.3.1 with SHA-512: ``length`` uniform bytes from a message under a domain-separation tag."""
    if not 0 < length <= 255 * 64 or len(tag) > 255:
        raise VoprfError("cannot expand to this length or under this tag")
    suffix = tag + len(tag).to_bytes(1, "big")
    first = hashlib.sha512(_BLOCK + message + length.to_bytes(2, "big") + b"\x00" + suffix).digest()
    block = hashlib.sha512(first + b"\x01" + suffix).digest()
    blocks = [block]
    for number in range(2, -(-length // 64) + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha512(mixed + number.to_bytes(1, "big") + suffix).digest()
        blocks.append(block)
    return b"".join(blocks)[:length]


def hash_to_group(data: bytes) -> bytes:
    """The group element of some bytes; nobody knows its logarithm."""
    return bytes(rbcl.crypto_core_ristretto255_from_hash(expand_message_xmd(data, _HASH_TO_GROUP, 64)))


def hash_to_scalar(data: bytes, tag: bytes = _HASH_TO_SCALAR) -> bytes:
    """The scalar of some bytes: 64 uniform bytes reduced modulo the group's order."""
    return bytes(rbcl.crypto_core_ristretto255_scalar_reduce(expand_message_xmd(data, tag, 64)))


def derive_key_pair(seed: bytes, info: bytes) -> KeyPair:
    """The key pair of a secret 32-byte seed and public information (RFC 9497 section 3.2.1)."""
    if len(seed) != 32:
        raise VoprfError("a seed has 32 bytes")
    base = seed + _sized(info)
    for counter in range(256):
        secret = hash_to_scalar(base + counter.to_bytes(1, "big"), _DERIVE)
        if secret != _ZERO:
            return KeyPair(secret, multiply_base(secret))
    raise VoprfError("no key can be derived from this seed")


def random_scalar() -> bytes:
    """A uniform scalar that is not zero."""
    while True:
        drawn = bytes(rbcl.crypto_core_ristretto255_scalar_random())
        if drawn != _ZERO:
            return drawn


def check_element(element: bytes) -> bytes:
    """The element itself. Raises VoprfError for a wrong length, a non-canonical encoding or the identity.

    ristretto255 has prime order, so a canonical encoding other than the identity has no small order.
    """
    if len(element) != ELEMENT or element == _ZERO or not rbcl.crypto_core_ristretto255_is_valid_point(element):
        raise VoprfError(
            "is not a valid group element", remedy="Send canonical ristretto255 encodings, never the identity"
        )
    return element


def check_scalar(scalar: bytes) -> bytes:
    """The scalar itself. Raises VoprfError unless it is 32 bytes, little-endian and below the group's order."""
    if len(scalar) != SCALAR or int.from_bytes(scalar, "little") >= _ORDER:
        raise VoprfError("is not a reduced scalar")
    return scalar


def multiply(scalar: bytes, element: bytes) -> bytes:
    """Scalar times element. Raises VoprfError for an encoding that does not decode and for the identity as result."""
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255(scalar, element))
    except (RuntimeError, ValueError, TypeError):
        raise VoprfError("is not a valid group element", remedy="Send canonical ristretto255 encodings") from None


def multiply_base(scalar: bytes) -> bytes:
    """Scalar times the generator. Raises VoprfError for zero."""
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255_base(scalar))
    except (RuntimeError, ValueError, TypeError):
        raise VoprfError("is not a scalar other than zero") from None


def add(left: bytes, right: bytes) -> bytes:
    """The sum of two elements. Raises VoprfError for encodings that do not decode."""
    try:
        return bytes(rbcl.crypto_core_ristretto255_add(left, right))
    except (RuntimeError, ValueError, TypeError):
        raise VoprfError("is not a valid group element", remedy="Send canonical ristretto255 encodings") from None


def blind(data: bytes, scalar: bytes | None = None) -> Blinded:
    """Hide an input behind a random scalar. A scalar is given only to reproduce published vectors."""
    chosen = random_scalar() if scalar is None else check_scalar(scalar)
    return Blinded(data, chosen, multiply(chosen, _fit(data)))


def blind_evaluate(
    keys: KeyPair, elements: Sequence[bytes], scalar: bytes | None = None
) -> tuple[tuple[bytes, ...], bytes]:
    """Evaluate blinded elements and prove, once for the batch, that the public key's secret was used.

    Raises VoprfError for an empty or over-large batch and for any invalid element; nothing is evaluated then.
    """
    _check_batch(elements)
    for element in elements:
        check_element(element)
    evaluated = tuple(multiply(keys.secret, element) for element in elements)
    return evaluated, _prove(keys, elements, evaluated, random_scalar() if scalar is None else check_scalar(scalar))


def verify_proof(public: bytes, elements: Sequence[bytes], evaluated: Sequence[bytes], proof: bytes) -> bool:
    """Whether one secret, the public key's, turned every element into its evaluation. Malformed parts are False."""
    try:
        _check_batch(elements)
        if len(evaluated) != len(elements) or len(proof) != PROOF:
            return False
        for element in (public, *elements, *evaluated):
            check_element(element)
        challenge, response = check_scalar(proof[:32]), check_scalar(proof[32:])
        left, right = _composites(public, elements, evaluated)
        first = _weighted(response, None, challenge, public)
        second = _weighted(response, left, challenge, right)
    except VoprfError:
        return False
    return hmac.compare_digest(_challenge(public, left, right, first, second), challenge)


def finalize(blinded: Blinded, evaluated: bytes) -> bytes:
    """The 64-byte output for one blinded input. Verify the batch's proof first."""
    inverse = bytes(rbcl.crypto_core_ristretto255_scalar_invert(blinded.blind))
    return output_of(blinded.data, multiply(inverse, evaluated))


def evaluate(secret: bytes, data: bytes) -> bytes:
    """The same output, computed by the holder of the secret directly from the input."""
    return output_of(data, multiply(secret, _fit(data)))


def output_of(data: bytes, element: bytes) -> bytes:
    """The output that belongs to an input and its unblinded evaluation."""
    return hashlib.sha512(_sized(data) + b"\x00\x20" + element + b"Finalize").digest()


def _fit(data: bytes) -> bytes:
    if len(data) > 65_535:
        raise VoprfError("an input has at most 65,535 bytes")
    element = hash_to_group(data)
    if element == _ZERO:
        raise VoprfError("this input cannot be used")
    return element


def _check_batch(elements: Sequence[bytes]) -> None:
    if not 0 < len(elements) <= MOST_IN_PROOF:
        raise VoprfError(f"a batch has between 1 and {MOST_IN_PROOF:,} elements", remedy="Send several batches")


def _prove(keys: KeyPair, elements: Sequence[bytes], evaluated: Sequence[bytes], scalar: bytes) -> bytes:
    left, _ = _composites(keys.public, elements, evaluated, right=False)
    right = multiply(keys.secret, left)
    challenge = _challenge(keys.public, left, right, multiply_base(scalar), multiply(scalar, left))
    product = rbcl.crypto_core_ristretto255_scalar_mul(challenge, keys.secret)
    return challenge + bytes(rbcl.crypto_core_ristretto255_scalar_sub(scalar, product))


def _composites(
    public: bytes, elements: Sequence[bytes], evaluated: Sequence[bytes], *, right: bool = True
) -> tuple[bytes, bytes]:
    """One element each that stands for all blinded and for all evaluated ones, weighted by what the batch hashes to.

    With ``right`` off the second is not summed up: whoever knows the secret multiplies the first one by it.
    """
    start = _sized(hashlib.sha512(_sized(public) + _sized(_SEED)).digest())
    left_sum = right_sum = _ZERO
    for number, (one, other) in enumerate(zip(elements, evaluated, strict=True)):
        weight = hash_to_scalar(
            start + number.to_bytes(2, "big") + b"\x00\x20" + one + b"\x00\x20" + other + b"Composite"
        )
        left_sum = add(left_sum, multiply(weight, one))
        if right:
            right_sum = add(right_sum, multiply(weight, other))
    return left_sum, right_sum


def _challenge(public: bytes, left: bytes, right: bytes, first: bytes, second: bytes) -> bytes:
    return hash_to_scalar(b"".join(map(_sized, (public, left, right, first, second))) + b"Challenge")


def _weighted(one: bytes, element: bytes | None, other: bytes, second: bytes) -> bytes:
    """``one`` times an element (the generator if None) plus ``other`` times a second one."""
    return add(multiply_base(one) if element is None else multiply(one, element), multiply(other, second))


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data
