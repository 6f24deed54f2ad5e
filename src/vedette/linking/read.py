"""Reads the weights and the generic values that come with the room."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from vedette.base import ContentError, Record, read_record, unique
from vedette.linking.model import Kind, Weights

_FOLDER = Path(__file__).parent
_EXPLANATIONS = ("kin", "reseller", "employer")


@cache
def weights() -> Weights:
    """The weights shipped with the program."""
    return read_weights((_FOLDER / "weights.yml").read_text(encoding="utf-8"), "weights.yml")


def read_weights(text: str, file: str) -> Weights:
    """Parse weights strictly. Raises ContentError naming file and line."""
    top = read_record(text, file)
    for words in ("caption", "why", "family_extra_why", "bridge_why", "sparse_why", "public_why", "home_why"):
        top.take_text(words)
    for words in ("excluded_why", "excluded_instruments_why"):
        top.take_text(words)
    top.take_day("checked_on")
    prior, thresholds, sparse = top.take_record("prior"), top.take_record("thresholds"), top.take_record("sparse")
    kinds = tuple((_kind(record), record.place()) for record in top.take_records("kinds"))
    unique(((kind.kind, place) for kind, place in kinds), "kind")
    found = Weights(
        version=top.take_int("version"),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        mates=prior.take_number("mates"),
        same=thresholds.take_number("same"),
        related=thresholds.take_number("related"),
        family_extra=top.take_number("family_extra"),
        bridge=top.take_number("bridge"),
        sparse_accounts=sparse.take_int("accounts"),
        sparse_density=sparse.take_number("density"),
        public_countries=top.take_int("public_countries"),
        home_holders=top.take_int("home_holders"),
        excluded_networks=top.take_texts("excluded_networks"),
        excluded_instruments=top.take_texts("excluded_instruments"),
        kinds=tuple(kind for kind, _ in kinds),
    )
    prior.take_text("why")
    thresholds.take_text("why")
    for record in (prior, thresholds, sparse, top):
        record.finish()
    if not found.related < found.same:
        raise ContentError("a related pair must need less than the same hand", place=thresholds.place())
    return found


def _kind(record: Record) -> Kind:
    kind = Kind(
        kind=record.take_text("kind"),
        family=record.take_text("family"),
        m=record.take_number("m"),
        most_holders=record.take_int("most_holders"),
        why=record.take_text("why"),
        private=record.take_number("private", 0.0),
        most_bits=record.take_number("most_bits", 99.0),
        generates=record.take_bool("generates", False),
        recycled_days=record.take_int("recycled_days") if record.has("recycled_days") else None,
        identities=record.take_int("identities") if record.has("identities") else None,
        explained_by=frozenset(record.take_texts("explained_by", optional=True)),
    )
    record.finish()
    if not 0 < kind.m <= 1:
        raise ContentError("m is a share between 0 and 1", place=record.place("m"))
    if not kind.explained_by <= set(_EXPLANATIONS):
        raise ContentError("unknown explanation", place=record.place(), remedy=f"Of: {', '.join(_EXPLANATIONS)}")
    return kind


@cache
def generic_values() -> tuple[tuple[str, str], ...]:
    """(kind, normalised text) of every value that stands for nothing."""
    lines = (_FOLDER / "generic.tsv").read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    return tuple((row[0], row[1]) for row in rows)
