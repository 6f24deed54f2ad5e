"""Terminal: load, show and fetch address references."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.events.references.model import ReferenceList

app = typer.Typer(help="Load and show address references (country, network, VPN).", no_args_is_help=True)

_COLUMNS = ["name", "kind", "rows", "version", "loaded", "expires", "state", "attribution"]


@app.callback()
def _refs() -> None:
    """Load and show address references (country, network, VPN)."""


@app.command()
def load(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV, Parquet, CIDR text, MISP JSON, or tar.gz.")
    ],
    kind: Annotated[str, typer.Option(help="country, asn, or a class such as vpn, where a file does not tell.")] = "",
    expires: Annotated[int | None, typer.Option(help="Days until the lists expire; class lists: 90.", min=1)] = None,
    json: doors.JSON = False,
) -> None:
    """Load range lists. A list of the same name and kind is replaced; a file that cannot be read changes nothing.

    Example: vedette -w ws refs load vpn-ranges.txt --kind vpn
    """
    from vedette.events.store import lists

    session = doors.session(context, json=json)
    with doors.progress(session, "Compiling range lists", len(files)) as bar:
        loaded = lists.load(
            session.store,
            session.principal,
            files,
            clock=session.clock,
            kind=kind,
            expires_days=expires,
            advance=bar.advance,
        )
    _show(session, loaded, "Loaded")


@app.command()
def status(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the range lists of this workspace, and which of them have expired.

    Example: vedette -w ws refs status
    """
    from vedette.events.store import lists

    session = doors.session(context, json=json)
    found = lists.status(session.store)
    _show(session, found, "Address references")
    if not session.json:
        for line in _missing(found, session.clock.now().date().isoformat()):
            doors.say(session, line)


@app.command()
def fetch(
    context: typer.Context,
    here: Annotated[bool, typer.Option("--load/--no-load", help="Also load them into this workspace.")] = False,
    json: doors.JSON = False,
) -> None:
    """Get country and network ranges under open licences with npm into your cache; workspaces without any use them.

    Example: vedette refs fetch
    """
    import os

    from vedette.events import fetch as network
    from vedette.events.references.builtin import packages
    from vedette.events.references.cache import cache_folder

    session = doors.session(context, json=json)
    folder = cache_folder(os.environ, Path.home())
    paths = network.fetch(folder, told=doors.warn)
    rows = [
        {
            "package": item.name,
            "version": item.version,
            "licence": item.licence,
            "file": str(path),
            "attribution": item.attribution,
        }
        for item, path in zip(packages(), paths, strict=True)
    ]
    doors.emit(session, rows, columns=["package", "version", "licence", "attribution"], title="Fetched and verified")
    if here:
        from vedette.events.store import lists

        lists.load(session.store, session.principal, paths, clock=session.clock)
        doors.say(session, "Loaded into this workspace")


def _show(session: doors.Session, lists: tuple[ReferenceList, ...], title: str) -> None:
    today = session.clock.now().date().isoformat()
    rows = [_row(item, today) for item in lists]
    doors.emit(session, rows, columns=_COLUMNS, title=title, empty="No range lists are loaded.")


def _row(item: ReferenceList, today: str) -> dict[str, object]:
    from vedette.events.store.lists import loaded_on

    return {
        "name": item.name,
        "kind": item.kind.value,
        "rows": item.rows,
        "version": item.version,
        "loaded": loaded_on(item),
        "expires": item.expires,
        "state": "in force" if item.in_force(today) else "expired",
        "attribution": item.attribution,
        "file": item.file,
        "content_hash": item.content_hash,
    }


def _missing(lists: tuple[ReferenceList, ...], today: str) -> list[str]:
    """What cannot be said of addresses with the lists in force, and what would mend it."""
    kinds = {item.kind.value for item in lists if item.in_force(today)}
    lines = []
    if "country" not in kinds:
        lines.append("No country list is in force: run `vedette refs fetch`, or `vedette refs load FILE`.")
    if not kinds & {"class", "asn_class"}:
        lines.append("No list of VPN, hosting or Tor ranges is in force: the class of every address is unknown.")
    return lines
