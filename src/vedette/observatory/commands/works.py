"""`vedette observatory import`, `build` and `status`: files in, tables derived, and what is new since."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors
from vedette.observatory.commands.group import app

_COLUMNS = ("adapter", "read", "stored", "duplicates", "refused_count", "faults", "notes")


@app.command(name="import")
def import_works(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of publications; gzip allowed.")],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="The form of the files, where it is not to be recognised.")
    ] = "",
    resolve: Annotated[
        bool, typer.Option("--resolve/--no-resolve", help="Resolve the addresses of what came in at once.")
    ] = True,
    json: doors.JSON = False,
) -> None:
    """Take publications in: OpenAlex, Crossref, PubMed, BibTeX, RIS, Scopus, Web of Science, DBLP, Korean indexes.

    A row a file, and a last one for all: {adapter, read, stored, known, other, duplicates, refused}. What is stored are new
    works; records of works that are held count as duplicates, and what they tell is kept too.

    Example: vedette observatory import works.jsonl.gz savedrecs.txt
    """
    from vedette.observatory.intake import import_files
    from vedette.observatory.resolve import resolve_new
    from vedette.observatory.sums import total

    session = doors.session(context, json=json)
    with doors.progress(session, "Reading") as bar:
        intakes = import_files(
            session.store, session.principal, paths, clock=session.clock, source=source, advance=bar.advance
        )
    last = total(intakes, source or "publications")
    if resolve:
        with doors.progress(session, "Resolving") as bar:
            count = resolve_new(session.store, session.principal, clock=session.clock, advance=bar.advance)
        doors.say(session, f"{count:,} affiliation strings resolved, each once")
    rows = [item.as_json() for item in intakes] if len(intakes) != 1 else []
    doors.emit(session, [*rows, last.as_json()], columns=_COLUMNS)
    for item in intakes:
        for fault in item.faults:
            doors.warn(fault)
        for refusal in item.refused[:5]:
            doors.warn(f"{refusal.place}: {refusal.reason}. {refusal.remedy}")
    if any(item.faults for item in intakes) or last.failed():
        raise typer.Exit(1)


@app.command()
def build(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(help="Also show the works first seen from this day or time on, ISO 8601.")
    ] = None,
    country: Annotated[str, typer.Option(help="The country that --since looks at, ISO 3166 alpha-2.")] = "KP",
    json: doors.JSON = False,
) -> None:
    """Derive who publishes what with whom: distinct works, institutions and countries of their addresses. With --since, what is new.

    Example: vedette observatory build --since 2026-02-01
    """
    from vedette.observatory import results
    from vedette.observatory.build import build as make
    from vedette.observatory.window import Window

    session = doors.session(context, json=json)
    moment = _moment(since) if since else None
    with doors.progress(session, "Resolving") as bar:
        built = make(session.store, session.principal, clock=session.clock, advance=bar.advance)
    rows: list[dict[str, Any]] = []
    if moment is not None:
        window = Window(country=country.upper(), since=moment)
        rows = [_work(item) for item in results.works(session.store, window)]
        doors.emit(session, rows, columns=("year", "title", "countries", "sources"), empty="Nothing is new.")
    doors.emit(session, [{"row": "build", **built.as_json()}], columns=tuple(built.as_json()))
    if moment is not None:
        doors.say(session, f"{len(rows):,} works with an address in {country.upper()} are new since {since}")


def _work(item: Any) -> dict[str, Any]:
    return {
        "row": "new",
        "work_id": item.work_id,
        "year": item.year,
        "title": item.title,
        "doi": item.doi or None,
        "countries": list(item.countries),
        "sources": list(item.sources),
    }


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day or time such as 2026-02-01", param_hint="--since") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
