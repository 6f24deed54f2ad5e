"""An index over the editions of one or several lists: who bears a form or a tag, and the entry behind each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec
import numpy as np

from vedette.base import Name
from vedette.screening.model import Edition, ScreeningError
from vedette.screening.segment import Numbers, Segment, build
from vedette.screening.words import Words
from vedette.watchlists import Listing

_DECODER = msgspec.json.Decoder(Listing)
_KEPT_ENTRIES = 20_000


class Index:
    """What parties are screened against. Made by ``open_index`` from stored lists, or by ``Index.of`` from listings.

    Entries, names and forms are numbered through all editions, forms from the shortest to the longest. An index of no edition is refused when it is asked: an
    answer from it would look like "not listed".
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = tuple(segments)
        forms = [form for segment in self._segments for form in segment.forms]
        lengths = np.fromiter(map(len, forms), dtype=np.int64, count=len(forms))
        by_length = np.argsort(lengths, kind="stable")
        self._by_length: list[int] = by_length.tolist()
        self._lengths = lengths[by_length]
        self.forms: list[str] = [forms[number] for number in self._by_length]
        self._bases = _bases(segment.entries for segment in self._segments)
        self._entries: dict[int, Listing] = {}
        names = _bases(len(segment.name_entries) for segment in self._segments)
        owners = _bases(len(segment.form_names) for segment in self._segments)
        starts = _joined((s.form_starts[:-1] for s in self._segments), owners, last=int(owners[-1]))
        entries = _joined((s.name_entries for s in self._segments), self._bases)
        ranks = _joined((s.name_ranks for s in self._segments), [0] * len(self._segments))
        # Lists, not arrays, of what is read one number at a time: that is several times as fast.
        self._starts: list[int] = starts.tolist()
        self._owners: list[int] = _joined((s.form_names for s in self._segments), names).tolist()
        self._bearers: list[tuple[int, int]] = list(zip(entries.tolist(), ranks.tolist(), strict=True))

    @classmethod
    def of(cls, listings: Iterable[Listing], edition: Edition) -> Index:
        """An index over listings in memory."""
        return cls([build(edition, listings)])

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The lists and versions that a screening against this index has looked at."""
        return tuple(segment.edition for segment in self._segments)

    def require_lists(self) -> None:
        """Raise where there is no list to screen against."""
        if not self._segments:
            raise ScreeningError("no list is loaded", remedy="Load one with `vedette lists load FILE`")

    def __len__(self) -> int:
        return int(self._bases[-1])

    @property
    def names(self) -> int:
        """How many written names are indexed."""
        return len(self._bearers)

    def bearers(self, form: int) -> list[tuple[int, int]]:
        """(entry, rank of the name in it) for every written name that has the form of this number."""
        number = self._by_length[form]
        return [self._bearers[name] for name in self._owners[self._starts[number] : self._starts[number + 1]]]

    def listing(self, entry: int) -> Listing:
        """The entry of this number, decoded once and kept while there is room."""
        found = self._entries.get(entry)
        if found is None:
            segment, local = self._locate(entry)
            start, end = segment.entry_starts[local : local + 2].tolist()
            found = _DECODER.decode(segment.blob[start:end])
            if len(self._entries) >= _KEPT_ENTRIES:
                self._entries.clear()
            self._entries[entry] = found
        return found

    def edition(self, entry: int) -> Edition:
        """The edition in which the entry of this number stands."""
        return self._locate(entry)[0].edition

    def named(self, entry: int, ranks: Iterable[int]) -> tuple[Name, ...]:
        """The written names of an entry with these ranks."""
        names = self.listing(entry).party.names
        return tuple(names[rank] for rank in ranks)

    def _locate(self, entry: int) -> tuple[Segment, int]:
        which = int(np.searchsorted(self._bases, entry, side="right")) - 1
        return self._segments[which], entry - int(self._bases[which])

    @cached_property
    def words(self) -> Words:
        """The words of the forms."""
        return Words(self.forms)

    def of_length(self, shortest: float, longest: float) -> tuple[int, list[str]]:
        """The forms of these lengths: the number of the first, and the forms, in eights for speed."""
        first = int(np.searchsorted(self._lengths, shortest, side="left")) // 8 * 8
        after = int(np.searchsorted(self._lengths, longest, side="right"))
        return first, self._padded[first : after + (-after % 8)]

    @cached_property
    def _padded(self) -> list[str]:
        """The forms, filled up with empty ones to a multiple of eight."""
        return self.forms + [""] * (-len(self.forms) % 8)

    @cached_property
    def by_tag(self) -> dict[str, list[int]]:
        """The entries that have an identifier."""
        found: dict[str, list[int]] = {}
        for segment, base in zip(self._segments, self._bases.tolist(), strict=False):
            for tag, entry in zip(segment.tags, segment.tag_entries.tolist(), strict=True):
                found.setdefault(tag, []).append(entry + base)
        return found


def _bases(lengths: Iterable[int]) -> Numbers:
    """Where each part begins in the whole, and the whole's length."""
    return np.concatenate([[0], np.cumsum(list(lengths), dtype=np.int64)]).astype(np.int64)


def _joined(parts: Iterable[Numbers], bases: Iterable[int] | Numbers, last: int | None = None) -> Numbers:
    shifted = [part + base for part, base in zip(parts, bases, strict=False)]
    return np.concatenate([np.empty(0, np.int64), *shifted, *([np.array([last])] if last is not None else [])])
