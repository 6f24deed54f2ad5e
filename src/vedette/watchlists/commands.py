"""Terminal: load list files, show what is in force, compare two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.watchlists import Listing, ListStatus, ListVersion, LoadResult

app = typer.Typer(help="Load, show and compare sanctions lists.", no_args_is_help=True)

_RESULT_COLUMNS = ("list", "version", "outcome", "entries", "dprk", "added", "removed", "changed")
_STATUS_COLUMNS = ("list", "version", "duty", "entries", "names", "dprk", "kept", "title")
_VERSION_COLUMNS = ("list", "version", "in_force", "entries", "names", "dprk", "loaded_at")


@app.command()
def load(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="List files, or folders that hold them; gzip is fine.")],
    published: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="Day of publication, where file and name do not tell.")
    ] = "",
    name: Annotated[
        str, typer.Option("--as", metavar="LIST", help="Name of the list, where the file does not tell.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Take a list that the guards refuse; needs --reason.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is forced; recorded in the audit log.")] = "",
    json: doors.JSON = False,
) -> None:
    """Load list files. Empty, malformed or sharply shrunken ones are refused, and the version in force stays.

    Example: vedette lists load sdn.csv alt.csv add.csv sdn_comments.csv un_consolidated.xml
    """
    from vedette.watchlists import load as take

    session = doors.session(context, json=json)
    with doors.progress(session, "Reading lists") as bar:
        results = take(
            session.store,
            session.principal,
            paths,
            clock=session.clock,
            published=day(published),
            list_id=name or None,
            force=force,
            reason=reason,
            on_step=bar.advance,
        )
    if report(session, results):
        raise typer.Exit(1)


@app.command()
def fetch(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[LIST]...", help="Lists to bring up to date.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every list whose publisher gives an address.")] = False,
    json: doors.JSON = False,
) -> None:
    """Download lists from their publishers' own addresses and load what changed; a failed one keeps its version in force.

    Example: vedette lists fetch us_ofac_sdn un_sc_consolidated
    """
    from vedette.watchlists import refresh
    from vedette.watchlists.refresh import chosen

    if bool(names) == every:
        raise typer.BadParameter("name lists, or say --all", param_hint="LIST")
    session = doors.session(context, json=json)
    wanted = chosen(names or (), every=every)
    with doors.progress(session, "Fetching lists") as bar:
        results = refresh(session.store, session.principal, wanted, clock=session.clock, on_step=bar.advance)
    if report(session, results):
        raise typer.Exit(1)


def day(text: str) -> Any:
    """The day that an option holds, or None where it is blank. Wrong usage otherwise."""
    from vedette.base import parse_day

    try:
        return parse_day(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day such as 2026-01-31", param_hint="--published") from None


def report(session: doors.Session, results: Sequence[LoadResult]) -> bool:
    """Print what became of each list. Tells whether any file was refused, or nothing was a list at all."""
    from vedette.watchlists import Outcome

    taken = [result for result in results if result.version]
    lost = [result for result in results if not result.version]
    if session.json:
        doors.emit(session, map(result_row, results), columns=_RESULT_COLUMNS)
    elif taken:
        doors.emit(session, map(result_row, taken), columns=_RESULT_COLUMNS)
    for result in taken:
        for note in (*result.notes, *(f"{count:,} {what}: ignored" for what, count in result.ignored.items())):
            doors.say(session, f"{result.list_id}: {note}")
    for result in lost:
        doors.warn(f"{result.outcome.value}: {result.problem}. {result.remedy}")
    return not taken or any(result.outcome is Outcome.REFUSED for result in lost)


def result_row(result: LoadResult) -> dict[str, Any]:
    """One result as a row."""
    version, delta = result.version, result.delta
    return {
        "list": result.list_id,
        "version": version.version if version else None,
        "outcome": result.outcome.value,
        "files": result.files,
        "published": version.published.isoformat() if version and version.published else None,
        "entries": version.entries if version else 0,
        "names": version.names if version else 0,
        "dprk": version.dprk if version else 0,
        "previous": result.previous or None,
        "added": len(delta.added) if delta else 0,
        "removed": len(delta.removed) if delta else 0,
        "changed": len(delta.changed) if delta else 0,
        "ignored": dict(result.ignored),
        "notes": list(result.notes),
        "problem": result.problem or None,
        "remedy": result.remedy or None,
    }


@app.command()
def status(
    context: typer.Context,
    all_versions: Annotated[bool, typer.Option("--all", help="Every version kept, not only those in force.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show which lists are in force, and which known ones are not loaded and so not screened against.

    Example: vedette lists status --json
    """
    from vedette import watchlists

    session = doors.session(context, json=json)
    if all_versions:
        doors.emit(session, map(_version_row, watchlists.versions(session.store)), columns=_VERSION_COLUMNS)
        return
    found = watchlists.status(session.store)
    loaded = [item for item in found if item.version]
    rows = found if session.json else loaded
    doors.emit(session, map(_status_row, rows), columns=_STATUS_COLUMNS, empty="No list is loaded.")
    missing = ", ".join(item.list_id for item in found if not item.version)
    if missing:
        doors.say(session, f"Not loaded, so not screened against: {missing}")


def _version_row(version: ListVersion) -> dict[str, Any]:
    return {
        "list": version.list_id,
        "version": version.version,
        "in_force": version.in_force,
        "published": version.published.isoformat() if version.published else None,
        "loaded_at": version.loaded_at,
        "entries": version.entries,
        "names": version.names,
        "dprk": version.dprk,
        "forced": version.forced,
        "notes": list(version.notes),
        "content_hash": version.content_hash,
    }


def _status_row(item: ListStatus) -> dict[str, Any]:
    blank = {"list": item.list_id, "version": None, "in_force": False, "entries": 0, "names": 0, "dprk": 0}
    known = _version_row(item.version) if item.version else blank
    return {**known, "kept": item.kept, "title": item.title, "duty": item.duty, "obligation": item.obligation}


@app.command("diff")
def compare(
    context: typer.Context,
    a: Annotated[
        str, typer.Argument(help="Older state: a version, a list, a file, or a folder with one list's files.")
    ],
    b: Annotated[str, typer.Argument(help="Newer state, named in the same way.")],
    json: doors.JSON = False,
) -> None:
    """Compare two versions of a list: every entry added, removed or changed, with the fields that differ.

    Example: vedette lists diff sdn_2024-05-02.csv.gz sdn_2024-05-03.csv.gz
    """
    from vedette import watchlists

    session = doors.session(context, json=json)
    old = watchlists.listings_named(lambda: session.store, a)
    new = watchlists.listings_named(lambda: session.store, b)
    delta = watchlists.diff(old, new)
    names = {listing.entity_id: listing for listing in (*old, *new)}
    doors.emit(
        session, _changes(delta, names), columns=("change", "entity_id", "name", "fields"), empty="No difference."
    )
    doors.say(session, f"{len(delta.added):,} added, {len(delta.removed):,} removed, {len(delta.changed):,} changed")


def _changes(delta: Any, listings: Mapping[str, Listing]) -> Iterator[dict[str, Any]]:
    changes = (
        *(("added", entity_id, ()) for entity_id in delta.added),
        *(("removed", entity_id, ()) for entity_id in delta.removed),
        *(("changed", entity_id, fields) for entity_id, fields in delta.changed),
    )
    for change, entity_id, fields in changes:
        party = listings[entity_id].party
        name = party.names[0].text if party.names else ""
        yield {"change": change, "entity_id": entity_id, "name": name, "fields": list(fields)}
