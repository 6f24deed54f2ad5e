"""What `vedette customers` asks of several rooms: counts of what detects abuse, days of the calendar, figures as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from vedette import accounts, cases, detections, watchlists
from vedette.accounts import figures, verified
from vedette.accounts.store.verified import resellers
from vedette.accounts.verification import timers
from vedette.base import Clock, Json
from vedette.store import Store


def certification(store: Store, clock: Clock) -> dict[str, Json]:
    """The certification's countable contents, with what detects abuse here."""
    found = cases.list_cases(store, now=clock.now())
    counts = {
        "detection_rules": len(detections.rules()),
        "presence_checks": len(accounts.presence.CHECKS),
        "lists_in_force": len(watchlists.current(store)),
        "cases": len(found),
    }
    return figures.certification(
        verified.records(store), resellers(store), at=clock.now(), timing=timers(), resources=counts
    )


def as_csv(row: Mapping[str, Json]) -> str:
    """Figures as lines of name and value; a nested figure's name is joined with dots. No cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("figure", "value"))
    writer.writerows((_safe(name), _safe(value)) for name, value in _flat(row))
    return out.getvalue()


def _flat(row: Mapping[str, Json], before: str = "") -> Iterator[tuple[str, Json]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield f"{before}{name}", "; ".join(map(str, value))
        else:
            yield f"{before}{name}", value


def _safe(value: Json) -> Json:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
