"""What changed between two stored versions of a list: the entries as they were, and as they are now."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.watchlists import Listing
from vedette.watchlists.codec import decode_lines


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
