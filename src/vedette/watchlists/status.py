"""Which lists are in force, and which known lists have never been loaded."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.store import Store
from vedette.watchlists import store as rows
from vedette.watchlists.model import ListVersion
from vedette.watchlists.source import source, sources

#: Sources that stand for a file format, not for a list that could be missing.
_ANYBODY = "xx_any_"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStatus:
    """One list: its version in force, or None where nothing was ever loaded, and how many versions are kept.

    A list that is not loaded is not screened against: that is a gap in the check, never a clean result.
    """

    list_id: str
    title: str
    obligation: str
    version: ListVersion | None
    kept: int
    duty: str = ""


def status(store: Store) -> tuple[ListStatus, ...]:
    """Every list loaded or declared, by list id."""
    known = rows.versions(store)
    loaded = {version.list_id: _status(version, known) for version in known if version.in_force}
    read_from = {version.source_id for version in known if version.in_force}
    missing = {
        item.id: ListStatus(
            list_id=item.id, title=item.title, obligation=item.obligation, version=None, kept=0, duty=item.duty
        )
        for item in sources()
        if item.id not in read_from and not item.id.startswith(_ANYBODY)
    }
    return tuple(value for _, value in sorted({**missing, **loaded}.items()))


def _status(version: ListVersion, known: tuple[ListVersion, ...]) -> ListStatus:
    declared = source(version.source_id)
    return ListStatus(
        list_id=version.list_id,
        title=declared.title,
        obligation=version.obligation,
        version=version,
        kept=sum(other.list_id == version.list_id for other in known),
        duty=declared.duty,
    )
