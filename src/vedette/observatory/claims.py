"""Published figures set beside our own, with the difference and the reason: agreement is no proof, and a gap is no error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vedette.base import ContentError, Json, Place, Record, read_record, unique
from vedette.documents import number
from vedette.observatory.drawing.model import Material

COLUMNS = ("study", "period", "database", "quantity", "published", "ours", "difference", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One published figure. ``bound`` is exactly or at_least; ``read`` tells whether the study, its data or a summary was read."""

    id: str
    study: str
    citation: str
    published: int
    quantity: str
    value: float
    bound: str
    measure: str
    begin: int
    end: int
    database: str
    read: str
    reason: str

    @property
    def period(self) -> str:
        """The years in words."""
        return f"{self.begin}–{self.end}" if self.begin else f"to {self.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A claim beside our figure; ``ours`` is None where the two cannot be compared."""

    claim: Claim
    ours: float | None

    @property
    def difference(self) -> float | None:
        """Ours less theirs; nothing where theirs is a lower bound that ours keeps."""
        if self.ours is None or (self.claim.bound == "at_least" and self.ours >= self.claim.value):
            return None
        return self.ours - self.claim.value

    def cells(self) -> tuple[str, ...]:
        """The row of the table, by COLUMNS."""
        claim = self.claim
        told = f"at least {number(claim.value)}" if claim.bound == "at_least" else number(claim.value)
        ours = "not comparable" if self.ours is None else number(self.ours)
        difference = "" if self.difference is None else f"{'+' if self.difference > 0 else ''}{number(self.difference)}"
        return claim.study, claim.period, claim.database, claim.quantity, told, ours, difference, claim.reason

    def as_json(self) -> dict[str, Json]:
        """The form in the bundle."""
        return {
            "id": self.claim.id,
            "study": self.claim.study,
            "citation": self.claim.citation,
            "quantity": self.claim.quantity,
            "begin": self.claim.begin,
            "end": self.claim.end,
            "database": self.claim.database,
            "published": self.claim.value,
            "bound": self.claim.bound,
            "ours": self.ours,
            "difference": self.difference,
            "read": self.claim.read,
            "reason": self.claim.reason,
        }


@cache
def claims() -> tuple[Claim, ...]:
    """Every published figure, in the order of the file. Raises ContentError."""
    return read_claims((files("vedette.observatory") / "claims.yml").read_text("utf-8"), "claims.yml")


def read_claims(text: str, file: str) -> tuple[Claim, ...]:
    """The claims of a file. Raises ContentError that names file, line and remedy."""
    record = read_record(text, file)
    found = tuple(_claim(item) for item in record.take_records("claims"))
    record.finish()
    unique(((claim.id, Place(file)) for claim in found), "claim")
    return found


def _claim(record: Record) -> Claim:
    where = record.place("measure")
    claim = Claim(
        id=record.take_text("id"),
        study=record.take_text("study"),
        citation=record.take_text("citation"),
        published=record.take_int("published"),
        quantity=record.take_text("quantity"),
        value=record.take_number("value"),
        bound=record.take_choice("bound", ("exactly", "at_least"), "exactly"),
        measure=record.take_text("measure"),
        begin=record.take_int("begin"),
        end=record.take_int("end"),
        database=record.take_text("database"),
        read=record.take_choice("read", ("original", "data", "summary")),
        reason=record.take_text("reason"),
    )
    record.finish()
    if claim.measure.partition(":")[0] not in _MEASURES:
        raise ContentError(f"no measure {claim.measure!r}", place=where, remedy=f"One of: {', '.join(_MEASURES)}")
    return claim


def compare(held: Iterable[Claim], material: Callable[[int, int], Material]) -> tuple[Compared, ...]:
    """Each claim beside our figure of its years. ``material`` gives what is held of the years from one to another."""
    return tuple(Compared(claim=claim, ours=_ours(claim, material(claim.begin, claim.end))) for claim in held)


def _ours(claim: Claim, material: Material) -> float | None:
    name, _, country = claim.measure.partition(":")
    return _MEASURES[name](material, country)


def _works(material: Material, _: str) -> float | None:
    return float(sum(row.works for row in material.years))


def _domestic_only(material: Material, _: str) -> float | None:
    return float(sum(row.domestic_only for row in material.years))


def _with_partner(material: Material, _: str) -> float | None:
    return float(sum(row.with_partner for row in material.years))


def _partner(material: Material, country: str) -> float | None:
    return float(next((row.works for row in material.partners if row.country == country), 0))


def _share(material: Material, country: str) -> float | None:
    shared = _with_partner(material, "") or 0.0
    return round(100 * (_partner(material, country) or 0.0) / shared, 1) if shared else None


def _institutions(material: Material, _: str) -> float | None:
    return float(len(material.institutions))


def _partner_countries(material: Material, _: str) -> float | None:
    return float(len(material.partners))


def _rank(material: Material, _: str) -> float | None:
    return next((float(row.rank) for row in material.ranks if row.country == material.country), None)


def _dual_or_military(material: Material, _: str) -> float | None:
    return float(sum(work.potential in ("dual", "military-significant") for work in material.works))


def _method_works(material: Material, _: str) -> float | None:
    return float(sum(bool(work.methods) for work in material.works))


def _none(_material: Material, _: str) -> float | None:
    return None


_MEASURES: Mapping[str, Callable[[Material, str], float | None]] = {
    "works": _works,
    "domestic_only": _domestic_only,
    "with_partner": _with_partner,
    "partner": _partner,
    "share": _share,
    "institutions": _institutions,
    "partner_countries": _partner_countries,
    "rank": _rank,
    "dual_or_military": _dual_or_military,
    "method_works": _method_works,
    "none": _none,
}
