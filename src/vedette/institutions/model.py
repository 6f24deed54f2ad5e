"""Organisations as registries describe them, stored registry versions, and the answer for one affiliation string."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from vedette.base import Json, Place, VedetteError


class InstitutionError(VedetteError):
    """A registry file that is refused whole, or a question that cannot be put. The version in force stays in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One organisation of one registry.

    ``names`` opens with the name to show; ``acronyms`` count only where the text writes them as acronyms. ``country`` is
    ISO 3166-1 alpha-2, ``cities`` and ``postcodes`` are as the registry writes them. ``parents`` and ``children`` are ids of
    the same or of another registry. ``source`` says where the row comes from; ``concern`` is what a user-supplied tracker
    says that a tie to this organisation asks of the reader.
    """

    id: str
    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    country: str = ""
    cities: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    active: bool = True
    same_as: tuple[str, ...] = ()
    source: str = ""
    concern: str = ""

    @property
    def name(self) -> str:
        """The name to show."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that a parser could not take: where it stands and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a parser read. ``ignored`` counts records left out on purpose, by reason; ``refused`` are the broken ones."""

    organisations: tuple[Organisation, ...]
    published: date | None = None
    ignored: dict[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryVersion:
    """One stored state of one registry. ``version`` is "<date>.<first 12 hex digits of the content hash>"."""

    registry: str
    version: str
    kind: str
    content_hash: str
    entries_hash: str
    published: date | None
    loaded_at: str
    organisations: int
    names: int
    in_force: bool = True
    forced: str = ""

    @property
    def label(self) -> str:
        """Registry and version in one word."""
        return f"{self.registry}@{self.version}"


class Relation(StrEnum):
    """How the text relates to the organisation: it is named itself, or the text names a part of it."""

    SAME = "same"
    CHILD = "child"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One organisation that the text means. ``score`` is the calibrated probability that it is meant."""

    id: str
    name: str
    score: float
    relation: Relation
    written: str
    country: str = ""
    parents: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "id": self.id,
            "name": self.name,
            "score": round(self.score, 4),
            "relation": self.relation.value,
            "written": self.written,
            "country": self.country or None,
            "parents": list(self.parents),
        }


@dataclass(frozen=True, slots=True)
class CountryDecision:
    """Which country the text speaks of: a code, "ambiguous", or None where nothing tells; with what it was read from."""

    code: str | None
    evidence: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {"code": self.code, "evidence": list(self.evidence)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedName:
    """A listed institution that the text names, with the list and the obligation that the list creates."""

    list_id: str
    version: str
    entity_id: str
    name: str
    written: str
    duty: str
    obligation: str

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "list": self.list_id,
            "list_version": self.version,
            "entity_id": self.entity_id,
            "name": self.name,
            "written": self.written,
            "duty": self.duty,
            "obligation": self.obligation,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer for one affiliation string. No match is an abstention: it never means "not an institution"."""

    query: str
    matches: tuple[Match, ...] = ()
    country: CountryDecision = CountryDecision(None)
    listed: tuple[ListedName, ...] = ()
    considered: tuple[Match, ...] = ()
    explanation: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """Whether no organisation is named with enough confidence."""
        return not self.matches

    def as_json(self) -> dict[str, Json]:
        """The form on the wire; the contract of ``vedette institutions resolve``."""
        return {
            "query": self.query,
            "matches": [match.as_json() for match in self.matches],
            "country": self.country.as_json(),
            "abstained": self.abstained,
            "listed": [item.as_json() for item in self.listed],
            "considered": [match.as_json() for match in self.considered],
            "explanation": list(self.explanation),
        }


def refuse(problem: str, file: str, line: int | None = None, remedy: str = "") -> InstitutionError:
    """An error about a registry file, with its place."""
    return InstitutionError(problem, place=Place(file, line), remedy=remedy)
