"""Which peer asks: its token, its signature over the request, or its certificate as a trusted proxy saw it; revoked at once."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from vedette.audit import writing
from vedette.base import from_micros, to_micros
from vedette.doors import web
from vedette.sharing.admit import token_hash
from vedette.sharing.model import Peer, stamp
from vedette.sharing.signing import WINDOW, BadSignature, Claim, Sent, claim, verify
from vedette.sharing.store.peers import nonce_seen, peer_by
from vedette.sharing.taxii import principal
from vedette.store import load_key

#: What a proxy that ended mutual TLS says of the certificate, and how it proves to be that proxy.
FINGERPRINT, PROXY = "x-client-cert-sha256", "x-vedette-proxy"
_MOST_NONCES = 50_000
_read = web.body("application/taxii+json", "application/vnd.oasis.stix+json")
_CHALLENGE = {"WWW-Authenticate": 'Bearer, Basic realm="taxii"'}


@dataclass(frozen=True, slots=True)
class Admitted:
    """A peer that was let in, with the body that it sent."""

    peer: Peer
    place: web.Workplace
    body: bytes = b""


@dataclass
class Nonces:
    """Nonces seen by this process; those of writes are kept in the database besides, for all processes."""

    seen: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def fresh(self, peer: str, found: Claim) -> bool:
        """Whether a nonce is new; then it is remembered."""
        key = (peer, found.nonce)
        with self.lock:
            if key in self.seen:
                return False
            self.seen[key] = found.created
            while len(self.seen) > _MOST_NONCES:
                self.seen.popitem(last=False)
        return True


async def admitted(request: Request, place: Annotated[web.Workplace, Depends(web.workplace)]) -> Admitted:
    """The peer that asks. Raises Problem where nothing proves one, it was revoked, or it asks too often."""
    signed = request.headers.get("signature-input", "")
    found = _claim(request, place) if signed else None
    if isinstance(found, str):
        raise await _refused(request, place, found)
    peer = await run_in_threadpool(_owner, request, place, found)
    if peer is None:
        raise await _refused(request, place, "Nothing that was sent proves a peer")
    wait = place.by_key.take(f"peer:{peer.id}")
    if wait:
        raise web.Problem(429, "too-many-requests", "This peer asks too often", headers={"Retry-After": str(wait)})
    body = await _read(request, place) if request.method == "POST" else b""
    if found is not None:
        fault = await run_in_threadpool(_fault, request, place, peer, found, body)
        if fault:
            raise await _refused(request, place, fault)
    request.scope["vedette.key"] = f"peer:{peer.id}"
    return Admitted(peer, place, body)


async def _refused(request: Request, place: web.Workplace, why: str) -> web.Problem:
    problem = web.Problem(
        401, "no-peer", why, remedy="Send the token that the house gave you, or sign the request", headers=_CHALLENGE
    )
    return await web.refusal(request, place, "peer", problem)


def _claim(request: Request, place: web.Workplace) -> Claim | str:
    try:
        now = place.clock.now().timestamp()
        return claim(request.headers.get("signature-input", ""), request.headers.get("signature", ""), now)
    except BadSignature as fault:
        return str(fault)


def _owner(request: Request, place: web.Workplace, found: Claim | None) -> Peer | None:
    """The peer, unless it was revoked; looked up anew each time."""
    with place.store.database.reading() as connection:
        if found is not None:
            peer = peer_by(connection, "public_key", found.key_id)
        elif request.headers.get("authorization"):
            peer = peer_by(connection, "token_hash", token_hash(_token(request)))
        else:
            peer = peer_by(connection, "fingerprint", _certificate(request, place))
    return None if peer is None or peer.revoked_at is not None else peer


def _token(request: Request) -> str:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return text.strip()
    try:
        return (
            base64.b64decode(text.strip(), validate=True).decode().partition(":")[2] if kind.lower() == "basic" else ""
        )
    except (ValueError, binascii.Error):
        return ""


def _certificate(request: Request, place: web.Workplace) -> str:
    """The fingerprint that a proxy tells, where it proves to be ours by the workspace's own secret."""
    file = place.store.workspace.keys / "sharing-proxy.key"
    told = request.headers.get(PROXY, "")
    if not told or not file.is_file() or not hmac.compare_digest(told, load_key(file).hex()):
        return ""
    return request.headers.get(FINGERPRINT, "").replace(":", "").strip().lower()


def _fault(request: Request, place: web.Workplace, peer: Peer, found: Claim, body: bytes) -> str:
    """Why a signature does not hold; empty where it does. What changes something is remembered for all processes."""
    path = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0] or request.url.path
    sent = Sent(request.method, request.headers.get("host", ""), path, request.url.query, body)
    try:
        verify(found, sent, request.headers.get("content-digest", ""), peer.public_key)
    except BadSignature as fault:
        return str(fault)
    if not place.keep(Nonces, Nonces).fresh(peer.id, found):
        return "the request was sent before"
    if request.method in ("POST", "DELETE"):
        oldest = stamp(from_micros(to_micros(place.clock.now()) - 2 * WINDOW * 1_000_000))
        with writing(place.store, principal(peer), "sharing.signed", clock=place.clock) as act:
            if nonce_seen(act, peer.id, found.nonce, oldest):
                return "the request was sent before"
    return ""
