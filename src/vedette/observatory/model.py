"""Publications as sources describe them, and the rows of results that figures, claims and reports are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from vedette.base import Json, Place, VedetteError

#: The country whose publications are looked at where nothing else is asked for.
FOCUS = "KP"
#: The country decision where a text tells two countries apart badly, above all "Korea" alone.
AMBIGUOUS = "ambiguous"


class ObservatoryError(VedetteError):
    """A publication file that is refused whole, or a question that cannot be put."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """One author's place in one record: position from 1, and the affiliation strings as written.

    Position 0 holds addresses that the source ties to no author.
    ``countries`` are the ISO 3166 codes that the source claims for this author. ``name`` is shown to nobody who may not see
    personal data, compared only to tell duplicates of one work, and never scored.
    """

    position: int
    name: str = ""
    affiliations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One record of one source. ``titles`` holds (language, title) beside ``title``; language is ISO 639-1 or "".

    ``date`` is ISO, cut to what is known; ``year`` is 0 where unknown. ``countries`` are the codes that the source claims for the
    whole work. ``line`` is the line or record number in the file.
    """

    source: str
    source_id: str
    line: int
    title: str
    titles: tuple[tuple[str, str], ...] = ()
    doi: str = ""
    year: int = 0
    date: str = ""
    abstract: str = ""
    language: str = ""
    venue: str = ""
    type: str = ""
    pages: str = ""
    authors: tuple[Authorship, ...] = ()
    funding: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be taken: where it stands, the field, why, and what to do. ``raw`` is its beginning, for correction."""

    line: int
    field: str
    reason: str
    remedy: str
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedWork:
    """One distinct work after duplicates were joined: what topics and lists of works are made from.

    ``countries`` are the decided ones, ``sources`` the records it was joined from as "source:id".
    """

    work_id: str
    year: int
    title: str
    abstract: str = ""
    titles: tuple[tuple[str, str], ...] = ()
    doi: str = ""
    venue: str = ""
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCount:
    """The works of a year with an address in the country in question.

    ``domestic_only``: every address was decided for that country. ``with_partner``: at least one for another. What is neither
    has addresses that could not be decided.
    """

    year: int
    works: int
    domestic_only: int
    with_partner: int

    @property
    def undetermined(self) -> int:
        """Works whose other addresses could not be decided."""
        return self.works - self.domestic_only - self.with_partner


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCount:
    """Works shared with one partner country; the first and last year (0 where no year is known)."""

    country: str
    works: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionCount:
    """Works of one institution, and the years in which it published."""

    id: str
    name: str
    works: int
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerEdge:
    """Two countries or two institutions that stand on the same works; ``a`` sorts before ``b``."""

    a: str
    b: str
    works: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRank:
    """One country's place by number of works; equal counts share a rank."""

    rank: int
    country: str
    works: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAddress:
    """An address that could not be decided for one country, with the number of works that hang on it: for a person to look at.

    ``country`` is "ambiguous", or "" where nothing tells.
    """

    affiliation: str
    country: str
    works: int
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One publication file taken in: what a citable bundle names."""

    sha256: str
    name: str
    source: str
    read: int
    stored: int
    duplicates: int
    refused: int
    imported_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One country of an audited corpus: what it claims against what addresses or a published study show.

    ``supported`` counts claims with an address that says so, ``contradicted`` those whose addresses name another country,
    ``undecided`` the rest. ``published`` is another study's count, None where there is none to compare.
    """

    country: str
    claimed: int
    supported: int = 0
    contradicted: int = 0
    undecided: int = 0
    published: int | None = None
    verdict: str = "not judged"
    reason: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "country": self.country,
            "claimed": self.claimed,
            "supported": self.supported,
            "contradicted": self.contradicted,
            "undecided": self.undecided,
            "published": self.published,
            "verdict": self.verdict,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusAudit:
    """What an audit of a third-party corpus found. ``verdict`` is reliable, unreliable or not judged, with its reasons."""

    corpus: str
    sha256: str
    kind: str
    records: int
    verdict: str
    reasons: tuple[str, ...]
    lines: tuple[AuditLine, ...] = ()
    examples: tuple[dict[str, Json], ...] = field(default=())

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "corpus": self.corpus,
            "sha256": self.sha256,
            "kind": self.kind,
            "records": self.records,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "lines": [line.as_json() for line in self.lines],
            "examples": list(self.examples),
        }


def refuse(problem: str, file: str, line: int | None = None, remedy: str = "") -> ObservatoryError:
    """An error about a publication file, with its place."""
    return ObservatoryError(problem, place=Place(file, line), remedy=remedy)
