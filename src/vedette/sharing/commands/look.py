"""On the command line: look for watched indicators, show who this house is, and check a signed bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.sharing.commands.exchange import app


@app.command()
def watch(context: typer.Context, json: doors.JSON = False) -> None:
    """Look for accepted indicators among sign-ins and calls; a meeting becomes a weak finding for people.

    Example: vedette share watch
    """
    from vedette.sharing.watch import look

    session = doors.session(context, json=json)
    done = look(session.store, session.principal, clock=session.clock)
    row = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "withdrawn": done.withdrawn}
    doors.emit(session, [row], columns=list(row))


@app.command()
def whoami(context: typer.Context, json: doors.JSON = False) -> None:
    """Show this house's id and public key, which peers need to know its signature.

    Example: vedette share whoami
    """
    from vedette.sharing.house import house

    session = doors.session(context, json=json)
    own = house(session.store)
    doors.emit(
        session, [{"id": own.id, "name": own.name, "public_key": own.public}], columns=("id", "name", "public_key")
    )


@app.command()
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A signed bundle.")],
    log_key: Annotated[
        str, typer.Option(help="The sender's audit log key (Base64), as `vedette audit export` tells it.")
    ] = "",
    json: doors.JSON = False,
) -> None:
    """Check a signed bundle without taking it in: its signature, and that the sender's log holds the act that let it out.

    Example: vedette share check south.bundle.json --log-key 5Fz1hQ...
    """
    from vedette.sharing.proven import examine

    session = doors.session(context, json=json)
    row = examine(file, log_key)
    doors.emit(session, [row], columns=list(row))
