"""Countries and towns that a text writes out, with where they stand; the two Koreas are kept apart and "Korea" is neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from vedette.institutions.index import Index
from vedette.institutions.tables import rows
from vedette.institutions.words import Text, key
from vedette.names.tables import rows as names_rows

#: What stands for a country name that two countries share.
KOREA = "Korea"
_MOST_WORDS = 7
_FEW_ORGANISATIONS = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A country or town written at tokens ``start`` to ``end``; ``codes`` are the countries it may stand for, with counts."""

    start: int
    end: int
    form: str
    written: str
    codes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Places:
    """What a text says of places. ``regions`` are states and provinces, which speak for a country but softly."""

    countries: list[Mention] = field(default_factory=list)
    regions: list[Mention] = field(default_factory=list)
    towns: list[Mention] = field(default_factory=list)


@lru_cache(maxsize=1)
def _countries() -> tuple[dict[str, str], dict[str, int]]:
    """Forms of country names with their codes, and the longest form by first word."""
    found: dict[str, str] = {}
    for row in names_rows("countries.tsv"):
        for name in row[2:]:
            found[key(name)] = row[0]
    for code, name in ((row[0], name) for row in rows("countries.tsv") for name in row[1:]):
        found[key(name)] = code
    forms = {form: code for form, code in found.items() if form and code != "-"}
    return forms, _reach(forms)


@lru_cache(maxsize=1)
def _regions() -> tuple[dict[str, str], dict[str, int]]:
    forms = {key(name): row[0] for row in rows("regions.tsv") for name in row[1:]}
    return forms, _reach(forms)


@lru_cache(maxsize=1)
def _seats() -> tuple[dict[str, str], dict[str, int]]:
    """Towns known without a registry: code, or several codes parted by "/" where countries share the spelling."""
    forms = {key(name): row[0] for row in rows("towns.tsv") for name in row[2:]}
    return forms, _reach(forms)


def _reach(forms: dict[str, str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for form in forms:
        parts = form.split(" ")
        longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    return longest


def find(text: Text, index: Index) -> Places:
    """Every country, region and town that the text writes out."""
    countries = [
        Mention(s, e, _form(text, s, e), text.written(s, e), {code: 1}) for s, e, code in _scan(text, *_countries())
    ]
    taken = {place for mention in countries for place in range(mention.start, mention.end)}
    regions = [
        Mention(s, e, _form(text, s, e), text.written(s, e), {code: 1}) for s, e, code in _scan(text, *_regions())
    ]
    countries = [m for m in countries if not any(r.start <= m.start < m.end <= r.end for r in regions)]
    towns = [
        Mention(s, e, _form(text, s, e), text.written(s, e), dict.fromkeys(code.split("/"), 1))
        for s, e, code in _scan(text, *_seats())
    ]
    known = {(mention.start, mention.end) for mention in towns}
    towns += [
        mention
        for mention in _registered(text, index)
        if (mention.start, mention.end) not in known and not taken & set(range(mention.start, mention.end))
    ]
    return Places(countries, regions, towns)


def _form(text: Text, start: int, end: int) -> str:
    return " ".join(text.tokens[start:end])


def _scan(text: Text, forms: dict[str, str], reach: dict[str, int]) -> list[tuple[int, int, str]]:
    """The longest forms, left to right."""
    found, start, tokens = [], 0, text.tokens
    while start < len(tokens):
        for end in range(min(len(tokens), start + reach.get(tokens[start], 0)), start, -1):
            code = forms.get(" ".join(tokens[start:end]))
            if code is not None and text.parts[start] == text.parts[end - 1]:
                found.append((start, end, code))
                start = end - 1
                break
        start += 1
    return found


def _registered(text: Text, index: Index) -> list[Mention]:
    """Towns in which registered organisations have their seat, up to three words long."""
    found, tokens = [], text.tokens
    for start in range(len(tokens)):
        for end in range(min(len(tokens), start + 3), start, -1):
            place = index.of_town.get(" ".join(tokens[start:end]))
            if place is not None and text.segments[start] == text.segments[end - 1]:
                counts = dict(_counted(index.town_countries[place]))
                found.append(Mention(start, end, _form(text, start, end), text.written(start, end), counts))
                break
    return found


@lru_cache(maxsize=16_384)
def _counted(tally: str) -> tuple[tuple[str, int], ...]:
    return tuple((item[:2], int(item[3:])) for item in tally.split())


def speaks(mention: Mention) -> str:
    """The one country that a town stands for: nearly all of at least a few organisations there; empty where none."""
    if len(mention.codes) == 1 and next(iter(mention.codes.values())) == 1:
        return next(iter(mention.codes))
    total = sum(mention.codes.values())
    code, most = max(mention.codes.items(), key=lambda item: item[1])
    return code if most >= _FEW_ORGANISATIONS and most >= 0.9 * total else ""
