"""Derives what the corpus shows: distinct works, and which institution and country each of their addresses means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vedette.base import Clock, Json, Principal
from vedette.observatory.resolve import resolve_new
from vedette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made: counts of works, of rows that tie them to institutions and countries, and of strings resolved anew.

    ``decided``, ``ambiguous`` and ``undecided`` count distinct strings by their country decision.
    """

    records: int
    works: int
    rows: int
    resolved: int
    decided: int
    ambiguous: int
    undecided: int

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {name: getattr(self, name) for name in self.__slots__}


def build(
    store: Store, principal: Principal, *, clock: Clock, advance: Callable[[int], None] = lambda _n: None
) -> Built:
    """Resolve what is new or was resolved against older versions, and derive every table again, in one act."""
    from vedette.observatory.store import derived

    resolved = resolve_new(store, principal, clock=clock, advance=advance)
    counts = derived.derive(store, principal, clock=clock)
    return Built(resolved=resolved, **counts)
