"""Terminal: time stamps of the log by an outside authority; nothing is sent by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors

stamp = typer.Typer(
    help="Let a time-stamping authority date the log.\n\nExample: vedette audit stamp request -o ask.tsq",
    no_args_is_help=True,
)


@stamp.command()
def request(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write (DER).")],
    json: doors.JSON = False,
) -> None:
    """Write the RFC 3161 request to stamp the newest checkpoint. Send it to an authority by any means.

    Example: vedette audit stamp request -o ask.tsq
    """
    from vedette.audit.stamp import request as ask

    session = doors.session(context, json=json)
    output.write_bytes(ask(session.store))
    doors.emit(session, [{"file": str(output)}], columns=["file"])


@stamp.command()
def add(
    context: typer.Context,
    response: Annotated[Path, typer.Argument(help="The authority's response (DER).")],
    ca: Annotated[Path, typer.Option(help="Certificates that you trust, PEM.")],
    json: doors.JSON = False,
) -> None:
    """Verify a response and keep it; exports carry it. Exit 1 where it does not stamp the newest checkpoint of this log.

    Example: vedette audit stamp add answer.tsr --ca authority.pem
    """
    from vedette.audit.stamp import add as take

    session = doors.session(context, json=json)
    size, moment = take(session.store, session.principal, response.read_bytes(), ca.read_bytes(), clock=session.clock)
    doors.emit(session, [{"leaves": size, "stamped_at": moment}], columns=["leaves", "stamped_at"])
