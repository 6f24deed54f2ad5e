"""How much a party and a list entry are one: name first, then every other field, with the reason for each step."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vedette import names
from vedette.base import Name, NameQuality, Party, PartyKind
from vedette.names import Comparison
from vedette.screening.births import compare_births
from vedette.screening.identifiers import compare_identifiers, tags
from vedette.screening.model import POPULATION, THRESHOLD, Edition, Feature, Level, Listed, Match, Outcome, Side
from vedette.screening.places import compare_places
from vedette.screening.question import NAMES_READ, Question, kind_for
from vedette.screening.slips import with_slips

# A name alone reaches at most this score: the rest of the way to 1 belongs to other fields.
_NAME_ALONE = 0.94
_RARITY_SHARE = 0.02
_RARITY_FULL_BITS = 40.0
_WEAK_ALIAS = 0.06
_STRONG_NAME = 0.9
_COMMON_BITS = 8
# Names less alike are not looked at further, unless an identifier is shared.
_LIFTABLE = 0.55
_NO_NAME = Comparison(0.0, 0.0, ("no name to compare",))
_TANGIBLE = {PartyKind.VESSEL, PartyKind.AIRCRAFT}


def best_name(customer: Iterable[Name], listed: Iterable[Name], kind: names.Kind) -> tuple[Comparison, Name | None]:
    """The pair of written names that speaks loudest, and the listed one of it."""
    best, chosen = _NO_NAME, None
    for theirs in listed:
        for mine in customer:
            found = with_slips(names.compare(mine.text, theirs.text, kind), mine.text, theirs.text, kind)
            if chosen is None or (found.score, found.bits) > (best.score, best.bits):
                best, chosen = found, theirs
    return best, chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What matches are held against: below ``threshold`` (0..1) nothing is returned; ``population`` weighs the bits."""

    threshold: float = THRESHOLD
    population: int = POPULATION

    @property
    def bits(self) -> float:
        """What it takes to single out one of the population."""
        return math.log2(self.population)


def judge(asked: Question, listing: Listed, edition: Edition, *, forms: Iterable[Name], scale: Scale) -> Match | None:
    """Compare a customer with one entry; None where it stays below the threshold by score and by name.

    ``forms`` are the listed names worth comparing.
    """
    listed, party = listing.party, asked.party
    best, chosen = best_name(party.names[:NAMES_READ], forms, kind_for(party.kind, listed.kind))
    shared = tuple(compare_identifiers(asked.tags, tags(listed), best.score)) if asked.tags else ()
    if best.score < min(_LIFTABLE, scale.threshold) and not any(feature.proof for feature in shared):
        return None
    features = (*_features(party, listed), *shared)
    weak = chosen is not None and chosen.quality is NameQuality.WEAK
    score = total(best, features, weak=weak)
    if max(score, best.score) < scale.threshold:
        return None
    bits = best.bits + sum(feature.bits for feature in features)
    return Match(
        entity_id=listing.entity_id,
        list=edition.list_id,
        list_version=edition.version,
        name=chosen.text if chosen else next((name.text for name in listed.names), listing.entity_id),
        name_score=best.score,
        score=score,
        bits=bits,
        margin=bits - scale.bits,
        level=_level(best, features, bits=bits, weak=weak, scale=scale, organisation=_organisation(party, listed)),
        entry_hash=listing.entry_hash,
        features=features,
        explanation=tuple(_explained(best, features, bits=bits, population=scale.population, weak=weak)),
        programmes=listing.programmes,
        dprk=listing.dprk,
        obligation=edition.obligation,
        citation=edition.citation,
    )


def _organisation(customer: Party, listed: Party) -> bool:
    return PartyKind.PERSON not in (customer.kind, listed.kind)


def _level(
    name: Comparison, features: tuple[Feature, ...], *, bits: float, weak: bool, scale: Scale, organisation: bool
) -> Level:
    """A proof and a grave contradiction outweigh the name; what stays under the threshold is weak."""
    if any(feature.proof for feature in features):
        return Level.IDENTIFIED
    if any(feature.grave for feature in features):
        return Level.CONTRADICTED
    if bits >= scale.bits and is_corroborated(name, features, organisation=organisation):
        return Level.IDENTIFIED
    common = weak and name.bits < _COMMON_BITS
    return Level.WEAK if common or total(name, features, weak=weak) < THRESHOLD else Level.NAME_ONLY


