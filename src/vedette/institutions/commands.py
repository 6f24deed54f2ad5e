"""On the command line: load registries of institutions, show them, resolve affiliations."""

from __future__ import annotations

import json as to_json
from collections.abc import Iterator, Sequence
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.institutions.load import LoadResult

app = typer.Typer(help="Load registries of institutions; resolve affiliations.", no_args_is_help=True)

_COLUMNS = ("registry", "version", "outcome", "organisations", "names", "refused")
_STATUS_COLUMNS = ("registry", "version", "in_force", "organisations", "names", "loaded_at")
_SHOWN_REFUSED = 5


@app.command()
def load(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="The ROR dump (zip, JSON, JSON lines) or a table of your own.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="What the registry is called here.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Take one that the guards refuse; needs --reason.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is forced; recorded in the audit log.")] = "",
    json: doors.JSON = False,
) -> None:
    """Load registries. Empty, malformed or shrunken ones are refused, and the version in force stays.

    A list of institutions of concern that the lists know (Section 1286, Entity List and others) is loaded there.

    Example: vedette institutions load v1.70-2025-08-26-ror-data.zip
    """
    from vedette.institutions.cache import refresh
    from vedette.institutions.load import load as take

    session = doors.session(context, json=json)
    own, lists = _sorted(paths)
    results: Sequence[LoadResult] = ()
    if own:
        results = take(
            session.store, session.principal, own, clock=session.clock, name=name, force=force, reason=reason
        )
    rows = [*map(_row, results), *_load_lists(session, lists, force=force, reason=reason)]
    doors.emit(session, rows, columns=_COLUMNS)
    for result in results:
        _report(session, result)
    if any(result.outcome == "loaded" for result in results):
        refresh(session.store)
    if any(row["outcome"] == "refused" for row in rows):
        raise typer.Exit(1)


def _sorted(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """Registries, and files that are sanctions lists."""
    from vedette.institutions.load import recognised
    from vedette.watchlists import ListError, recognise
    from vedette.watchlists.intake import read_piece

    own: list[Path] = []
    lists: list[Path] = []
    for path in paths:
        try:
            is_list = not recognised(path) and bool(recognise(read_piece(path)))
        except ListError:
            is_list = False
        (lists if is_list else own).append(path)
    return own, lists


def _load_lists(session: doors.Session, paths: list[Path], *, force: bool, reason: str) -> Iterator[dict[str, Any]]:
    from vedette import watchlists

    if not paths:
        return
    results = watchlists.load(session.store, session.principal, paths, clock=session.clock, force=force, reason=reason)
    for result in results:
        yield {
            "registry": result.list_id,
            "version": result.version.version if result.version else None,
            "outcome": result.outcome.value,
            "file": result.files,
            "organisations": result.version.entries if result.version else 0,
            "names": result.version.names if result.version else 0,
            "refused": 0,
            "problem": result.problem or None,
            "remedy": result.remedy or None,
        }


def _row(result: LoadResult) -> dict[str, Any]:
    version = result.version
    return {
        "registry": version.registry if version else None,
        "version": version.version if version else None,
        "outcome": result.outcome,
        "file": result.file,
        "organisations": version.organisations if version else 0,
        "names": version.names if version else 0,
        "previous": result.previous or None,
        "ignored": dict(result.ignored),
        "refused": len(result.refused),
        "problem": result.problem or None,
        "remedy": result.remedy or None,
    }


def _report(session: doors.Session, result: LoadResult) -> None:
    for what, count in result.ignored.items():
        doors.say(session, f"{count:,} {what}: ignored")
    for item in result.refused[:_SHOWN_REFUSED]:
        doors.warn(f"{result.file}:{item.line}: {item.reason}")
    if result.problem:
        doors.warn(f"refused: {result.problem}. {result.remedy}")


@app.command()
def status(context: typer.Context, json: doors.JSON = False) -> None:
    """Show which registries are loaded, and every version kept.

    Example: vedette institutions status
    """
    from vedette.institutions.store import versions

    session = doors.session(context, json=json)
    rows = [
        {
            "registry": version.registry,
            "version": version.version,
            "in_force": version.in_force,
            "organisations": version.organisations,
            "names": version.names,
            "loaded_at": version.loaded_at,
            "forced": version.forced,
        }
        for version in versions(session.store)
    ]
    doors.emit(session, rows, columns=_STATUS_COLUMNS, empty="No registry is loaded; the shipped rows are in force.")


@app.command()
def resolve(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Affiliations, one a line; gzip allowed; - for standard input.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the answers here instead.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Accept only what is very probable.")] = False,
    json: doors.JSON = False,
) -> None:
    """Resolve affiliations: one JSON line for each input line, in order, also when nothing matches.

    {query, matches: [{id, name, score, relation}], country: {code, evidence}, abstained, listed, explanation}. No match means
    "not known", never "no institution". The country is a code, "ambiguous", or null; nothing is read from persons' names.

    Example: vedette institutions resolve affiliations.txt -o resolved.jsonl
    """
    from vedette.institutions import open_desk
    from vedette.institutions.crew import resolved
    from vedette.institutions.lines import lines

    session = doors.session(context, json=json)
    desk = open_desk(session.store if session.workspace_exists else None)
    tally = {"lines": 0, "matched": 0, "problem": 0}
    with doors.sink(output) as out, doors.progress(session, "Resolving") as bar:
        told, asked = tee(lines(file))
        answers = resolved(desk, (line.text for line in asked if not line.problem), strict=strict)
        for line in told:
            answer = _unread(line.text, line.problem) if line.problem else next(answers).as_json()
            tally["lines"] += 1
            tally["matched"] += not answer["abstained"]
            tally["problem"] += bool(line.problem)
            out.write(to_json.dumps(answer, ensure_ascii=False) + "\n")
            bar.advance()
    against = ", ".join(desk.labels) or "the shipped institutions of the DPRK only: load a registry first"
    doors.warn(f"{tally['lines']:,} affiliations, {tally['matched']:,} resolved, against {against}")
    if tally["problem"]:
        doors.warn(f"{tally['problem']:,} lines could not be read; each says why in its explanation")


def _unread(text: str, problem: str) -> dict[str, Any]:
    from vedette.institutions import Resolution

    return {**Resolution(query=text, explanation=(problem,)).as_json(), "error": problem}
