"""On the command line: ``vedette screen`` for a file of parties and ``vedette compare`` for names."""

from __future__ import annotations

import json as to_json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors
from vedette.base import VedetteError

if TYPE_CHECKING:
    from vedette.names import Kind
    from vedette.screening.index import Index
    from vedette.screening.parties import Asked

_MOST_REFUSED = 0.01
_MOST_LISTS = 5
_CHUNK = 1024


def screen(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Parties: CSV, JSON lines or FollowTheMoney entities; - for stdin.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the answers here instead.")] = None,
    threshold: Annotated[float, typer.Option(min=0.3, max=1.0, help="Show matches from this score on.")] = 0.7,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many matches a party.")] = 5,
    contradicted: Annotated[
        bool, typer.Option(help="Also show matches that a birth date or kind contradicts.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Screen a file of parties against the lists in force.

    Every input line gets one JSON line in the same order: {query_id, matches: [...]}, with an `error` where the line cannot
    be screened. An empty list of matches means "not found on the lists named at the end", never "clear". Each match has a
    score, the probability that it is the listed party, and what it calls for: hold, review, ask (with the question) or note.

    Columns: id (or query_id, account_id), name, name_native, kind, birth_date, country, address, email, phone,
    registration_number, tax_number, passport, website, wallet.

    Example: vedette screen customers.csv -o matches.jsonl
    """
    from vedette.screening.cache import open_index
    from vedette.screening.parties import parties

    session = doors.session(context, json=json)
    index = open_index(session.store)
    total = sum(1 for _ in parties(file)) if str(file) != "-" else None
    tally = {"parties": 0, "matched": 0, "refused": 0}
    with doors.sink(output) as out, doors.progress(session, "Screening", total) as bar:
        for asked, matches in _answers(parties(file), index, limit, threshold):
            shown = [m.as_json() for m in matches if m.score >= threshold or contradicted]
            tally["parties"] += 1
            tally["matched"] += bool(shown)
            tally["refused"] += asked.party is None
            out.write(to_json.dumps(_line(asked, shown), ensure_ascii=False) + "\n")
            bar.advance()
    _report(tally, index)


def _answers(asked: Iterable[Asked], index: Index, limit: int, threshold: float) -> Iterator[tuple[Asked, Any]]:
    """Each line with its matches; lines without a party have none."""
    from itertools import islice

    from vedette.screening.search import screen as search

    waiting = iter(asked)
    while chunk := list(islice(waiting, _CHUNK)):
        found = search((a.party for a in chunk if a.party), against=index, limit=limit, threshold=threshold)
        yield from ((a, next(found) if a.party else ()) for a in chunk)


def _line(asked: Asked, matches: list[dict[str, Any]]) -> dict[str, Any]:
    line: dict[str, Any] = {"query_id": asked.query_id, "matches": matches}
    if asked.problem:
        line["error"] = line["refused"] = asked.problem
    if asked.notes:
        line["notes"] = list(asked.notes)
    return line


def _report(tally: dict[str, int], index: Index) -> None:
    labels = [edition.label for edition in index.editions]
    many = f"{len(labels)} lists (`vedette lists status` names them)"
    lists = ", ".join(labels) if len(labels) <= _MOST_LISTS else many
    doors.warn(f"{tally['parties']:,} parties, {tally['matched']:,} with a match, against {lists}")
    if tally["refused"]:
        doors.warn(f"{tally['refused']:,} lines could not be screened; each says why under 'error'")
    if tally["refused"] > _MOST_REFUSED * tally["parties"]:
        raise VedetteError(
            f"{tally['refused']:,} of {tally['parties']:,} lines could not be screened",
            remedy="Correct them as their 'error' field says",
        )


def compare(
    context: typer.Context,
    left: Annotated[str | None, typer.Argument(help="One written name.")] = None,
    right: Annotated[str | None, typer.Argument(help="Another written name.")] = None,
    kind: Annotated[str, typer.Option(help="person, organization or unknown.")] = "unknown",
    pairs: Annotated[Path | None, typer.Option(help="CSV with the columns left, right and kind.")] = None,
    json: doors.JSON = False,
) -> None:
    """Say how much two written names speak for one bearer. Needs no workspace.

    A file of pairs gives one JSON line for each of its rows, in order.

    Examples: vedette compare "Kim Jong Un" 김정은 --kind person ; vedette compare --pairs pairs.csv
    """
    from vedette.screening.pairs import compared, compared_file

    if (pairs is None) == (left is None or right is None):
        raise typer.BadParameter("give two names, or --pairs FILE.csv")
    session = doors.session(context, json=json or pairs is not None)
    if pairs is not None:
        doors.emit(session, compared_file(pairs), columns=[])
        return
    row = compared(left or "", right or "", _kind(kind))
    if session.json:
        doors.emit(session, [row], columns=[])
    else:
        _explain(session, row)


def _explain(session: doors.Session, row: dict[str, Any]) -> None:
    doors.say(session, f"score {row['score']:.3f}   {row['bits']:+.1f} bits", style="bold")
    for reason in row["explanation"]:
        doors.say(session, f"- {reason}")


def _kind(word: str) -> Kind:
    from vedette.screening.pairs import kind_of

    found = kind_of(word)
    if found is None:
        raise typer.BadParameter("one of: person, organization, unknown", param_hint="--kind")
    return found