def is_corroborated(name: Comparison, features: tuple[Feature, ...], *, organisation: bool) -> bool:
    """Whether a second identifier stands beside the name. An organisation's address counts only in an agreeing country."""
    second = {feature.field for feature in features if feature.second}
    if not second or name.score < THRESHOLD:
        return False
    if not organisation:
        return True
    abroad = any(feature.field == "country" and feature.outcome is not Outcome.AGREES for feature in features)
    return name.score >= _STRONG_NAME and (bool(second - {"address"}) or not abroad)


def _features(customer: Party, listed: Party) -> Iterator[Feature]:
    yield compare_kinds(customer.kind, listed.kind)
    if PartyKind.PERSON in (customer.kind, listed.kind) or (customer.birth_dates and listed.birth_dates):
        yield compare_births(customer.birth_dates, listed.birth_dates)
    yield from compare_places(customer, listed)


def compare_kinds(customer: PartyKind, listed: PartyKind) -> Feature:
    """A person is no organisation, and neither is a ship."""
    if PartyKind.UNKNOWN in (customer, listed):
        mine, theirs = (Side.MISSING if one is PartyKind.UNKNOWN else Side.GIVEN for one in (customer, listed))
        return Feature("kind", Outcome.ABSENT, "kind is unknown on one side", customer=mine, listed=theirs)
    if customer is listed:
        return Feature("kind", Outcome.ABSENT, f"both are of kind {listed.value}")
    text = f"the listed party is of kind {listed.value}, the customer is not"
    pull = -0.4 if _TANGIBLE & {customer, listed} else -0.3
    return Feature("kind", Outcome.DIFFERS, text, bits=-6, pull=pull, grave=True)


def total(name: Comparison, features: Iterable[Feature], *, weak: bool = False) -> float:
    """The score: the name's, moved by each field; strictly between 0 and 1 as soon as there is a name.

    An identifier that proves lifts the score over the threshold even where the names share nothing. A name below the
    threshold is lifted by identifiers only: likeness, a birth year and a country are met together by chance.
    """
    features = tuple(features)
    score = _name_part(name, weak=weak)
    if any(feature.proof for feature in features):
        score = max(score, THRESHOLD)
    for feature in features:
        if feature.pull < 0:
            score *= 1 + feature.pull
        elif name.score >= THRESHOLD or feature.second or feature.proof:
            score += (1 - score) * feature.pull
    return min(max(score, 0.0), 1.0)


def _name_part(name: Comparison, *, weak: bool) -> float:
    if name.score < THRESHOLD:
        return name.score
    stretched = THRESHOLD + (name.score - THRESHOLD) * (_NAME_ALONE - THRESHOLD) / (1 - THRESHOLD)
    rarity = _RARITY_SHARE * min(max(name.bits, 0.0), _RARITY_FULL_BITS) / _RARITY_FULL_BITS
    return max(stretched + rarity - (_WEAK_ALIAS if weak else 0.0), THRESHOLD)


def _explained(
    name: Comparison, features: tuple[Feature, ...], *, bits: float, population: int, weak: bool
) -> Iterator[str]:
    """A line for the name and one for each field that either side holds, then what it comes to."""
    yield f"name: {'; '.join(name.explanation)}, {name.bits:+.1f} bits"
    if weak:
        yield "name: the publisher calls this listed name a weak alias"
    for feature in features:
        if (feature.customer, feature.listed) != (Side.MISSING, Side.MISSING):
            yield feature.line
    yield _against_population(bits, population)


def _against_population(bits: float, population: int) -> str:
    margin = bits - math.log2(population)
    if margin < 0:
        strangers = max(1, round(2.0 ** min(-margin, 60.0)))
        return (
            f"{bits:.1f} bits against a population of {population:,}: about {min(strangers, population):,} strangers "
            "would agree as well, so this alone is never decisive"
        )
    return f"{bits:.1f} bits against a population of {population:,}: a stranger is not expected to agree as well"
