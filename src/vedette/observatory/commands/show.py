"""`vedette observatory show`: the numbers behind the figures, and the addresses on which they hang."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors
from vedette.observatory.commands.group import app

if TYPE_CHECKING:
    from vedette.observatory.window import Window
    from vedette.store import Store

_WHAT = ("years", "partners", "institutions", "network", "ranks", "works", "open", "inputs")


@app.command()
def show(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="years, partners, institutions, network, ranks, works, open or inputs.")],
    country: Annotated[str, typer.Option(help="The country, ISO 3166 alpha-2.")] = "KP",
    begin: Annotated[int, typer.Option("--from", help="From this year on; works without a year drop out.")] = 0,
    end: Annotated[int, typer.Option("--to", help="Up to and with this year.")] = 9999,
    since: Annotated[datetime | None, typer.Option(help="Only works first seen from this moment on, UTC.")] = None,
    json: doors.JSON = False,
) -> None:
    """Show counts by year, partner country, institution, pairs, ranks, the works themselves, or the files taken in.

    `open` lists the addresses that nobody could decide, the most works first: look at them before you publish a number.

    Example: vedette observatory show partners --from 2017 --to 2023
    """
    from vedette.observatory.window import Window

    if what not in _WHAT:
        raise typer.BadParameter(f"{what!r} is none of {', '.join(_WHAT)}", param_hint="WHAT")
    session = doors.session(context, json=json)
    moment = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since
    window = Window(country=country.upper(), begin=begin, end=end, since=moment)
    rows = _rows(session.store, what, window)
    if not json:
        rows = [{name: _year(value) if name in _YEARS else value for name, value in row.items()} for row in rows]
    columns = [name for name in rows[0] if name not in _LONG] if rows else []
    doors.emit(
        session, rows, columns=columns, empty="Nothing. Import publications, then run `vedette observatory build`."
    )


_YEARS = frozenset(("year", "first", "last", "years"))
_LONG = frozenset(("abstract", "titles", "work_id", "sha256"))


def _year(value: Any) -> str:
    """Years are no amounts: they bear no separators."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _rows(store: Store, what: str, window: Window) -> list[dict[str, Any]]:
    from vedette.observatory import results

    ways: Mapping[str, Callable[[], Any]] = {
        "years": lambda: results.yearly(store, window),
        "partners": lambda: results.partners(store, window),
        "institutions": lambda: results.institutions(store, window),
        "network": lambda: results.network(store, window),
        "ranks": lambda: results.ranks(store, window),
        "works": lambda: results.works(store, window),
        "open": lambda: results.open_addresses(store, window),
        "inputs": lambda: results.inputs(store),
    }
    return [asdict(item) for item in ways[what]()]
