"""At the relay: members' tags put together so that nobody can tell whose is whose, and questions passed on to the holder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vedette.audit import Act
from vedette.base import stable_id
from vedette.sharing.blind import store as state
from vedette.sharing.blind import tagset, wire
from vedette.sharing.blind.group import Epoch
from vedette.sharing.blind.purposes import table
from vedette.store import Store

#: Tags in one contribution; more are sent in several.
MOST_AT_ONCE = 150_000


@dataclass(frozen=True, slots=True)
class Combined:
    """The padded set that members compare with, and the recall list: tags that nobody holds any longer."""

    data: bytes
    withdrawn: bytes

    @property
    def version(self) -> str:
        """Names this state of both."""
        return tagset.version(self.data + self.withdrawn)


def contribution(body: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The tags that a member adds and withdraws. Raises TagsError."""
    return tagset.decoded(body.get("add"), MOST_AT_ONCE), tagset.decoded(body.get("withdraw"), MOST_AT_ONCE)


def keep(act: Act, epoch: Epoch, key: bytes, member: str, added: bytes, gone: bytes, *, now: datetime) -> None:
    """Take a contribution: added tags wait for the next round, withdrawn ones leave every round at once."""
    number = epoch.round_at(now)
    held = {place: set(tagset.split(data)) for name, place, data in _live(act, epoch, key) if name == member}
    removed = set(tagset.split(gone))
    held[number] = held.get(number, set()) | set(tagset.split(added))
    for place, tags in held.items():
        left = tags - removed if place != number else tags - (removed - set(tagset.split(added)))
        state.keep_tags(act, key, epoch.id, member, "live", place, tagset.packed(left))
    _recall(act, epoch, key, removed)
    act.fact("round", number)


def _recall(act: Act, epoch: Epoch, key: bytes, removed: set[bytes]) -> None:
    """Keep the recall list: what was withdrawn and is held by nobody."""
    before = {
        tag for _, _, data in state.tags(act.connection, key, epoch.id, "withdrawn") for tag in tagset.split(data)
    }
    held = {tag for _, _, data in _live(act, epoch, key) for tag in tagset.split(data)}
    state.keep_tags(act, key, epoch.id, "", "withdrawn", 0, tagset.packed((before | removed) - held))


def _live(act: Act, epoch: Epoch, key: bytes) -> list[tuple[str, int, bytes]]:
    return list(state.tags(act.connection, key, epoch.id, "live"))


def combined(act: Act, epoch: Epoch, key: bytes, *, now: datetime) -> Combined | None:
    """What members may see now; None while fewer members have contributed than hide who holds.

    Tags of earlier rounds only, all members' in one, each once, padded: neither a member nor a count shows.
    """
    current = epoch.round_at(now)
    visible = [
        (member, data)
        for member, number, data in state.tags(act.connection, key, epoch.id, "live")
        if number < current or epoch.round_minutes == 0
    ]
    least = min(len(epoch.members), 1) if epoch.pairwise else table().limits.least_participants
    if len({member for member, _ in visible}) < least:
        return None
    real = (tag for _, data in visible for tag in tagset.split(data))
    gone = b"".join(data for _, _, data in state.tags(act.connection, key, epoch.id, "withdrawn"))
    return Combined(tagset.padded(real, key, epoch.id), gone)


def told(found: Combined, known: str) -> dict[str, Any]:
    """The body of an answer: the set and its recall list, or that the asker has it already."""
    if known == found.version:
        return {"version": found.version, "unchanged": True}
    return {
        "version": found.version,
        "unchanged": False,
        "tags": tagset.encoded(found.data),
        "withdrawn": tagset.encoded(found.withdrawn),
    }


def ask(act: Act, store: Store, epoch: Epoch, key: bytes, message: wire.Message, tag: bytes) -> int:
    """Pass a question about a tag on to each member that holds it. Returns to how many."""
    holders = {member for member, _, data in _live(act, epoch, key) if tagset.contains(data, tag)} - {message.sender}
    for holder in holders:
        row = {
            "question_id": stable_id("bqu", epoch.id, tag.hex(), message.sender, holder),
            "epoch_id": epoch.id,
            "asker": message.sender,
            "role": f"for:{holder}",
            "state": "open",
        }
        state.keep_question(act, store, row, tag)
    return len(holders)


def questions_for(store: Store, epoch_id: str, member: str) -> list[dict[str, str]]:
    """The questions that wait for one member."""
    return [
        {"question_id": item["question_id"], "asker": item["asker"], "tag": item["tag"]}
        for item in state.questions(store)
        if item["epoch_id"] == epoch_id and item["role"] == f"for:{member}"
    ]
