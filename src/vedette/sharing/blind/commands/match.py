"""Ask blindly about a file of identifiers, or compare two lists once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors
from vedette.sharing.blind.commands.files import PURPOSE, WORKERS, bytes_of, officer, write


class Psi(StrEnum):
    """The three steps of a one-off comparison of two lists."""

    ASK = "ask"
    ANSWER = "answer"
    FINISH = "finish"


def match(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="Identifiers: CSV or JSON lines with kind, value, country, ref; - for input.")
    ],
    purpose: PURPOSE = "adverse-decision",
    workers: WORKERS = 2,
    psi: Annotated[Psi | None, typer.Option(help="A step of a one-off list against list instead.")] = None,
    message: Annotated[Path | None, typer.Option(help="With --psi: the other side's message.")] = None,
    secret: Annotated[Path | None, typer.Option(help="With --psi: where the asker's secret is kept.")] = None,
    agreed: Annotated[int, typer.Option(help="With --psi answer: how many identifiers were agreed on.")] = 0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="With --psi: where the message goes.")] = None,
    json: doors.JSON = False,
) -> None:
    """Ask the members of the open epoch whether any of them holds a finding on these identifiers, without telling which.

    One answer for each line, in order: {line, kind, ref, held, explanation, hit}. held is null where a line cannot be asked.
    A hit is a reason to ask through the relay, never to act.

    Example: vedette share match customers.csv
    """
    from vedette.sharing.blind.compute import workers as pool
    from vedette.sharing.blind.epochs import current
    from vedette.sharing.blind.fetch import Http
    from vedette.sharing.blind.lines import read
    from vedette.sharing.blind.match import match as run

    session = doors.session(context, json=json)
    queries = read(file)
    if psi is not None:
        _one_off(session, psi, queries, message=message, secret=secret, agreed=agreed, output=output)
        return
    own = current(session.store, purpose, now=session.clock.now())
    with doors.progress(session, "Asking", len(queries)) as bar, Http() as wire, pool(workers, len(queries)) as spread:
        found = run(
            session.store,
            officer(session),
            own,
            queries,
            wire,
            clock=session.clock,
            spread=spread,
            advance=bar.advance,
        )
    doors.emit(session, [item.as_json() for item in found], columns=("line", "kind", "ref", "held", "explanation"))


def _one_off(
    session: doors.Session,
    step: Psi,
    queries: list[Any],
    *,
    message: Path | None,
    secret: Path | None,
    agreed: int,
    output: Path | None,
) -> None:
    from vedette.audit import writing
    from vedette.sharing.blind import psi
    from vedette.sharing.blind.identifiers import normal

    items = [f"{item.kind}:{normal(item.kind, item.value, item.country)}" for item in queries]
    if step is Psi.ASK:
        kept, sent = psi.request(items)
        write(_need(secret, "--secret"), kept)
        write(_need(output, "--output"), sent)
    elif step is Psi.ANSWER:
        write(_need(output, "--output"), psi.answer(items, bytes_of(_need(message, "--message")), agreed))
    else:
        places = psi.finish(bytes_of(_need(secret, "--secret")), items, bytes_of(_need(message, "--message")))
        both = set(places)
        rows = [{"line": n + 1, "kind": q.kind, "ref": q.ref, "held": n in both} for n, q in enumerate(queries)]
        doors.emit(session, rows, columns=("line", "kind", "ref", "held"))
    with writing(session.store, officer(session), f"sharing.psi.{step.value}", clock=session.clock) as act:
        act.fact("identifiers", len(items))


def _need(path: Path | None, option: str) -> Path:
    if path is None:
        raise typer.BadParameter(f"this step needs {option}")
    return path
