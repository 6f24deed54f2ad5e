"""The TAXII 2.1 server's work: filters read strictly, pages made, posts taken as items to judge, what was taken noted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from vedette.audit import writing
from vedette.base import Clock, Principal, PrincipalKind, canonical_json
from vedette.sharing.formats.stix21.format import named, of_rows
from vedette.sharing.model import Collection, Inbound, Peer, ShareError, State, inbound_id, stamp
from vedette.sharing.receive import keep
from vedette.sharing.send import find_collection, member
from vedette.sharing.store import taxii as state
from vedette.sharing.store.inbound import inbound, keep_inbound
from vedette.sharing.store.objects import add_members, collections, note_taken, taken_through
from vedette.sharing.store.peers import keep_status
from vedette.sharing.values import Unfit, moment
from vedette.store import Store

MEDIA_TYPE = "application/taxii+json;version=2.1"
STIX_TYPE = "application/stix+json;version=2.1"
ROOT = "/taxii2/vedette/"
MOST_ON_A_PAGE, MOST_POSTED = 1_000, 5_000
_MOST_MATCHED = 100
_ENCODER = msgspec.json.Encoder()
_FILTERS = ("added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]")


class TaxiiFault(Exception):
    """A request that TAXII answers with an error: the status, a title, and what to do."""

    def __init__(self, status: int, title: str, description: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.description = description


def principal(peer: Peer) -> Principal:
    """Who acts in the log when a peer asks."""
    return Principal(PrincipalKind.KEY, f"peer:{peer.id}")


def visible(store: Store, peer: Peer) -> list[dict[str, Any]]:
    """The collections of which this peer may read or write."""
    wanted = {*peer.reads, *peer.writes}
    return [resource(found, peer) for found in collections(store) if found.id in wanted]


def resource(found: Collection, peer: Peer) -> dict[str, Any]:
    """A collection as TAXII tells it."""
    return {
        "id": found.id,
        "title": found.title,
        "description": found.description,
        "alias": found.alias,
        "can_read": found.id in peer.reads,
        "can_write": found.id in peer.writes,
        "media_types": [STIX_TYPE],
    }


def allowed(store: Store, peer: Peer, reference: str, *, read: bool = False, write: bool = False) -> Collection:
    """A collection that this peer may use so. One that it may not use at all is unknown to it. Raises TaxiiFault."""
    try:
        found = find_collection(store, reference)
    except ShareError:
        raise TaxiiFault(404, "There is no such collection") from None
    if found.id not in peer.reads and found.id not in peer.writes:
        raise TaxiiFault(404, "There is no such collection")
    if read and found.id not in peer.reads:
        raise TaxiiFault(403, "This collection may not be read", "Ask its house for the permission")
    if write and found.id not in peer.writes:
        raise TaxiiFault(403, "This collection may not be written", "Ask its house for the permission")
    return found


def wanted(collection: Collection, peer: Peer, query: Sequence[tuple[str, str]], object_id: str = "") -> state.Wanted:
    """The filters of a request. Raises TaxiiFault for an unknown one or an impossible value."""
    given: dict[str, str] = {}
    for name, text in query:
        if name not in _FILTERS or name in given or len(text) > 12_000:
            raise TaxiiFault(400, "A filter is unknown, twice there or too long", f"Known: {', '.join(_FILTERS)}")
        given[name] = text
    found = state.Wanted(
        collection=collection.id,
        peer=peer.id,
        limit=min(MOST_ON_A_PAGE, _number(given.get("limit", str(MOST_ON_A_PAGE)), "limit")),
        after=_number(given["next"], "next") if "next" in given else 0,
        added_after=_after(given.get("added_after", "")),
        ids=(object_id,) if object_id else _texts(given.get("match[id]", "")),
        types=_texts(given.get("match[type]", "")),
        versions=_versions(given.get("match[version]", "last")),
        spec_versions=_texts(given.get("match[spec_version]", "")),
    )
    return found


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text) > 0):
        raise TaxiiFault(400, f"{what} is no positive number")
    return int(text)


def _texts(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part for part in text.split(",") if part))
    if len(found) > _MOST_MATCHED:
        raise TaxiiFault(400, f"A filter names more than {_MOST_MATCHED} values", "Ask several times")
    return found


def _after(text: str) -> str:
    """The moment with microseconds, as times of addition are kept."""
    if not text:
        return ""
    try:
        found = moment(text, "added_after")
    except Unfit:
        raise TaxiiFault(400, "added_after is no time such as 2026-01-31T09:00:00.000000Z") from None
    fraction = text[:-1].partition(".")[2][:6].ljust(6, "0")
    return f"{found[:19]}.{fraction}Z"


def _versions(text: str) -> tuple[str, ...]:
    found = []
    for part in _texts(text):
        try:
            found.append(part if part in ("first", "last", "all") else moment(part, "version"))
        except Unfit:
            raise TaxiiFault(400, "match[version] is none of first, last, all or a time") from None
    return tuple(found) or ("last",)


@dataclass(frozen=True, slots=True)
class Answer:
    """One page: its body, and the moments of addition of its first and last object."""

    body: bytes
    first: str = ""
    last: str = ""


def objects(store: Store, peer: Peer, query: state.Wanted, clock: Clock, *, must_exist: bool = False) -> Answer:
    """A page of objects. Notes how far the peer has read, once a step further, so that recalls reach it."""
    found, more = _page(store, query)
    if not found and must_exist:
        raise TaxiiFault(404, "There is no such object in this collection")
    if not found:
        return Answer(b"{}")
    _note(store, peer, query.collection, found[-1].seq, clock)
    held = ",".join(row.body for row in found)
    tail = f',"next":"{found[-1].seq}"' if more else ""
    body = f'{{"more":{"true" if more else "false"}{tail},"objects":[{held}]}}'
    return Answer(body.encode(), found[0].date_added, found[-1].date_added)


def manifest(store: Store, query: state.Wanted) -> Answer:
    """A page of the manifest."""
    found, more = _page(store, query)
    if not found:
        return Answer(b"{}")
    rows = [
        {"id": row.object_id, "date_added": row.date_added, "version": row.version, "media_type": STIX_TYPE}
        for row in found
    ]
    told: dict[str, Any] = {"more": more, "objects": rows} | ({"next": str(found[-1].seq)} if more else {})
    return Answer(_ENCODER.encode(told), found[0].date_added, found[-1].date_added)


def versions(store: Store, query: state.Wanted) -> Answer:
    """A page of the times of an object's versions."""
    found, more = _page(store, replace(query, versions=("all",)))
    if not found:
        raise TaxiiFault(404, "There is no such object in this collection")
    told: dict[str, Any] = {"more": more, "versions": [row.version for row in found]}
    told |= {"next": str(found[-1].seq)} if more else {}
    return Answer(_ENCODER.encode(told), found[0].date_added, found[-1].date_added)


