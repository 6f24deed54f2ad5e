"""An invented sanctions list, clearly labelled, in FollowTheMoney JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from vedette.simulate.places import words

_COUNTRIES = ("CN", "RU", "RS", "AE", "MY", "SG", "UA")
_ENTRIES = 60
_FIRMS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed party: a person, an organisation or a wallet (``wallet`` set, ``holder`` naming the owner's id)."""

    id: str
    schema: str
    name: str
    birth_date: str
    country: str
    programme: str
    wallet: str = ""
    holder: str = ""


def invent(random: Random) -> tuple[Entry, ...]:
    """Sixty entries: 47 persons, 12 organisations, one wallet. Their names occur nowhere else but on namesakes."""
    pairs = [(given, family) for given in words("listed_first") for family in words("listed_family")]
    entries = []
    for number, (given, family) in enumerate(random.sample(pairs, _ENTRIES - _FIRMS - 1), 1):
        birth = date(1955, 1, 1) + timedelta(days=random.randrange(15_000))
        programme = "SIMULATED-DPRK" if number % 3 == 0 else "SIMULATED-OTHER"
        name, country = f"{given} {family}", random.choice(_COUNTRIES)
        entries.append(Entry(f"SIMULATED-{number:04d}", "Person", name, birth.isoformat(), country, programme))
    for number in range(_FIRMS):
        name = f"{words('listed_company')[number % 8]} {('Trading', 'Technology')[number // 8]} Corporation"
        id, country = f"SIMULATED-{_ENTRIES - _FIRMS + number:04d}", random.choice(_COUNTRIES)
        entries.append(Entry(id, "Organization", name, "", country, "SIMULATED-DPRK"))
    wallet = f"0x{random.getrandbits(160):040x}"
    entries.append(
        Entry(f"SIMULATED-{_ENTRIES:04d}", "CryptoWallet", "", "", "", "SIMULATED-DPRK", wallet, entries[0].id)
    )
    return tuple(entries)


def lines(entries: Sequence[Entry]) -> Iterator[str]:
    """The list as JSON lines, ordered as given."""
    for entry in entries:
        properties: dict[str, list[str]] = {"topics": ["sanction"], "program": [entry.programme]}
        properties["notes"] = ["SIMULATED: an invented entry for demonstration"]
        if entry.name:
            properties["name"] = [entry.name]
        if entry.birth_date:
            properties["birthDate"] = [entry.birth_date]
        if entry.country:
            properties["country"] = [entry.country.lower()]
        if entry.wallet:
            properties.update(publicKey=[entry.wallet], holder=[entry.holder], currency=["ETH"])
        record = {
            "id": entry.id,
            "caption": entry.name or "simulated wallet",
            "schema": entry.schema,
            "datasets": ["simulated_list"],
            "referents": [],
            "target": True,
            "first_seen": "2025-06-01",
            "last_change": "2025-12-01",
            "properties": properties,
        }
        yield json.dumps(record, ensure_ascii=False)
