"""Countries, addresses and websites compared. A place never identifies a person; with a name it may an organisation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from vedette.base import Address, Party, PartyKind
from vedette.names import country_code, fold
from vedette.screening.model import Feature, Outcome, Side

_HOST = re.compile(r"(?:https?://)?(?:www\d?\.)?([a-z0-9.-]+\.[a-z]{2,})(?::\d+)?(/[^\s?#]*)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;/\n]")
_NUMBERED = re.compile(r"\b\w*\d\w*\b")
_SHORTEST_PLACE = 4
# Pages of many owners live on these hosts; only the whole path tells them apart.
_SHARED_HOSTS = frozenset(
    "facebook.com instagram.com linkedin.com twitter.com x.com t.me telegram.me youtube.com github.com vk.com "
    "wordpress.com blogspot.com medium.com sites.google.com weibo.com".split()
)
_STREET = frozenset(
    "road rd street str st avenue ave lane ln boulevard blvd highway hwy alley square strasse ulitsa ul prospekt building "
    "bldg floor room rm tower block apartment apt suite office unit box".split()
)
_NO_PLACE = frozenset(
    "central center centre city district downtown east industrial zone north province region south west".split()
) | {"industrial zone", "industrial area", "free zone", "city center", "city centre"}


def compare_places(customer: Party, listed: Party) -> Iterator[Feature]:
    """Features for country, address and website."""
    organisation = PartyKind.ORGANIZATION in (customer.kind, listed.kind)
    compared = (
        (compare_countries(customer, listed, organisation=organisation), countries_of(customer), countries_of(listed)),
        (
            compare_addresses(customer.addresses, listed.addresses, organisation=organisation),
            customer.addresses,
            listed.addresses,
        ),
        (compare_websites(customer, listed), customer.websites, listed.websites),
    )
    for feature, mine, theirs in compared:
        yield replace(feature, customer=side(mine), listed=side(theirs))


def side(held: Collection[object]) -> Side:
    """Whether one side holds anything of a field."""
    return Side.GIVEN if held else Side.MISSING


def countries_of(party: Party) -> frozenset[str]:
    """Every country that a party states as its own place. Where somebody was born or belongs is not among them."""
    return frozenset((*party.countries, *(a.country for a in party.addresses if a.country)))


def compare_countries(customer: Party, listed: Party, *, organisation: bool) -> Feature:
    """People move, so a country says little about a person; organisations move less."""
    mine, theirs = countries_of(customer), countries_of(listed)
    if not mine or not theirs:
        return Feature("country", Outcome.ABSENT, "country is missing on one side")
    if mine & theirs:
        bits, pull = (2, 0.1) if organisation else (1.5, 0.06)
        return Feature("country", Outcome.AGREES, "country agrees", bits=bits, pull=pull)
    bits, pull = (-2, -0.14) if organisation else (-1, -0.1)
    return Feature("country", Outcome.DIFFERS, "country is another", bits=bits, pull=pull)


def compare_addresses(customer: Iterable[Address], listed: Iterable[Address], *, organisation: bool) -> Feature:
    """Street, town or nothing in common. Different addresses are no contradiction: everybody has several."""
    mine, theirs = tuple(customer), tuple(listed)
    if not mine or not theirs:
        return Feature("address", Outcome.ABSENT, "address is missing on one side")
    best = max(_nearness(a.text, b.text) for a in mine for b in theirs)
    if best == 2:
        return Feature("address", Outcome.AGREES, "address agrees", bits=8, pull=0.3, second=organisation)
    if best == 1:
        bits, pull = (4, 0.2) if organisation else (2, 0.08)
        return Feature("address", Outcome.AGREES, "town agrees", bits=bits, pull=pull, second=organisation)
    return Feature("address", Outcome.ABSENT, "no address in common")


def _nearness(one: str, other: str) -> int:
    """2 for the same street and number, 1 for a place in common, 0 for neither."""
    mine, theirs = _words(one), _words(other)
    shared, shorter = len(mine & theirs), min(len(mine), len(theirs))
    if shorter >= 4 and shared >= 0.75 * shorter and any(any(c.isdigit() for c in word) for word in mine & theirs):
        return 2
    return 1 if _town_in_common(one, other) else 0


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _town_in_common(one: str, other: str) -> bool:
    return any(_names(place, other) for place in _places(one)) or any(_names(place, one) for place in _places(other))


def _names(place: str, text: str) -> bool:
    """Whether an address that is one line without commas, or one of the parts of another, names the place."""
    return place in _places(text) or (not _SEPARATOR.search(text) and f" {place} " in f" {fold(text)} ")


@lru_cache(maxsize=8192)
def _places(text: str) -> frozenset[str]:
    """The parts of an address that may be a town: without numbers, countries, streets and words such as "district"."""
    found = set()
    for part in _SEPARATOR.split(text):
        place = " ".join(_NUMBERED.sub(" ", fold(part)).split())
        named = len(place) >= _SHORTEST_PLACE and place not in _NO_PLACE and _STREET.isdisjoint(place.split())
        if named and not country_code(part.strip()):
            found.add(place)
    return frozenset(found)


def compare_websites(customer: Party, listed: Party) -> Feature:
    """The same site, or an e-mail address at the listed site."""
    theirs = {site for address in listed.websites if (site := site_of(address))}
    mine = {site for address in customer.websites if (site := site_of(address))}
    mail = {i.value.rpartition("@")[2].casefold() for i in customer.identifiers if i.kind == "email"}
    if mine & theirs:
        return Feature("website", Outcome.AGREES, "website is the listed one", bits=16, pull=0.6, second=True)
    if mail & theirs:
        text = "e-mail address is at the listed website"
        return Feature("website", Outcome.AGREES, text, bits=14, pull=0.5, second=True)
    return Feature("website", Outcome.ABSENT, "no website in common")


@lru_cache(maxsize=8192)
def site_of(address: str) -> str:
    """The host of a website, with the path where many owners share the host; empty where it is no address."""
    found = _HOST.fullmatch(address.strip()[:500])
    if not found:
        return ""
    host, path = found[1].casefold(), (found[2] or "").rstrip("/").casefold()
    if host in _SHARED_HOSTS:
        return host + path if path else ""
    return host
