"""On the command line: build the education kit, and keep the register of who completed its course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors
from vedette.conference.education.model import KitError

app = typer.Typer(help="Build material that teaches, and register who completed its course.", no_args_is_help=True)

_KIT_COLUMNS = ("language", "documents", "files", "measure", "hardest", "value", "limit")


@app.command()
def build(
    context: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write; one folder a language in it.")
    ],
    lang: Annotated[
        str, typer.Option(metavar="CODES", help="Languages with commas between; all where not given.")
    ] = "",
    topic: Annotated[
        str, typer.Option(metavar="CATEGORY", help="A category of the control lists for the briefs.")
    ] = "",
    json: doors.JSON = False,
) -> None:
    """Build the education kit: pages, PDF and editable sources, from the policy rules as they stand today.

    A folder that holds files which are not the kit's own, or were edited since, is left as it is.

    Example: vedette education build -o kit --lang en,ko
    """
    from vedette.conference.education.build import build as make
    from vedette.conference.education.build import summary
    from vedette.conference.education.content import chosen
    from vedette.conference.education.write import write

    session = doors.session(context, json=json)
    kit = make(chosen(lang), clock=session.clock, topic=topic)
    count = write(kit, output)
    doors.emit(session, summary(kit), columns=_KIT_COLUMNS)
    for note in kit.notes:
        doors.warn(note)
    doors.say(session, f"{count} files written; open {output / 'index.html'}")


_REGISTER_COLUMNS = ("file", "outcome", "person", "right_answers", "questions", "expires_on", "problem")
_COMPLETION_COLUMNS = ("completed_on", "person", "language", "right_answers", "questions", "expires_on", "counts")


@app.command()
def register(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Statements of completion, as the quiz page saves them.")],
    valid_days: Annotated[int, typer.Option(min=1, max=3660, help="How many days a completion counts.")] = 365,
    json: doors.JSON = False,
) -> None:
    """Enter statements of completion; their answers are marked again. A name is kept only where its owner agreed.

    Example: vedette education register completion.json
    """
    session = doors.session(context, json=json)
    rows = [_registered(session, path, valid_days) for path in files]
    doors.emit(session, rows, columns=_REGISTER_COLUMNS)
    if any(row["outcome"] == "refused" for row in rows):
        raise typer.Exit(1)


def _registered(session: doors.Session, path: Path, valid_days: int) -> dict[str, Any]:
    from vedette.conference.education import store
    from vedette.conference.education.statement import expiry, read_statement

    session.store  # noqa: B018  # without a workspace no file is worth reading
    today = session.clock.now().date()
    try:
        with path.open("rb") as opened:
            statement = read_statement(opened.read(65_537), str(path))
        until = expiry(statement, today, valid_days, str(path))
    except KitError as fault:
        return {"file": str(path), "outcome": "refused", "problem": fault.problem, "remedy": fault.remedy}
    except OSError as fault:
        return {"file": str(path), "outcome": "refused", "problem": fault.strerror or str(fault)}
    entered = store.register(session.store, session.principal, statement, until, clock=session.clock)
    return {"file": str(path), "outcome": "registered", **entered.as_json(today)}


@app.command()
def completions(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the register: who completed the course, when, and until when it counts.

    Example: vedette education completions
    """
    from vedette.conference.education import store

    session = doors.session(context, json=json)
    today = session.clock.now().date()
    rows = [entry.as_json(today) for entry in store.completions(session.store)]
    doors.emit(session, rows, columns=_COMPLETION_COLUMNS, empty="Nobody is registered.")


@app.command()
def forget(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="The name or e-mail that the person entered.")] = "",
    expired: Annotated[bool, typer.Option("--expired", help="Delete every entry that no longer counts.")] = False,
    json: doors.JSON = False,
) -> None:
    """Delete a person's entries on request, or all that have expired.

    Example: vedette education forget --expired
    """
    from vedette.conference.education import store

    session = doors.session(context, json=json)
    if bool(person.strip()) == expired:
        raise typer.BadParameter("name a person, or give --expired, one of the two")
    if expired:
        count = store.forget_expired(session.store, session.principal, clock=session.clock)
    else:
        count = store.withdraw(session.store, session.principal, person, clock=session.clock)
    doors.emit(session, [{"deleted": count}], columns=("deleted",))
