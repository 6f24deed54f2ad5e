"""Institutions of concern that a text names: read from the lists in force and from trackers, with the duty that each creates."""

from __future__ import annotations

from dataclasses import dataclass, field

from vedette import watchlists
from vedette.base import PartyKind
from vedette.institutions.index import Index
from vedette.institutions.model import ListedName
from vedette.institutions.resolve import Found
from vedette.institutions.words import Text, key
from vedette.store import Store

_SHORTEST = 2
_MOST_WORDS = 16
_DUTY_OF_TRACKER = "inform"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One listed name: whose it is, and what the list asks."""

    list_id: str
    version: str
    entity_id: str
    name: str
    duty: str
    obligation: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Names of listed organisations by form. Short names and lone acronyms are left to screening: here they would mislead."""

    forms: dict[str, list[_Entry]] = field(default_factory=dict)
    reach: dict[str, int] = field(default_factory=dict)

    def names(self, found: Found, index: Index) -> tuple[ListedName, ...]:
        """The listed names that the text writes out.

        Competition: where a longer name of the registries covers the words, that organisation is meant and not the listed one,
        unless it is a part of it (by the registry's relations) or bears the same name.
        """
        text = found.seen.text
        spans = self._spans(text)
        longer = [(span.start, span.end, span.form) for span in found.seen.spans if span.likeness == 1]
        hits: dict[tuple[str, str], ListedName] = {}
        for start, end, form in spans:
            if any(a <= start and end <= b and b - a > end - start for a, b, _ in spans):
                continue
            if any(
                a <= start and end <= b and b - a > end - start and not _part(index, other, form)
                for a, b, other in longer
            ):
                continue
            for entry in self.forms[form]:
                hits.setdefault(
                    (entry.list_id, entry.entity_id),
                    ListedName(
                        list_id=entry.list_id,
                        version=entry.version,
                        entity_id=entry.entity_id,
                        name=entry.name,
                        written=text.written(start, end),
                        duty=entry.duty,
                        obligation=entry.obligation,
                    ),
                )
        return tuple(hits.values())

    def _spans(self, text: Text) -> list[tuple[int, int, str]]:
        found = []
        for start, token in enumerate(text.tokens):
            for end in range(min(len(text.tokens), start + self.reach.get(token, 0)), start, -1):
                form = " ".join(text.tokens[start:end])
                if form in self.forms and text.parts[start] == text.parts[end - 1]:
                    found.append((start, end, form))
                    break
        return found


def _part(index: Index, longer: int, form: str) -> bool:
    """Whether an organisation with the longer name is below one with the shorter, or is the same."""
    short = index.of_form.get(form)
    if short is None:
        return False
    above = {organisation for organisation, _ in index.owners(short)}
    owners = {organisation for organisation, _ in index.owners(longer)}
    return bool(owners & above) or any(index.ancestors(owner) & above for owner in owners)


def open_listed(store: Store | None) -> Listed:
    """The names of organisations on every list in force, and of the trackers loaded here."""
    listed = Listed()
    if store is None:
        return listed
    duties = {source.id: source.duty.value for source in watchlists.sources()}
    for version in watchlists.current(store):
        for listing in watchlists.entries(store, version):
            if listing.party.kind not in (PartyKind.ORGANIZATION, PartyKind.UNKNOWN):
                continue
            texts = [name.text for name in listing.party.names]
            entry = _Entry(
                version.list_id,
                version.version,
                listing.entity_id,
                texts[0] if texts else "",
                duties.get(version.source_id, ""),
                version.obligation,
            )
            _add(listed, texts, entry)
    _add_trackers(listed, store)
    return listed


def _add_trackers(listed: Listed, store: Store) -> None:
    from vedette.institutions.store import in_force, organisations

    for version in in_force(store):
        if version.kind != "tracker":
            continue
        for row in organisations(store, version):
            if row.concern:
                entry = _Entry(version.registry, version.version, row.id, row.name, _DUTY_OF_TRACKER, row.concern)
                _add(listed, row.names, entry)


def _add(listed: Listed, names: list[str] | tuple[str, ...], entry: _Entry) -> None:
    for name in names:
        form = key(name)
        length = form.count(" ") + 1
        if _SHORTEST <= length <= _MOST_WORDS and entry not in listed.forms.get(form, ()):
            listed.forms.setdefault(form, []).append(entry)
            first = form.partition(" ")[0]
            listed.reach[first] = max(listed.reach.get(first, 0), length)
