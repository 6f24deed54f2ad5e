"""Adds up what came of several files: the last row of an import."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.events.model import Intake

_SHOWN = 1_000


def total(intakes: Sequence[Intake], name: str) -> Intake:
    """All files as one; ``read = stored + duplicates + refused`` holds for it as for each."""
    if len(intakes) == 1:
        return intakes[0]
    refused = [item for intake in intakes for item in intake.refused]
    return Intake(
        adapter=name,
        read=sum(item.read for item in intakes),
        stored=sum(item.stored for item in intakes),
        known=sum(item.known for item in intakes),
        duplicates=sum(item.duplicates for item in intakes),
        refused_count=sum(item.refused_count for item in intakes),
        refused=tuple(refused[:_SHOWN]),
        faults=tuple(fault for item in intakes for fault in item.faults),
        notes=tuple(dict.fromkeys(note for item in intakes for note in item.notes)),
    )
