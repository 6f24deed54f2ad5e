"""Time stamps of checkpoints by an outside authority (RFC 3161): the request, and a response checked and kept. No network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from vedette.audit.checkpoint import opened, public_bytes
from vedette.audit.store import STAMPED, head_note, signing_key, writing
from vedette.base import Clock, Principal, VedetteError, iso
from vedette.store import Store

_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_IMPRINT = b"\x30\x31" + _SHA256 + b"\x04\x20"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "608648016503040201": hashes.SHA256(),
    "608648016503040202": hashes.SHA384(),
    "608648016503040203": hashes.SHA512(),
}
_CONTENT_TYPE, _DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_STEPS = 5


class StampError(VedetteError):
    """A response of a time-stamping authority cannot be taken."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority states: the hash that it saw, and when."""

    imprint: bytes
    moment: datetime


@dataclass(frozen=True, slots=True)
class _Part:
    """One element of a DER encoding: its tag, its content and all its bytes."""

    tag: int
    body: bytes
    whole: bytes

    def parts(self) -> list[_Part]:
        """The elements within."""
        return list(_parts(self.body))


def _parts(data: bytes) -> Iterator[_Part]:
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("an element is cut short")
        first, start = data[at + 1], at + 2
        if first == 0x80 or first > 0x84:
            raise ValueError("a length is of a form that DER does not allow here")
        if first & 0x80:
            start += first & 0x7F
            first = int.from_bytes(data[at + 2 : start], "big")
        end = start + first
        if end > len(data):
            raise ValueError("an element is cut short")
        yield _Part(data[at], data[start:end], data[at:end])
        at = end


def _wrapped(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def request(store: Store) -> bytes:
    """The request (DER) to stamp the newest checkpoint: SHA-256 of the whole note, certificates wanted. Raises StampError."""
    with store.database.reading() as connection:
        note = head_note(connection)
    if note is None:
        raise StampError("the log is empty: there is nothing to stamp")
    imprint = _IMPRINT + hashlib.sha256(note.encode()).digest()
    return _wrapped(0x30, b"\x02\x01\x01" + imprint + b"\x01\x01\xff")


def read(response: bytes, authorities: Sequence[x509.Certificate]) -> Stamp:
    """Verify a response down to a certificate that is trusted. Raises StampError."""
    try:
        status, token = next(_parts(response)).parts()[:2]
        if status.parts()[0].body not in (b"\x00", b"\x01"):
            raise StampError("the authority refused the request")
        return _verified(token, authorities)
    except (ValueError, IndexError, StopIteration, TypeError, UnsupportedAlgorithm) as fault:
        raise StampError(f"the response cannot be read: {fault}") from None


def _verified(token: _Part, authorities: Sequence[x509.Certificate]) -> Stamp:
    kind, wrapped = token.parts()
    signed = wrapped.parts()[0].parts()
    content_type, content = signed[2].parts()
    info = content.parts()[0].body
    if kind.body != _SIGNED_DATA or content_type.body != _TST_INFO:
        raise StampError("the response holds no time stamp")
    certificates = [
        x509.load_der_x509_certificate(item.whole) for part in signed[3:-1] if part.tag == 0xA0 for item in part.parts()
    ]
    (signer,) = signed[-1].parts()
    stated = _stated(info)
    leaf = _signer(signer, info, certificates)
    _trusted(leaf, [*certificates, *authorities], authorities, stated.moment)
    return stated


def _stated(info: bytes) -> Stamp:
    fields = next(_parts(info)).parts()
    algorithm, imprint = fields[2].parts()
    if algorithm.parts()[0].body.hex() != "608648016503040201":
        raise StampError("the time stamp is of another hash than SHA-256")
    moment = datetime.strptime(fields[4].body.decode("ascii").partition(".")[0].rstrip("Z"), "%Y%m%d%H%M%S")
    return Stamp(imprint.body, moment.replace(tzinfo=UTC))


def _signer(signer: _Part, info: bytes, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate whose key signed the token's attributes, which must name this content."""
    fields = signer.parts()
    algorithm = _HASHES[fields[2].parts()[0].body.hex()] if fields[2].parts()[0].body.hex() in _HASHES else None
    attributes = fields[3]
    if algorithm is None or attributes.tag != 0xA0:
        raise StampError("the time stamp is signed in a way that this program does not know")
    values = {item.parts()[0].body: item.parts()[1].parts()[0].body for item in attributes.parts()}
    digest = hashes.Hash(algorithm)
    digest.update(info)
    if values.get(_CONTENT_TYPE) != _TST_INFO or values.get(_DIGEST) != digest.finalize():
        raise StampError("the time stamp's signature is of another content")
    message = b"\x31" + attributes.whole[1:]
    for certificate in certificates:
        if _signs(certificate, fields[5].body, message, algorithm):
            return certificate
    raise StampError("the time stamp's signature does not hold")


def _signs(certificate: x509.Certificate, signature: bytes, message: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _trusted(
    leaf: x509.Certificate, known: Sequence[x509.Certificate], authorities: Sequence[x509.Certificate], moment: datetime
) -> None:
    """Walk from the signer up to a trusted certificate, each valid at the stated time. Raises StampError."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
    if ExtendedKeyUsageOID.TIME_STAMPING not in usage:
        raise StampError("the signer's certificate is not for time stamps")
    here = leaf
    for _ in range(_STEPS):
        if not here.not_valid_before_utc <= moment <= here.not_valid_after_utc:
            raise StampError("a certificate was not valid when the time was stamped")
        if here in authorities:
            return
        above = next((item for item in known if item != here and _issued(here, item)), None)
        if above is None:
            break
        here = above
    raise StampError("no trusted certificate stands above the signer's", remedy="Name the authority's with --ca")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        return bool(issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False


def add(store: Store, principal: Principal, response: bytes, authorities: bytes, *, clock: Clock) -> tuple[int, str]:
    """Keep a response that stamps the newest checkpoint. Returns its leaves and time. Raises StampError.

    ``authorities`` are the trusted certificates, PEM. Ask anew where the log has grown in the meantime: keep the log still
    between request and response, or stamp what `audit anchor` wrote.
    """
    try:
        trusted = x509.load_pem_x509_certificates(authorities)
    except ValueError as fault:
        raise StampError(f"the authority's certificate cannot be read: {fault}") from None
    stated = read(response, trusted)
    with writing(store, principal, "audit.stamped", clock=clock) as act:
        note = head_note(act.connection) or ""
        if hashlib.sha256(note.encode()).digest() != stated.imprint:
            raise StampError("the response stamps something else than the newest checkpoint", remedy="Ask anew")
        size = opened(note, public_bytes(signing_key(store))).size
        identity = hashlib.sha256(response).hexdigest()
        row = {"size": size, "token_hash": identity, "note": note, "token": response, "stamped_at": iso(stated.moment)}
        act.upsert(STAMPED, [row])
        act.fact("size", size)
        act.fact("token", identity)
    return size, iso(stated.moment)
