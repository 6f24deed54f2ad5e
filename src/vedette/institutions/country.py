"""Which country an affiliation speaks of: read from the address, a town, an institution or a domain, never guessed, never from a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vedette.institutions.model import CountryDecision, Match
from vedette.institutions.places import KOREA, Mention, Places, speaks
from vedette.institutions.words import Text

AMBIGUOUS = "ambiguous"
_KOREAS = frozenset({"KP", "KR"})
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+(?P<end>[a-z]{2})(?![\w-])", re.I)
_POSTCODE = re.compile(r"(?<!\d)9990[89]3(?!\d)")
# Endings of addresses that are sold to everybody and tell no country.
_SOLD = frozenset("ai ac cc co fm gg im io la me nu sh to tv ws gl ly eu su pw tk ml ga cf gq bz vc mn".split())
_CODES = {"uk": "GB"}
#: An institution's country counts from this probability on.
SURE = 0.5


def decide(
    text: Text,
    places: Places,
    matches: Sequence[Match],
    inside: Sequence[tuple[int, int]],
    *,
    also: Sequence[str] = (),
) -> CountryDecision:
    """Weigh what the text says. ``inside`` are the token ranges of matched names, whose words are no address;
    ``also`` are bodies of the DPRK that are named too and were not accepted as meant.

    The written country comes first, then the institutions' seats, towns and domains. Two countries at one level, or a
    contradiction about the two Koreas at any level, are "ambiguous"; "Korea" alone is "ambiguous". A town, domain or body of
    the DPRK beside another country makes it "ambiguous": which part is meant is for a person.
    """
    written = _outside(places.countries, inside, text)
    countries = {code for mention in written for code in mention.codes}
    explicit = countries - {KOREA}
    seats = {match.country for match in matches if match.country and match.score >= SURE}
    towns, shared = _towns(places, inside)
    domains = _domains(text)
    evidence = (
        *(f"the address says {mention.written!r}" for mention in written),
        *(f"the town {name!r} lies in {code}" for name, code in towns.items()),
        *(f"towns named {name!r} lie in {' and '.join(codes)}" for name, codes in shared.items()),
        *(f"{match.name} ({match.id}) has its seat in {match.country}" for match in matches if match.country in seats),
        *(f"the domain {host!r} belongs to {code}" for host, code in domains.items()),
        *_postcode(text, set(towns.values()) | seats),
    )
    regions = {code for mention in _outside(places.regions, inside, text) for code in mention.codes}
    soft = (seats, set(towns.values()), set(domains.values()), regions)
    if also and (explicit or any(soft)):
        evidence = (*evidence, *(f"{name}, of the DPRK, is named too" for name in also))
        soft = (soft[0] | {"KP"}, *soft[1:])
    if explicit:
        return _explicit(explicit, soft, evidence)
    if KOREA in countries:
        return _which_korea(soft, evidence)
    evidence = (
        *evidence,
        *(f"the region {mention.written!r} lies in {'/'.join(mention.codes)}" for mention in places.regions),
    )
    return _soft(soft, evidence)


def _explicit(codes: set[str], soft: Sequence[set[str]], evidence: tuple[str, ...]) -> CountryDecision:
    everything = codes.union(*soft)
    if len(codes) > 1:
        return CountryDecision(AMBIGUOUS, (*evidence, f"the text names several countries: {', '.join(sorted(codes))}"))
    if codes & _KOREAS and _KOREAS <= everything:
        return CountryDecision(AMBIGUOUS, (*evidence, "the parts of the text point to both Koreas"))
    if "KP" in everything and "KP" not in codes:
        return CountryDecision(AMBIGUOUS, (*evidence, "an institution or town of the DPRK stands with another country"))
    if codes == {"KP"} and soft[0] and "KP" not in soft[0]:
        return CountryDecision(AMBIGUOUS, (*evidence, "the institution has its seat in another country"))
    return CountryDecision(next(iter(codes)), evidence)


def _which_korea(soft: Sequence[set[str]], evidence: tuple[str, ...]) -> CountryDecision:
    told = set().union(*soft[:3]) & _KOREAS
    if len(told) == 1:
        return CountryDecision(next(iter(told)), evidence)
    why = "nothing else tells which of the two" if not told else "the rest points to both"
    return CountryDecision(AMBIGUOUS, (*evidence, f'"Korea" names two countries, and {why}'))


def _soft(levels: Sequence[set[str]], evidence: tuple[str, ...]) -> CountryDecision:
    """Without a written country: the first level that tells anything, as long as it tells one thing."""
    if _KOREAS <= set().union(*levels):
        return CountryDecision(AMBIGUOUS, (*evidence, "the parts of the text point to both Koreas"))
    everything = set().union(*levels[:3])
    if "KP" in everything and len(everything) > 1:
        told = f"it points to several countries: {', '.join(sorted(everything))}"
        return CountryDecision(AMBIGUOUS, (*evidence, told))
    for level in levels:
        if len(level) == 1:
            return CountryDecision(next(iter(level)), evidence)
        if level:
            return CountryDecision(
                AMBIGUOUS, (*evidence, f"it points to several countries: {', '.join(sorted(level))}")
            )
    return CountryDecision(None, evidence)


def _outside(mentions: Sequence[Mention], inside: Sequence[tuple[int, int]], text: Text) -> list[Mention]:
    """Mentions that are no words of a matched name and stand where an address names its country: at the end between commas."""
    return [
        mention
        for mention in mentions
        if not any(start <= mention.start and mention.end <= end for start, end in inside)
        and _ends_segment(text, mention)
    ]


def _ends_segment(text: Text, mention: Mention) -> bool:
    """Whether only numbers or marks of an address follow before the next comma, or the mention opens the segment alone."""
    place = mention.end
    while place < len(text.tokens) and text.segments[place] == text.segments[mention.end - 1]:
        token = text.tokens[place]
        if not (
            token.isdigit() or any(sign.isdigit() for sign in token) or "@" in text.clean[: text.ends[place]][-40:]
        ):
            return _native(mention)
        place += 1
    return True


def _native(mention: Mention) -> bool:
    """Scripts without spaces write the country before the rest."""
    return any("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3" for sign in mention.written)


def _towns(places: Places, inside: Sequence[tuple[int, int]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Towns that speak for one country, and those that the two Koreas share."""
    told: dict[str, str] = {}
    shared: dict[str, list[str]] = {}
    for mention in places.towns:
        within = any(start <= mention.start and mention.end <= end for start, end in inside)
        code = speaks(mention)
        if code and not within:
            told.setdefault(mention.written, code)
        elif set(mention.codes) == _KOREAS and not within:
            shared.setdefault(mention.written, sorted(mention.codes))
    return told, shared


def _domains(text: Text) -> dict[str, str]:
    found = {}
    for host in _HOST.finditer(text.clean):
        end = host["end"].casefold()
        if end not in _SOLD:
            found[host[0].casefold()] = _CODES.get(end, end.upper())
    return {host: code for host, code in found.items() if "@" in text.clean or code in _KOREAS or "www." in host}


def _postcode(text: Text, told: set[str]) -> tuple[str, ...]:
    found = _POSTCODE.search(text.clean)
    if found is None or "KP" not in told:
        return ()
    return (f"the number {found[0]} is used as a postcode of the DPRK in publications",)
