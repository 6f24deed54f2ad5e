"""What changed between two states of a list: exact by entry id and by the canonical bytes of each field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vedette.watchlists.codec import FIELDS, field_bytes
from vedette.watchlists.model import Listing


@dataclass(frozen=True, slots=True)
class ListDiff:
    """Entry ids added, removed, and changed with the names of the fields that differ; each sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.changed)

    def touched(self) -> frozenset[str]:
        """Every id that a re-screening has to look at."""
        return frozenset((*self.added, *self.removed, *(entity_id for entity_id, _ in self.changed)))


def diff(old: Iterable[Listing], new: Iterable[Listing]) -> ListDiff:
    """Compare two states. ``diff(new, old)`` is its mirror: added and removed change places."""
    before = {listing.entity_id: listing for listing in old}
    after = {listing.entity_id: listing for listing in new}
    changed = (
        (entity_id, _differing(before[entity_id], after[entity_id]))
        for entity_id in sorted(before.keys() & after.keys())
    )
    return ListDiff(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple((entity_id, fields) for entity_id, fields in changed if fields),
    )


def _differing(old: Listing, new: Listing) -> tuple[str, ...]:
    if old == new:
        return ()
    one, other = field_bytes(old), field_bytes(new)
    return tuple(name for name in FIELDS if one[name] != other[name])
