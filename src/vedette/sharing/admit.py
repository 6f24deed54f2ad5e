"""Peers: let in, given permissions, given new keys, and kept out at once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from vedette.audit import writing
from vedette.base import Clock, Place, Principal
from vedette.sharing.model import Peer, ShareError, stamp
from vedette.sharing.send import find_collection
from vedette.sharing.store.peers import keep_peer, peers
from vedette.store import Store

_LOCAL = ("localhost", "127.0.0.1", "::1")
_TEXT = 200


def token_hash(token: str) -> str:
    """What is kept of a token of 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def add(
    store: Store,
    principal: Principal,
    peer_id: str,
    *,
    clock: Clock,
    name: str = "",
    contact: str = "",
    reads: Sequence[str] = (),
    writes: Sequence[str] = (),
    public_key: str = "",
    fingerprint: str = "",
    url: str = "",
    credential: str = "",
    private: bool = False,
) -> tuple[Peer, str]:
    """Let a peer in; its token is shown once. ``url`` and ``credential`` are of the collection of theirs that we post to.

    Raises ShareError.
    """
    if not peer_id.isascii() or not peer_id.replace("-", "").isalnum() or len(peer_id) > 40:
        raise ShareError("this is no id of a peer", remedy="Use up to 40 letters, digits and dashes")
    if peer_id in {one.id for one in peers(store)}:
        raise ShareError("a peer of this id exists", remedy="Rotate its keys, or choose another id")
    if any(len(text) > _TEXT or not text.isprintable() for text in (name, contact)):
        raise ShareError(f"name and contact are one line of at most {_TEXT} characters", remedy="Shorten them")
    token = new_token()
    made = Peer(
        id=peer_id,
        name=name or peer_id,
        contact=contact,
        created_at=stamp(clock.now()),
        reads=tuple(dict.fromkeys(find_collection(store, one).id for one in reads)),
        writes=tuple(dict.fromkeys(find_collection(store, one).id for one in writes)),
        token_hash=token_hash(token),
        public_key=read_key(public_key),
        fingerprint=read_fingerprint(fingerprint),
        url=require_url(url, private=private),
        private=private,
    )
    with writing(store, principal, "sharing.peer", clock=clock) as act:
        act.fact("peer", peer_id)
        keep_peer(act, store, made, credential)
    return made, token


def new_token() -> str:
    """A token for a peer: 256 random bits behind a mark that scanners of leaked secrets can find."""
    return f"vdp_{secrets.token_urlsafe(32)}"


def find(store: Store, peer_id: str) -> Peer:
    """A peer by id. Raises ShareError."""
    for one in peers(store):
        if one.id == peer_id:
            return one
    raise ShareError("is no peer", place=Place(peer_id[:40]), remedy="`vedette share peers list` names them")


def revoke(store: Store, principal: Principal, peer_id: str, *, clock: Clock) -> Peer:
    """Keep a peer out from now on: no request of it opens anything, nothing more is sent to it."""
    found = find(store, peer_id)
    after = replace(found, revoked_at=found.revoked_at or stamp(clock.now()))
    with writing(store, principal, "sharing.peer_revoked", clock=clock) as act:
        act.fact("peer", peer_id)
        keep_peer(act, store, after)
    return after


def rotate(
    store: Store, principal: Principal, peer_id: str, *, clock: Clock, public_key: str = "", fingerprint: str = ""
) -> tuple[Peer, str]:
    """Give a peer a new token, and a new public key or certificate where given; the old ones open nothing any longer."""
    found, token = find(store, peer_id), new_token()
    after = replace(
        found,
        token_hash=token_hash(token),
        public_key=read_key(public_key) or ("" if found.revoked_at else found.public_key),
        fingerprint=read_fingerprint(fingerprint) or ("" if found.revoked_at else found.fingerprint),
        revoked_at=None,
    )
    with writing(store, principal, "sharing.peer_rotated", clock=clock) as act:
        act.fact("peer", peer_id)
        keep_peer(act, store, after)
    return after, token


def read_key(text: str) -> str:
    """An Ed25519 public key in hexadecimal, from hexadecimal or Base64. Raises ShareError."""
    given = text.strip()
    if not given:
        return ""
    try:
        raw = bytes.fromhex(given) if len(given) == 64 else base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        raise ShareError("this is no Ed25519 public key", remedy="Ask the peer: `vedette share whoami` prints theirs")
    return raw.hex()


def read_fingerprint(text: str) -> str:
    """A certificate's SHA-256 in hexadecimal. Raises ShareError."""
    found = text.replace(":", "").strip().lower()
    if found and (len(found) != 64 or set(found) - set("0123456789abcdef")):
        raise ShareError("this is no SHA-256 fingerprint of a certificate", remedy="64 hexadecimal digits")
    return found


def require_url(url: str, *, private: bool) -> str:
    """An address to post to: https, or http on this machine, or inside the house where that is allowed. Raises ShareError."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
        parts = urlsplit("")
    plain = parts.scheme == "http" and (private or parts.hostname in _LOCAL)
    if not sound or parts.username or parts.password or parts.fragment or parts.query or not url.isprintable():
        raise ShareError("is no address of a TAXII server", remedy="Write https://host/taxii2/api/")
    if parts.scheme != "https" and not plain:
        raise ShareError("is not encrypted", remedy="Use https; http is for this machine only")
    return url if url.endswith("/") else f"{url}/"
