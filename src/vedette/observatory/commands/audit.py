"""`vedette observatory audit`, `strategies` and `recall`: what others' corpora are worth, and what searches miss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.observatory.commands.group import app

_FORMS = ("wos", "scopus", "pubmed", "openalex")
_LINES = ("country", "claimed", "supported", "contradicted", "undecided", "published", "verdict", "reason")


@app.command()
def audit(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="Counts (year, partner, works), addresses with codes, or a publication file.")
    ],
    focus: Annotated[str, typer.Option(help="The country that a file of counts is about, ISO 3166 alpha-2.")] = "KP",
    json: doors.JSON = False,
) -> None:
    """Audit a corpus that others made: country codes against address evidence, counts against published studies.

    The answer is one line: {corpus, kind, records, verdict (reliable | unreliable | not judged), reasons, lines, examples}.

    Example: vedette observatory audit openalex-works.jsonl.gz
    """
    from vedette.institutions import open_desk
    from vedette.observatory.audit_corpus import audit as examine

    session = doors.session(context, json=json)
    desk = open_desk(session.store if session.workspace_exists else None)
    found = examine(file, desk.resolve, focus=focus.upper())
    if json:
        doors.emit(session, [found.as_json()], columns=())
        return
    doors.emit(
        session, [line.as_json() for line in found.lines], columns=_LINES, title=f"{found.corpus}: {found.verdict}"
    )
    for reason in found.reasons:
        doors.say(session, reason)


@app.command()
def strategies(
    context: typer.Context,
    country: Annotated[str, typer.Option(help="The country, ISO 3166 alpha-2.")] = "KP",
    query: Annotated[str, typer.Option("--for", help="Also write queries for wos, scopus, pubmed or openalex.")] = "",
    json: doors.JSON = False,
) -> None:
    """Show ways to search for a country's publications: its name, towns, institutions, domain and postcodes.

    Example: vedette observatory strategies --for scopus
    """
    from vedette.observatory.search import as_rows, known

    if query and query not in _FORMS:
        raise typer.BadParameter(f"{query!r} is none of {', '.join(_FORMS)}", param_hint="--for")
    session = doors.session(context, json=json)
    found = known(country.upper(), session.store if session.workspace_exists else None)
    columns = ("strategy", "query" if query else "terms", "blind_spots")
    doors.emit(session, as_rows(found, query), columns=columns, empty="No terms are known for this country.")


@app.command()
def recall(
    context: typer.Context,
    country: Annotated[str, typer.Option(help="The country, ISO 3166 alpha-2.")] = "KP",
    lists: Annotated[
        list[str] | None,
        typer.Option("--list", metavar="NAME=FILE", help="Ids that one search brought, one a line; give two or more."),
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Estimate how much searches find, by capture and recapture between strategies, with 95 % intervals and doubts.

    Over the works held (after build), or over lists of ids of your own searches.

    Example: vedette observatory recall --list city=by-city.txt --list name=by-name.txt
    """
    from vedette.observatory.search import of_corpus, of_lists

    session = doors.session(context, json=json)
    found = of_lists(lists) if lists else of_corpus(session.store, country.upper())
    rows = list(found.rows())
    if json:
        doors.emit(session, rows, columns=())
        return
    shares = [row for row in rows if row["row"] == "strategy"]
    doors.emit(session, shares, columns=("strategy", "found", "recall_low", "recall", "recall_high"))
    pairs = [row for row in rows if row["row"] == "pair"]
    doors.emit(session, pairs, columns=("a", "b", "found_a", "found_b", "both", "estimate", "low", "high", "doubts"))
    last = rows[-1]
    doors.emit(session, [last], columns=("found", "estimate", "low", "high", "recall_low", "recall", "recall_high"))
    for doubt in found.doubts:
        doors.say(session, doubt)
