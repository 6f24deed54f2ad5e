"""What is missing, out of date or in the way, and which checks the data held allows."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vedette.base import VedetteError
from vedette.doors import Session

if TYPE_CHECKING:
    from vedette.detections import Rule

_OLD_LIST_DAYS = 30
_SOON_DAYS = 30
_LITTLE_SPACE = 2 * 1024**3


@dataclass(slots=True)
class Health:
    """Rows (topic, state ok|note|broken, what, remedy) and lines for people."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        """Whether anything must be mended before work."""
        return any(row["state"] == "broken" for row in self.rows)

    def add(self, topic: str, state: str, what: str, remedy: str = "") -> None:
        """Note one thing."""
        self.rows.append({"topic": topic, "state": state, "what": what, "remedy": remedy})


def examine(session: Session, data: Path | None = None) -> Health:
    """Examine the installation and the workspace; with ``data`` also an export folder that was not read yet."""
    health = Health()
    health.add("python", "ok", sys.version.split()[0])
    _space(session.workspace, health)
    try:
        store = session.store
    except VedetteError as fault:
        health.add("workspace", "note" if data else "broken", fault.problem, fault.remedy)
        store = None
    if store is not None:
        health.add("workspace", "ok", str(session.workspace))
        _keys(session, health)
        _lists(session, health)
        _references(session, health)
    _rules(session, data, store is not None, health)
    return health


def _space(folder: Path, health: Health) -> None:
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    state = "ok" if free > _LITTLE_SPACE else "note"
    health.add(
        "disk", state, f"{free / 1024**3:.1f} GiB free", "" if state == "ok" else "Free space before a large run"
    )


def _keys(session: Session, health: Health) -> None:
    for path in sorted(session.store.workspace.keys.glob("*.key")):
        loose = stat.S_IMODE(path.stat().st_mode) & 0o077
        if loose:
            health.add("keys", "broken", f"{path.name} can be read by others", f"chmod 600 {path}")
    health.add("keys", "note", "keys lie in the workspace's folder `keys`", "Back them up apart from the data")
    what = "on the command line people are known by their login name, which they can set themselves"
    health.add("people", "note", what, "Give each person a login of their own; a second person's approval rests on it")


def _lists(session: Session, health: Health) -> None:
    from vedette import watchlists

    current = watchlists.current(session.store)
    if not current:
        health.add("lists", "broken", "no list is loaded: nobody can be screened", "vedette lists load FILES")
    for item in current:
        age = _age(session, item.published or date.fromisoformat(item.loaded_at[:10]))
        state = "ok" if age <= _OLD_LIST_DAYS else "note"
        remedy = "" if state == "ok" else "Fetch the publisher's newest file and load it"
        health.add("lists", state, f"{item.list_id}: {item.entries:,} entries, {age} days old", remedy)


def _age(session: Session, day: date) -> int:
    return (session.clock.now().date() - day).days


def _references(session: Session, health: Health) -> None:
    from vedette.events.store import lists as references

    today = session.clock.now().date().isoformat()
    held = references.status(session.store)
    kinds = {item.kind.value for item in held if item.in_force(today)}
    for kind, what in (("country", "countries"), ("asn", "networks"), ("class", "VPN, hosting and other classes")):
        if kind in kinds:
            health.add("references", "ok", f"addresses are told {what}")
        else:
            health.add(
                "references", "note", f"no list of {what}: addresses stay unknown", "vedette refs fetch, or refs load"
            )
    for item in held:
        if not item.in_force(today):
            health.add("references", "note", f"{item.name} expired on {item.expires}", "Load a newer one")


def _rules(session: Session, data: Path | None, opened: bool, health: Health) -> None:
    from vedette import detections

    rules = detections.rules()
    if data is not None:
        held = held_in_export(session, data, opened)
    elif opened:
        from vedette.detections.coverage import held_in

        held = held_in(detections.tables(session.store), rules, detections.Limits())
    else:
        return
    today = session.clock.now().date()
    _expiries(rules, today, health)
    states = detections.readiness([rule for rule in rules if not rule.expired(today)], held)
    ready = sum(state.ready for state in states)
    unlocked = detections.unlocks(states)
    more = "; ".join(f"{need} unlocks {count} more" for need, count in unlocked[:5])
    health.lines.append(f"{ready} of {len(rules)} rules can run{'; ' + more if more else ''}.")
    for state in states:
        if not state.ready:
            health.add("rules", "note", state.reason, "Give these columns, or load address references")


def _expiries(rules: Sequence[Rule], today: date, health: Health) -> None:
    """Rules that no longer count since what they know is old, and those of which that will soon be so."""
    for rule in rules:
        if rule.expires is None:
            continue
        left, remedy = (rule.expires - today).days, "Check what it knows, then `vedette rules publish` its next version"
        if left <= 0:
            health.add("rules", "note", f"{rule.id} expired on {rule.expires}: it finds nothing more", remedy)
        elif left <= _SOON_DAYS:
            health.add("rules", "note", f"{rule.id} expires on {rule.expires}, in {left} days", remedy)


def held_in_export(session: Session, data: Path, opened: bool) -> frozenset[str]:
    """Columns of an export that hold anything, as ``table.column``, and the references that the workspace has."""
    from vedette import accounts

    found = {
        f"{table}.{column}"
        for table, columns in accounts.coverage_of(data).items()
        for column, share in columns.items()
        if share > 0
    }
    return frozenset(found | _log_columns(data) | set(_reference_columns(session) if opened else ()))


def _log_columns(data: Path) -> set[str]:
    """Every column of log events where the export holds a log of any product: which of them are filled, reading tells."""
    from vedette.events.tables import LOGS

    logs = data / "logs"
    held = logs.is_dir() and any(path.is_file() for path in logs.rglob("*"))
    return {f"logs.{column.name}" for column in LOGS.columns} if held else set()


def _reference_columns(session: Session) -> Iterator[str]:
    from vedette.events.store import lists as references

    today = session.clock.now().date().isoformat()
    kinds = {item.kind.value for item in references.status(session.store) if item.in_force(today)}
    if "country" in kinds:
        yield "references.country"
    if kinds & {"class", "asn_class"}:
        yield "references.class"
