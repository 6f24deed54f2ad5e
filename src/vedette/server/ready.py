"""Whether the service can do its work now: database reachable, lists loaded and kept up, index open."""

from __future__ import annotations

from dataclasses import dataclass, field

from vedette import watchlists
from vedette.base import Json, VedetteError, parse_time
from vedette.doors.web import Workplace
from vedette.screening.routes import live
from vedette.watchlists.routes import STALE_DAYS


@dataclass(slots=True)
class Readiness:
    """Reasons against, and what is worth knowing. No reason against means ready."""

    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lists: int = 0

    def as_json(self) -> dict[str, Json]:
        """What `/readyz` answers."""
        return {
            "status": "unready" if self.reasons else "ok",
            "reasons": list(self.reasons),
            "notes": list(self.notes),
            "lists": self.lists,
        }


def readiness(place: Workplace) -> Readiness:
    """Look at everything. A single stale list is a note; where every list is stale, nobody keeps them up."""
    found = Readiness()
    try:
        versions = watchlists.current(place.store)
    except VedetteError:
        found.reasons.append("the state database cannot be reached")
        return found
    found.lists = len(versions)
    now = place.clock.now()
    stale = [one.list_id for one in versions if (now - parse_time(one.loaded_at)).days > STALE_DAYS]
    if not versions:
        found.reasons.append("no list is loaded: nobody can be screened")
    elif len(stale) == len(versions):
        found.reasons.append(f"no list was loaded in the last {STALE_DAYS} days: {', '.join(stale)}")
    elif stale:
        found.notes.append(f"not loaded in the last {STALE_DAYS} days: {', '.join(stale)}")
    _index(place, found)
    return found


def _index(place: Workplace, found: Readiness) -> None:
    index = live(place)
    try:
        if index.current() is None and found.lists:
            found.reasons.append("the lists in force are not opened yet")
    except VedetteError:
        found.reasons.append("the lists in force cannot be opened")
    if index.fault:
        found.reasons.append("a newer list cannot be opened; the earlier ones are still used")
