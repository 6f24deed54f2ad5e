"""Reads a peer's collections: only what was added since the last time, as items for people; recalls take effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.sharing.fetch import Login, Taxii
from vedette.sharing.formats.stix21.format import of_rows
from vedette.sharing.house import house
from vedette.sharing.model import Peer, ShareError
from vedette.sharing.receive import Received, take
from vedette.sharing.store.peers import credential
from vedette.sharing.store.pulls import keep_pulled, pulled_until
from vedette.store import Store


def client(store: Store, peer: Peer, clock: Clock, url: str = "") -> Taxii:
    """A client of a peer's API root, with the token it gave us, or signing where it gave none. Raises ShareError."""
    if peer.revoked_at is not None:
        raise ShareError("this peer was revoked", remedy="`vedette share peers rotate` lets it in again")
    root = (url or peer.url).partition("collections/")[0]
    if not root:
        raise ShareError("this peer has no address here", remedy="Name it with --url, or add the peer with --url")
    token = credential(store, peer.id)
    own = house(store)
    login = _login(token) if token else Login(seed=own.seed, key_id=own.public)
    return Taxii(root, login, peer.private, clock=clock)


def _login(text: str) -> Login:
    name, colon, password = text.partition(":")
    return Login(basic=(name, password)) if colon else Login(token=text)


def pull(
    store: Store,
    principal: Principal,
    peer: Peer,
    *,
    clock: Clock,
    only: str = "",
    url: str = "",
    everything: bool = False,
    taxii: Taxii | None = None,
) -> Iterator[Received]:
    """Read each readable collection to its end, page by page; each page is kept, with how far it reached, in one go."""
    with taxii or client(store, peer, clock, url) as reader:
        readable = [row for row in reader.collections() if row.get("can_read") is True]
        wanted = [row for row in readable if only in ("", row.get("id"), row.get("alias"), row.get("title"))]
        if not wanted:
            raise ShareError("the peer offers no such collection to read", remedy="Ask the peer which ones there are")
        for row in wanted:
            key = str(row.get("id"))
            since = "" if everything else pulled_until(store, peer.id, key)
            yield _read(store, principal, peer, reader, key, since, clock)


def _read(
    store: Store, principal: Principal, peer: Peer, reader: Taxii, key: str, since: str, clock: Clock
) -> Received:
    total = Received(file=f"{peer.id}/{key}", format="stix21")
    for page in reader.pages(key, added_after=since):
        told = take(store, principal, f"peer:{peer.id}", of_rows(page.objects), clock=clock)
        total = replace(
            total,
            read=total.read + told.read,
            stored=total.stored + told.stored,
            duplicates=total.duplicates + told.duplicates,
            recalled=total.recalled + told.recalled,
            context=total.context + told.context,
            refused=(*total.refused, *told.refused),
        )
        if page.last and page.last > since:
            since = page.last
            with writing(store, principal, "sharing.pulled", clock=clock) as act:
                keep_pulled(act, peer.id, key, since)
    return total
