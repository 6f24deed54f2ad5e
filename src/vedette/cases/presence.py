"""Who else has a case open: kept in memory for ten minutes, never written down, so that two people do not work twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

KEPT = timedelta(minutes=10)
_MOST = 10_000


@dataclass(slots=True)
class Presence:
    """The newest looks of one service, by case and person. Another process of the service knows its own only."""

    _looks: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def look(self, case_id: str, name: str, now: datetime) -> list[tuple[str, datetime]]:
        """Note a look, and tell who else looked within the last ten minutes, the newest first."""
        with self._lock:
            if len(self._looks) > _MOST:
                self._forget(now)
            held = self._looks.setdefault(case_id, {})
            for other in [other for other, at in held.items() if now - at > KEPT]:
                del held[other]
            held[name] = now
            return sorted(((other, at) for other, at in held.items() if other != name), key=lambda one: one[1])[::-1]

    def _forget(self, now: datetime) -> None:
        self._looks = {
            case_id: held for case_id, held in self._looks.items() if any(now - at <= KEPT for at in held.values())
        }
        if len(self._looks) > _MOST:
            self._looks.clear()
