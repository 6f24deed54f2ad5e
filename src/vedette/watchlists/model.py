"""Who is listed, by whom, since when, and the duty that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vedette.base import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One entry of one list, as a source's parser reads it.

    ``entity_id`` is the publisher's own id, stable over versions. ``programmes`` are the publisher's programme tags.
    ``dprk`` tells whether a programme of the entry is directed at the DPRK, by the source's own declaration.
    ``remarks`` is the publisher's free text, for people to read; nothing is decided from it. ``topics`` are FollowTheMoney's
    words for why a party is listed, where the source uses them.
    """

    entity_id: str
    party: Party
    programmes: tuple[str, ...] = ()
    dprk: bool = False
    listed_on: date | None = None
    remarks: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """One stored state of one list. ``version`` is "<date>.<first 12 hex digits of the content hash>".

    ``names`` and ``dprk`` count the written names and the entries of DPRK programmes. ``forced`` is the reason given for
    loading it against a guard, empty where none spoke. Versions no longer, or never, in force are kept for replay.
    """

    list_id: str
    version: str
    content_hash: str
    published: date | None
    loaded_at: str
    entries: int
    obligation: str
    source_id: str = ""
    entries_hash: str = ""
    names: int = 0
    dprk: int = 0
    in_force: bool = True
    forced: str = ""
    notes: tuple[str, ...] = ()