def _page(store: Store, query: state.Wanted) -> tuple[list[state.Row], bool]:
    with store.database.reading() as connection:
        found = state.rows(connection, query)
    return found[: query.limit], len(found) > query.limit


def _note(store: Store, peer: Peer, collection: str, through: int, clock: Clock) -> None:
    with store.database.reading() as connection:
        if taken_through(connection, peer.id, collection) >= through:
            return
    with writing(store, principal(peer), "sharing.taken", clock=clock) as act:
        if taken_through(act.connection, peer.id, collection) < through:
            act.fact("collection", collection)
            act.fact("through", through)
            note_taken(act, peer.id, collection, through)


def post(store: Store, peer: Peer, collection: Collection, body: Any, clock: Clock) -> dict[str, Any]:
    """Take posted objects as items to judge. Returns the status resource. Raises TaxiiFault where it is no envelope."""
    rows = body.get("objects") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not rows:
        raise TaxiiFault(422, "The body is no envelope with objects", 'Send {"objects": [...]}')
    if len(rows) > MOST_POSTED:
        raise TaxiiFault(413, f"The body holds more than {MOST_POSTED:,} objects", "Send several envelopes")
    now = stamp(clock.now())
    reading = of_rows(rows)
    good = [item for item in reading.objects if item.recalled or not item.expired(now)]
    expired = [
        (item.id, item.modified, "expired: its validity has ended") for item in reading.objects if item not in good
    ]
    with writing(store, principal(peer), "sharing.posted", clock=clock) as act:
        foreign = keep(act, f"peer:{peer.id}", good, now).refused
        refused = [*reading.refused, *foreign]
        good = [item for item in good if item.id not in {one.object for one in foreign}]
        # Only what was read and found good is kept, in our own spelling: nothing unexamined stands in a collection.
        members = [replace(member(item), owner=peer.id) for item in good]
        add_members(act, collection.id, members, now)
        told = _status(rows, good, [*expired, *((one.object, now, one.reason) for one in refused)], now)
        act.fact("collection", collection.id)
        act.fact("objects", len(good))
        act.fact("refused", told["failure_count"])
        keep_status(act, told["id"], peer.id, canonical_json(told).decode())
    return told


def _status(rows: Sequence[Any], good: Sequence[Any], bad: Sequence[tuple[str, str, str]], now: str) -> dict[str, Any]:
    """The status resource. Objects that are only context (identities, markings) count as taken."""
    failed = {name for name, _, _ in bad}
    names = [(named(row, number), row) for number, row in enumerate(rows)]
    fine = [(name, row) for name, row in names if name not in failed]
    return {
        "id": str(uuid.uuid4()),
        "status": "complete",
        "request_timestamp": now,
        "total_count": len(rows),
        "success_count": len(fine),
        "successes": [
            {"id": name, "version": _version(row, now), "message": "Taken for a person to judge"} for name, row in fine
        ],
        "failure_count": len(rows) - len(fine),
        "failures": [{"id": name, "version": version, "message": reason} for name, version, reason in bad],
        "pending_count": 0,
        "pendings": [],
    }


def _version(row: Any, now: str) -> str:
    for name in ("modified", "created"):
        try:
            return moment(row.get(name) if isinstance(row, dict) else None, name)
        except Unfit:
            continue
    return now


def delete(store: Store, peer: Peer, query: state.Wanted, clock: Clock) -> None:
    """Take back what the peer posted; its items end here, too. Raises TaxiiFault for objects of others and none."""
    now = stamp(clock.now())
    with writing(store, principal(peer), "sharing.taken_back", clock=clock) as act:
        count, there = state.take_back(act, query)
        if not there:
            raise TaxiiFault(404, "There is no such object in this collection")
        if not count:
            raise TaxiiFault(403, "Only what you posted can be taken back", "Ask its house for a recall")
        items = inbound(act.connection, ids=[inbound_id(f"peer:{peer.id}", one) for one in query.ids])
        keep_inbound(act, [_ended(one, now) for one in items if one.state in (State.WAITING, State.ACCEPTED)])
        act.fact("versions", count)


def _ended(one: Inbound, now: str) -> Inbound:
    reason = "taken back by its source"
    return replace(one, state=State.RECALLED, decided_by=one.source, decided_at=now, reason=reason)


def every_version(query: state.Wanted) -> state.Wanted:
    """The same filters over all versions."""
    return replace(query, versions=("all",))
