"""One entry as a parser gathers it, feature by feature and row by row, until it is a listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind
from vedette.names import country_code
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import once

_RANK = {NameQuality.PRIMARY: 0, NameQuality.STRONG: 1, NameQuality.WEAK: 2}


@dataclass(slots=True)
class Draft:
    """What is known of one entry so far. Blank texts add nothing."""

    entity_id: str
    kind: PartyKind = PartyKind.UNKNOWN
    names: list[Name] = field(default_factory=list)
    births: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    websites: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    listed_on: date | None = None

    def name(self, parts: Iterable[str], quality: NameQuality = NameQuality.STRONG) -> None:
        """Add a name written in parts."""
        text = " ".join(" ".join(parts).split())
        if text:
            self.names.append(Name(text, quality))

    def address(self, parts: Iterable[str], country: str = "") -> None:
        """Add an address; its country, a name or a code, stands last and is read as the party's."""
        code = country_code(country) or "" if country else ""
        text = ", ".join(part.strip() for part in (*parts, country) if part.strip())
        if text:
            self.addresses.append(Address(text, code))
        if code:
            self.countries.append(code)

    def number(self, kind: str, value: str, country: str = "") -> None:
        """Add an identifier."""
        if value.strip():
            self.identifiers.append(Identifier(kind, value.strip(), country_code(country) or "" if country else ""))

    def listing(self) -> Listing:
        """The entry: each name once at its best quality, the first one primary where none is."""
        party = Party(
            id=self.entity_id,
            kind=self.kind,
            names=self._ranked(),
            birth_dates=once(filter(None, self.births)),
            countries=once(filter(None, self.countries)),
            addresses=once(self.addresses),
            identifiers=once(self.identifiers),
            websites=once(filter(None, self.websites)),
        )
        return Listing(
            entity_id=self.entity_id,
            party=party,
            programmes=once(filter(None, self.programmes)),
            listed_on=self.listed_on,
            remarks="; ".join(once(text.strip() for text in self.remarks if text.strip())),
            topics=tuple(sorted(set(self.topics))),
        )

    def _ranked(self) -> tuple[Name, ...]:
        best: dict[str, Name] = {}
        for name in sorted(self.names, key=lambda name: _RANK[name.quality]):
            best.setdefault(name.text, name)
        ranked = tuple(best.values())
        if ranked and ranked[0].quality is not NameQuality.PRIMARY:
            return (Name(ranked[0].text), *ranked[1:])
        return ranked
