"""Follow blind hits up: ask, answer, open with two people; see how much was asked."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.sharing.blind.commands.files import PURPOSE, approver, officer

app = typer.Typer(
    help="Follow blind hits up: ask, answer, open with two people.\n\nExample: vedette share blind hits",
    no_args_is_help=True,
)


@app.command("hits")
def hits_(context: typer.Context, json: doors.JSON = False) -> None:
    """Show what was found, and what was withdrawn since.

    Example: vedette share blind hits
    """
    from vedette.sharing.blind.match import hits

    session = doors.session(context, json=json)
    columns = ("hit", "ref", "state", "found_at", "withdrawn_at")
    doors.emit(session, hits(session.store), columns=columns, empty="Nothing was found.")


@app.command()
def ask(
    context: typer.Context,
    hit: Annotated[str, typer.Argument(help="The hit, as `share match` named it.")],
    json: doors.JSON = False,
) -> None:
    """Ask about a hit through the relay. The relay then knows that this house holds the identifier, not which it is.

    Example: vedette share blind ask bht_3k5v
    """
    from vedette.sharing.blind.fetch import Http
    from vedette.sharing.blind.store import hits, own_epoch
    from vedette.sharing.blind.unmask import UnknownQuestion
    from vedette.sharing.blind.unmask import ask as run

    session = doors.session(context, json=json)
    found = next((item for item in hits(session.store) if item["hit_id"] == hit), None)
    if found is None:
        raise UnknownQuestion("no hit of this id", remedy="See `vedette share blind hits`")
    with Http() as wire:
        run(
            session.store,
            officer(session),
            own_epoch(session.store, found["epoch_id"]),
            hit,
            wire,
            clock=session.clock,
        )
    doors.emit(session, [{"hit": hit, "state": "passed on"}], columns=("hit", "state"))


@app.command()
def asked(context: typer.Context, purpose: PURPOSE = "adverse-decision", json: doors.JSON = False) -> None:
    """Fetch and show what others ask about this house's own tags.

    Example: vedette share blind asked
    """
    from vedette.sharing.blind.epochs import current
    from vedette.sharing.blind.fetch import Http
    from vedette.sharing.blind.unmask import fetch_questions, questions

    session = doors.session(context, json=json)
    own = current(session.store, purpose, now=session.clock.now())
    with Http() as wire:
        fetch_questions(session.store, officer(session), own, wire, clock=session.clock)
    columns = ("question", "asker", "asked_at", "state")
    doors.emit(session, questions(session.store), columns=columns, empty="Nobody asks.")


@app.command()
def unmask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, as `share blind asked` named it.")],
    json: doors.JSON = False,
) -> None:
    """Open a question to the case behind it: first asks for a second person, then, once that person agreed, tells the case.

    Example: vedette share blind unmask bqu_3k5v-mine
    """
    from vedette.sharing.blind.store import own_epoch, questions
    from vedette.sharing.blind.unmask import UnknownQuestion
    from vedette.sharing.blind.unmask import unmask as run

    session = doors.session(context, json=json)
    found = next((item for item in questions(session.store) if item["question_id"] == question), None)
    if found is None:
        raise UnknownQuestion("no question of this id", remedy="See `vedette share blind asked`")
    own = own_epoch(session.store, found["epoch_id"])
    done = run(session.store, officer(session), own, question, clock=session.clock)
    doors.emit(session, [done.as_json()], columns=("question", "asker", "state", "case_id"))


@app.command()
def agree(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question that somebody wants to open.")],
    no: Annotated[bool, typer.Option("--no", help="Disagree instead.")] = False,
    json: doors.JSON = False,
) -> None:
    """Agree, as the second person, that a question is opened.

    Example: vedette share blind agree bqu_3k5v-mine
    """
    from vedette.sharing.blind.unmask import agree as run

    session = doors.session(context, json=json)
    answered = run(session.store, approver(session), question, yes=not no, clock=session.clock)
    doors.emit(session, [{"question": question, "state": answered.state.value}], columns=("question", "state"))


@app.command()
def queries(context: typer.Context, json: doors.JSON = False) -> None:
    """Show how much each member has asked of this house. Counts only: what was asked about nobody can tell.

    Example: vedette share blind queries
    """
    from vedette.sharing.blind.store import asked as run

    session = doors.session(context, json=json)
    columns = ("epoch_id", "sender", "requests", "elements", "last")
    doors.emit(session, run(session.store), columns=columns, empty="Nobody has asked.")
