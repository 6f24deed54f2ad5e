"""Which of our columns holds a field of a Sigma log source: a table of data, and nothing that is only nearly the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from vedette.detections.sigma.model import RefusedSigma


@dataclass(frozen=True, slots=True)
class Field:
    """A column for a field. ``lacks`` is an ending that the column's values do not have; ``address`` whether names lie apart."""

    column: str
    lacks: str = ""
    address: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One log source: our product's name and its fields, by lower-case name."""

    product: str
    fields: Mapping[str, Field]

    def field(self, name: str) -> Field:
        """The column for a field. Raises RefusedSigma."""
        if name.lower() not in self.fields:
            known = ", ".join(sorted(self.fields))
            raise RefusedSigma(
                f"the field {name!r} of {self.product} is no column of the lake", remedy=f"Known: {known}"
            )
        return self.fields[name.lower()]


def source(product: str | None, service: str | None, category: str | None) -> Source:
    """The log source that a rule names. Raises RefusedSigma."""
    if category:
        raise RefusedSigma(f"the log source has the category {category!r}", remedy="Name product and service")
    for (one, two), found in _sources().items():
        if (product or "").lower() == one and (service or "").lower() in (two, ""):
            return found
    known = ", ".join(f"{one}/{two}" for one, two in _sources())
    raise RefusedSigma(f"no adapter reads the log source {product}/{service}", remedy=f"Known: {known}")


@lru_cache(maxsize=1)
def _sources() -> Mapping[tuple[str, str], Source]:
    text = (resources.files("vedette.detections.sigma") / "fields.tsv").read_text(encoding="utf-8")
    found: dict[tuple[str, str], dict[str, Field]] = {}
    names: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            product, service, ours, field, column, *how = line.split("\t")
            kind = how[0] if how else ""
            names[product, service] = ours
            own = found.setdefault((product, service), {})
            own[field.lower()] = Field(column, kind[1:] if kind.startswith("-") else "", kind == "address")
    return {key: Source(names[key], fields) for key, fields in found.items()}
