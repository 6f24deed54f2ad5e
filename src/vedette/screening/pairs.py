"""Pairs of written names compared, one answer a pair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vedette import names
from vedette.names import Kind
from vedette.screening.parties import rows_of

_KINDS: dict[str, Kind] = {
    "": "unknown",
    "unknown": "unknown",
    "person": "person",
    "organization": "organization",
    "organisation": "organization",
}


def kind_of(word: str) -> Kind | None:
    """The kind that a word means; None for any other word."""
    return _KINDS.get(word.strip().lower())


def compared(left: str, right: str, kind: Kind) -> dict[str, Any]:
    """The output row of one pair. A blank name scores 0 and says so. ``probability`` speaks of names, never of persons."""
    row: dict[str, Any] = {"left": left, "right": right, "kind": kind}
    if not left.strip() or not right.strip():
        return {
            **row,
            "score": 0.0,
            "bits": 0.0,
            "probability": 0.0,
            "channel": "none",
            "explanation": ["a name is blank"],
        }
    found = max((names.compare(left, right, way) for way in _ways(kind)), key=lambda answer: answer.score)
    return {
        **row,
        "score": round(found.score, 6),
        "bits": round(found.bits, 2),
        "probability": round(found.probability, 4),
        "channel": found.channel,
        "explanation": list(found.explanation),
    }


def _ways(kind: Kind) -> tuple[Kind, ...]:
    """How a pair is read: where nobody says what it names, as a person and as an organisation, and the better one counts."""
    return ("person", "organization") if kind == "unknown" else (kind,)


def compared_file(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a CSV of pairs, in order. A kind that is not known is read as unknown and said in the explanation."""
    for _, row in rows_of(path, ("left", "right"), least=2):
        kind = kind_of(row.get("kind", ""))
        answer = compared(row.get("left", ""), row.get("right", ""), kind or "unknown")
        if kind is None:
            answer["explanation"].append("the kind given is not known: read as unknown")
        yield answer
