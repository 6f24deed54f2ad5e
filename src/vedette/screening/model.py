"""The words of screening: a list edition, a compared field, a match and its level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Json, Party, VedetteError
from vedette.screening.calibration import balance, probability

#: The score from which a match is shown to a reviewer.
THRESHOLD = 0.7
#: How many people the names are weighed against where the caller does not say: a provider with a million customers.
POPULATION = 1_000_000
#: Bits beyond the population from which a name without a second identifier goes to a reviewer. Below, the customer is
#: asked first: a birth year and a country (6.5 bits) make no case of a name that many bear (docs/decisions/0007).
REVIEW_BITS = 8.0
# What a customer can be asked for, most telling first.
_ASKABLE = ("birth_date", "country", "address")


class ScreeningError(VedetteError):
    """Screening that cannot be done: no list is loaded, or an input file is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One list in one version, as far as a match has to cite it."""

    list_id: str
    version: str
    entries_hash: str
    obligation: str = ""
    citation: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """``list_id@version``."""
        return f"{self.list_id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What of a list entry is compared and cited. ``entry_hash`` is of the whole entry's content."""

    entity_id: str
    party: Party
    programmes: tuple[str, ...] = ()
    dprk: bool = False
    entry_hash: str = ""


class Side(StrEnum):
    """What one side holds of a field. A birth date may be known to the day, to the month or to the year."""

    MISSING = "missing"
    GIVEN = "given"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Outcome(StrEnum):
    """What comparing one field said. ``absent`` means that one side does not hold the field: it counts for nothing."""

    AGREES = "agrees"
    NEARLY = "nearly"
    DIFFERS = "differs"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Feature:
    """One compared field besides the name.

    ``bits`` is added to the match's weight. ``pull`` moves the score: a positive one closes that share of the gap to 1, a
    negative one takes that share away. ``second`` marks a second identifier, which together with the name identifies;
    ``proof`` identifies by itself; ``grave`` marks a contradiction that makes the match mere context.
    ``text`` never repeats the customer's value; ``customer`` and ``listed`` say what either side holds.
    """

    field: str
    outcome: Outcome
    text: str
    bits: float = 0.0
    pull: float = 0.0
    second: bool = False
    proof: bool = False
    grave: bool = False
    customer: Side = Side.GIVEN
    listed: Side = Side.GIVEN

    @property
    def line(self) -> str:
        """One line for a reviewer: the field, both sides, what comparing them said, and its bits."""
        sides = f"customer {self.customer.value}, list {self.listed.value}"
        return f"{self.field.replace('_', ' ')} ({sides}): {self.text}, {self.bits:+.1f} bits"


class Level(StrEnum):
    """What a match amounts to. Only ``identified`` may stop; ``contradicted`` is shown as context only."""

    IDENTIFIED = "identified"
    NAME_ONLY = "name_only"
    WEAK = "weak"
    CONTRADICTED = "contradicted"


class Call(StrEnum):
    """What a match calls for: ``hold`` and ``review`` a person, ``ask`` an answer of the customer, ``note`` nothing."""

    HOLD = "hold"
    REVIEW = "review"
    ASK = "ask"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One entry of one list that a party may be, with the reasons.

    ``name`` is the listed name that agrees best and ``name_score`` how well (0..1; 0 where only an identifier led here).
    ``score`` is below 1 by construction, so that more agreement always ranks higher. ``bits`` is log2 of how much likelier
    the agreement is for the listed party than for a stranger; ``margin`` is what remains after subtracting log2 of the
    population screened: below zero, a stranger with this name is to be expected among the customers.
    ``entry_hash`` is of the entry's content: the same in every list version in which nothing of the entry changed.
    """

    entity_id: str
    list: str
    list_version: str
    name: str
    name_score: float
    score: float
    bits: float
    margin: float
    level: Level
    entry_hash: str
    features: tuple[Feature, ...]
    explanation: tuple[str, ...]
    programmes: tuple[str, ...] = ()
    dprk: bool = False
    obligation: str = ""
    citation: tuple[str, ...] = ()

    @property
    def corroboration(self) -> tuple[Feature, ...]:
        """The fields that speak for the match."""
        return tuple(f for f in self.features if f.outcome in (Outcome.AGREES, Outcome.NEARLY))

    @property
    def contradiction(self) -> tuple[Feature, ...]:
        """The fields that speak against it."""
        return tuple(f for f in self.features if f.outcome is Outcome.DIFFERS)

    @property
    def call(self) -> Call:
        """What the match calls for. Where a stranger may well agree as much, the customer is asked first."""
        if self.level is Level.IDENTIFIED:
            return Call.HOLD
        if self.level is Level.CONTRADICTED:
            return Call.NOTE
        telling = balance(self.margin, self.name_score, self.level.value) >= 0
        return Call.REVIEW if telling and self.margin >= REVIEW_BITS else Call.ASK

    @property
    def ask(self) -> tuple[str, ...]:
        """What to ask the customer for, where the answer decides: fields that the list holds and the customer did not
        give as fully; where there is none, a document, so that a person can settle who the customer is.
        """
        if self.call is not Call.ASK:
            return ()
        lacking = {feature.field for feature in self.features if _lacks(feature)}
        return tuple(name for name in _ASKABLE if name in lacking) or ("identity_document",)

    @property
    def probability(self) -> float:
        """How likely the customer is the listed party, 0..1, given everything compared (see ``calibration``)."""
        return probability(self.margin, self.name_score, self.level.value)

    @property
    def key(self) -> tuple[str, str]:
        """The list and the entry, without the version."""
        return self.list, self.entity_id

    def as_json(self) -> dict[str, Json]:
        """The output contract's form, with the fields by which it was judged."""
        return {
            "entity_id": self.entity_id,
            "list": self.list,
            "list_version": self.list_version,
            "name": self.name,
            "score": round(self.score, 4),
            "probability": round(self.probability, 6),
            "bits": round(self.bits, 2),
            "explanation": list(self.explanation),
            "level": self.level.value,
            "name_score": round(self.name_score, 4),
            "margin_bits": round(self.margin, 2),
            "corroboration": [f.field for f in self.corroboration],
            "contradiction": [f.field for f in self.contradiction],
            "programmes": list(self.programmes),
            "dprk": self.dprk,
            "call": self.call.value,
            "ask": list(self.ask),
            "obligation": self.obligation,
        }


def _lacks(feature: Feature) -> bool:
    """Whether the list holds more of a field than the customer gave."""
    depth = list(Side)
    if feature.listed is Side.GIVEN:
        return feature.customer is Side.MISSING
    return depth.index(feature.customer) < depth.index(feature.listed)


def ranked(matches: Iterable[Match], limit: int | None = None) -> tuple[Match, ...]:
    """Best first: by score, then bits, then list and entry, so that equal inputs always give the same order."""
    order = sorted(matches, key=lambda m: (-m.score, -m.bits, m.list, m.list_version, m.entity_id))
    return tuple(order[:limit])
