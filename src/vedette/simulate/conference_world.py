"""The invented institutions of a conference, with towns, domains, parts and a few on an invented list; and their people."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

_STEMS = (
    "Alderm Brunh Caster Dunmar Ellers Farring Glenmor Harrow Isling Jorvik Kelders Lindham Marrow Nettle Ostrav Pellor Quarren"
    " Rothmor Selwick Tarnow Ulverd Vanders Westmer Yarrow Zellin Corvan Dravia Estmar Falken Grimsta Hollen Ivarst Kestrin Lorvan"
    " Mirova Norsk Orlan Pravda Rusken Sovara Tibera Umbrin Veldar Wolver Zirkon Baltav Cindrel"
).split()
_ENDINGS = ("ford", "ham", "stad", "burg", "grad", "ville", "haven", "mouth", "field", "dal")
_COUNTRIES = (
    "US",
    "CN",
    "DE",
    "KR",
    "JP",
    "IN",
    "FR",
    "GB",
    "RU",
    "IR",
    "BR",
    "CA",
    "IT",
    "PL",
    "SE",
    "TR",
    "VN",
    "AU",
)
_WRITTEN = {
    "US": "USA",
    "CN": "China",
    "DE": "Germany",
    "KR": "South Korea",
    "JP": "Japan",
    "IN": "India",
    "FR": "France",
    "GB": "United Kingdom",
    "RU": "Russia",
    "IR": "Iran",
    "BR": "Brazil",
    "CA": "Canada",
    "IT": "Italy",
    "PL": "Poland",
    "SE": "Sweden",
    "TR": "Turkey",
    "VN": "Vietnam",
    "AU": "Australia",
}
_FORMS = (
    "University of {}",
    "{} University",
    "{} Institute of Technology",
    "{} University of Science and Technology",
    "{} Academy of Engineering",
    "{} National Laboratory",
)
_FUNDERS = ("{} Science Foundation", "{} Research Council", "{} Innovation Agency")
_FIRST = (
    "Mina Joon Wei Anna Luca Sara Omar Priya Jonas Ines Hana Ivan Leyla Tomas Akira Bo Chloe Dmitri Elif Farid".split()
)
_LAST = (
    "Kim Lee Zhang Wang Novak Rossi Silva Singh Muller Tanaka Petrov Yilmaz Nguyen Smith Ahmadi Kowalski Larsen Dubois Park Chen"
    " Pyongchol Choson Chaek Ilsung"
).split()


@dataclass(frozen=True, slots=True)
class House:
    """One invented institution."""

    id: str
    name: str
    acronym: str
    town: str
    country: str
    domain: str
    funder: bool = False
    listed: bool = False
    parent: str = ""

    @property
    def affiliation(self) -> str:
        """How its people write it."""
        return f"{self.name}, {self.town}, {_WRITTEN[self.country]}"


def houses(chance: random.Random) -> list[House]:
    """Some 330 institutions in 18 countries: universities, laboratories, funders, and parts of some of them."""
    found: list[House] = []
    towns = [stem + ending for stem in _STEMS for ending in _ENDINGS]
    chance.shuffle(towns)
    for place, town in enumerate(towns[:300]):
        funder = place % 12 == 0
        form = _FUNDERS[place // 12 % 3] if funder else _FORMS[place % len(_FORMS)]
        found.append(_house(place, form.format(town), town, funder=funder, listed=not funder and place % 15 == 7))
    parts = [
        House(f"{each.id}p", f"{each.name}, Northern Campus", "", each.town, each.country, "", parent=each.id)
        for each in found[3:300:20]
    ]
    return found + parts


def _house(place: int, name: str, town: str, *, funder: bool, listed: bool) -> House:
    country = _COUNTRIES[place % len(_COUNTRIES)]
    acronym = "".join(word[0] for word in name.split() if word[0].isupper())
    domain = f"{town.lower()}.{'org' if funder else 'edu'}"
    return House(f"https://ror.org/0s{place:06}", name, acronym, town, country, domain, funder, listed)


def registry_line(house: House) -> str:
    """The institution as a condensed line of a registry."""
    return json.dumps(
        {
            "id": house.id,
            "names": [house.name],
            "acronyms": [house.acronym] if len(house.acronym) > 2 else [],
            "domains": [house.domain] if house.domain else [],
            "types": ["funder"] if house.funder else ["education"],
            "country": house.country,
            "city": house.town,
            "rel": [["parent", house.parent]] if house.parent else [],
        }
    )


def watch_line(house: House) -> str:
    """The institution as an entry of an invented list."""
    return json.dumps(
        {
            "id": f"SIMULATED-{house.id[-6:]}",
            "caption": house.name,
            "schema": "Organization",
            "datasets": ["invented_research_list"],
            "referents": [],
            "target": True,
            "first_seen": "2025-06-01",
            "last_change": "2025-12-01",
            "properties": {"name": [house.name], "country": [house.country.lower()], "topics": ["debarment"]},
        }
    )


def authors_of(world: list[House], chance: random.Random) -> list[dict[str, Any]]:
    """One to four people of one or two institutions; who they are called says nothing about where they work."""
    homes = chance.sample([each for each in world if not each.funder and not each.parent], chance.choice((1, 1, 2)))
    people = []
    for _ in range(chance.randint(1, 4)):
        house = chance.choice(homes)
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        free = chance.random() < 0.2
        people.append(
            {
                "first": first,
                "last": last,
                "email": f"{first}.{last}@{'mail.example' if free else house.domain}".lower(),
                "affiliation": house.affiliation,
                "house": house,
                "history": [],
            }
        )
    return people
