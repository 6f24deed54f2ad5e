"""An index over the editions of one or several lists: who bears a form, a mark or a tag, and the entry behind each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from vedette.base import Name
from vedette.screening.model import Edition, Listed, ScreeningError
from vedette.screening.pool import Bearer, Pool
from vedette.screening.question import SKELETON
from vedette.screening.segment import Numbers, Segment, build

if TYPE_CHECKING:
    from vedette.watchlists import Listing

_DECODER = msgspec.json.Decoder(Listed)
_HASH_DIGITS = 16
_KEPT_ENTRIES = 20_000


class Index:
    """What parties are screened against. Made by ``open_index`` from stored lists, or by ``Index.of`` from listings.

    Entries and names are numbered through all editions; a bearer is an entry and the rank of the name in it. An index of no edition is refused when it is asked: an
    answer from it would look like "not listed".
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = tuple(segments)
        self._bases = _bases(segment.entries for segment in self._segments)
        self._entries: dict[int, Listed] = {}
        entries = _joined((s.name_entries for s in self._segments), self._bases)
        ranks = _joined((s.name_ranks for s in self._segments), [0] * len(self._segments))
        # Lists, not arrays, of what is read one number at a time: that is several times as fast.
        self._bearers: list[Bearer] = list(zip(entries.tolist(), ranks.tolist(), strict=True))
        marks = np.concatenate([np.empty(0, np.uint64), *(segment.marks for segment in self._segments)])
        order = np.argsort(marks, kind="stable")
        self._marks = marks[order]
        marked = _joined((s.mark_names for s in self._segments), self._names)[order]
        self._marked: list[int] = marked.tolist()
        self.forms, self.skeletons = self._pools()

    @property
    def _names(self) -> Numbers:
        return _bases(len(segment.name_entries) for segment in self._segments)

    def _pools(self) -> tuple[Pool, Pool]:
        """The written forms and the consonant skeletons, each with its bearers."""
        texts: tuple[list[str], list[str]] = ([], [])
        owners: tuple[list[list[Bearer]], list[list[Bearer]]] = ([], [])
        for segment, base in zip(self._segments, self._names.tolist(), strict=False):
            starts, names = segment.form_starts.tolist(), (segment.form_names + base).tolist()
            for number, form in enumerate(segment.forms):
                which = form.startswith(SKELETON)
                texts[which].append(form.removeprefix(SKELETON))
                owners[which].append([self._bearers[name] for name in names[starts[number] : starts[number + 1]]])
        return Pool(texts[0], owners[0]), Pool(texts[1], owners[1])

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

    def marked(self, marks: Sequence[int]) -> list[list[Bearer]]:
        """(entry, rank of the name in it) for every written name that has each of these marks."""
        wanted = np.array(marks, dtype=np.uint64)
        first = np.searchsorted(self._marks, wanted, side="left").tolist()
        after = np.searchsorted(self._marks, wanted, side="right").tolist()
        return [
            [self._bearers[name] for name in self._marked[start:end]] for start, end in zip(first, after, strict=True)
        ]

    def listing(self, entry: int) -> Listing:
        """The whole entry of this number, as the list's source read it."""
        from vedette.watchlists import (
            Listing,
        )  # only for whoever shows entries: judging does not need the room of lists

        return msgspec.json.decode(self._stored(entry), type=Listing)

    def _stored(self, entry: int) -> bytes:
        segment, local = self._locate(entry)
        start, end = segment.entry_starts[local : local + 2].tolist()
        return segment.blob[start:end]

    def listed(self, entry: int) -> Listed:
        """What of the entry of this number is compared, decoded once and kept while there is room."""
        found = self._entries.get(entry)
        if found is None:
            stored = self._stored(entry)
            entry_hash = hashlib.sha256(stored).hexdigest()[:_HASH_DIGITS]
            found = replace(_DECODER.decode(stored), entry_hash=entry_hash)
            if len(self._entries) >= _KEPT_ENTRIES:
                self._entries.clear()
            self._entries[entry] = found
        return found

    def edition(self, entry: int) -> Edition:
        """The edition in which the entry of this number stands."""
        return self._locate(entry)[0].edition

    def named(self, entry: int, ranks: Iterable[int]) -> tuple[Name, ...]:
        """The written names of an entry with these ranks."""
        names = self.listed(entry).party.names
        return tuple(names[rank] for rank in ranks)

    def _locate(self, entry: int) -> tuple[Segment, int]:
        which = int(np.searchsorted(self._bases, entry, side="right")) - 1
        return self._segments[which], entry - int(self._bases[which])

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


def _joined(parts: Iterable[Numbers], bases: Iterable[int] | Numbers) -> Numbers:
    """The parts in one, each moved by where it begins."""
    return np.concatenate([np.empty(0, np.int64), *(p + base for p, base in zip(parts, bases, strict=False))])
