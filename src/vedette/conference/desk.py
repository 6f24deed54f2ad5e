"""The institutions of a workspace as ties need them: resolved strings, mail domains, wholes of parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from vedette.institutions import Desk, Match, Resolution, open_desk
from vedette.institutions.model import Relation
from vedette.store import Store

_FREE_LABELS = 2


@dataclass
class Registry:
    """One desk of ``institutions``, with its index of domains and relations."""

    desk: Desk
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    def resolve(self, text: str) -> Resolution:
        """What a string means."""
        return self.desk.resolve(text)

    def of_domain(self, host: str) -> Match | None:
        """The organisation with the longest domain that the host ends in; public suffixes alone belong to nobody.

        A domain that several share belongs to the one that is above the others, or to nobody.
        """
        labels = host.casefold().strip(".").split(".")
        for start in range(len(labels) - _FREE_LABELS + 1):
            owners = self._owners.get(".".join(labels[start:]))
            if owners:
                place = self._head(owners)
                return None if place is None else self._match(place, host)
        return None

    @cached_property
    def _owners(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, hosts in enumerate(self.desk.index.domains):
            for host in hosts.split():
                found.setdefault(host, []).append(place)
        return found

    def _head(self, owners: list[int]) -> int | None:
        """The one that is above all the others."""
        if len(owners) == 1:
            return owners[0]
        shared = set.intersection(*({each, *self.desk.index.ancestors(each)} for each in owners))
        return next((each for each in owners if each in shared), None)

    def _match(self, place: int, host: str) -> Match:
        index = self.desk.index
        return Match(
            id=index.ids[place],
            name=index.names[place],
            score=1.0,
            relation=Relation.SAME,
            written=host,
            country=index.countries[place],
        )

    def above(self, institution_id: str) -> frozenset[str]:
        """The ids of all organisations above this one."""
        known = self._above.get(institution_id)
        if known is None:
            index = self.desk.index
            place = index.of_id.get(institution_id)
            found = () if place is None else index.ancestors(place)
            known = self._above[institution_id] = frozenset(index.ids[each] for each in found)
        return known

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The registries and lists that answers rest on."""
        held = sorted(
            {f"{entry.list_id}@{entry.version}" for found in self.desk.listed.forms.values() for entry in found}
        )
        return (*self.desk.labels, *held)


def open_registry(store: Store | None) -> Registry:
    """Everything in force in the workspace, or the shipped rows alone."""
    return Registry(open_desk(store))
