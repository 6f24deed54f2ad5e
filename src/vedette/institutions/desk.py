"""The way in for other rooms: everything that resolving needs, opened once from a workspace."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from vedette.institutions.cache import open_index
from vedette.institutions.index import Index
from vedette.institutions.judge import Judge, shipped_judge
from vedette.institutions.listed import Listed, open_listed
from vedette.institutions.model import Resolution
from vedette.institutions.resolve import Found, answer, find
from vedette.store import Store

_MOST_KEPT = 50_000


@dataclass(slots=True)
class Desk:
    """Registries, lists and numbers in memory. Not for several threads at once."""

    index: Index
    listed: Listed
    judge: Judge
    labels: tuple[str, ...] = ()
    _kept: OrderedDict[tuple[str, bool], Resolution] = field(default_factory=OrderedDict)

    def resolve(self, query: str, *, strict: bool = False) -> Resolution:
        """The organisations, country and listed institutions that a string means; equal strings are resolved once."""
        known = self._kept.get((query, strict))
        if known is not None:
            return known
        found: Found = find(query, self.index, strict=strict, judge=self.judge)
        made = replace(answer(found, self.index), listed=self.listed.names(found, self.index))
        self._kept[query, strict] = made
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return made


def open_desk(store: Store | None = None) -> Desk:
    """Everything in force in the workspace, or the shipped rows alone without one."""
    from vedette.institutions.store import in_force

    labels = tuple(version.label for version in in_force(store)) if store is not None else ()
    return Desk(open_index(store), open_listed(store), shipped_judge(), labels)
