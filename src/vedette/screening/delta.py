"""Re-screening after a list has changed: only what changed is looked at, and the result is that of a full screening."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vedette.screening.index import Index
from vedette.screening.model import Edition, Match, ranked
from vedette.watchlists import Listing, diff
from vedette.watchlists.codec import decode_lines


@dataclass(frozen=True, slots=True)
class Changes:
    """The entries added or changed, in their new form, and the ids of every entry whose old matches no longer count."""

    entries: tuple[Listing, ...]
    outdated: frozenset[str]

    def index(self, edition: Edition) -> Index:
        """A small index to screen every customer against. ``edition`` is the new one."""
        return Index.of(self.entries, edition)


def changed_entries(old: Iterable[Listing], new: Iterable[Listing]) -> Changes:
    """What a re-screening has to look at between two states of one list. Called the other way round, it undoes itself."""
    before, after = tuple(old), tuple(new)
    delta = diff(before, after)
    fresh = {*delta.added, *(entity_id for entity_id, _ in delta.changed)}
    return Changes(tuple(listing for listing in after if listing.entity_id in fresh), delta.touched())


@dataclass(frozen=True, slots=True)
class Touched:
    """The entries of one list that differ between two versions: as they were, and as they are now."""

    before: tuple[Listing, ...]
    after: tuple[Listing, ...]

    def __len__(self) -> int:
        return len(self.before) + len(self.after)


def touched(old: bytes, new: bytes) -> Touched:
    """The entries that stand in one only of two stored blobs (a line an entry); only those are decoded."""
    before, after = set(old.splitlines()), set(new.splitlines())
    return Touched(_decoded(before - after), _decoded(after - before))


def _decoded(lines: set[bytes]) -> tuple[Listing, ...]:
    return decode_lines(b"\n".join(sorted(lines)))


def carried_over(
    known: Iterable[Match], fresh: Iterable[Match], *, list_id: str, changes: Changes, limit: int | None = None
) -> tuple[Match, ...]:
    """A party's matches after a list delta: the known ones without outdated entries of that list, and the fresh ones.

    Known matches keep the version under which they were judged; the entry is the same in the new one.
    """
    standing = (match for match in known if match.list != list_id or match.entity_id not in changes.outdated)
    return ranked((*standing, *fresh), limit)
