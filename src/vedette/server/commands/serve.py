"""Terminal: start the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.server.serve import Plan


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes. More than one suits PostgreSQL.")] = 1,
    certificate: Annotated[str | None, typer.Option(help="PEM file with the certificate for TLS.")] = None,
    private_key: Annotated[str | None, typer.Option(help="PEM file with its private key.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front ends TLS; listen beyond this machine without it.")
    ] = False,
    rate: Annotated[
        float, typer.Option(min=0, help="Requests a second that each key may send; 0 sets no limit.")
    ] = 300,
) -> None:
    """Answer over HTTP until stopped: sign-up decisions, screening, lists and findings.

    Example: vedette -w ws serve --port 8080
    """
    from vedette.server.serve import Plan

    session = doors.session(context)
    plan = Plan(
        workspace=str(session.workspace),
        host=host,
        port=port,
        workers=workers,
        behind_proxy=behind_proxy,
        certificate=certificate,
        key=private_key,
        requests_per_second=rate,
    )
    start(session, plan)


def start(session: doors.Session, plan: Plan) -> None:
    """Serve a workspace until stopped; says where, and prints the link of the first administrator while there is nobody."""
    from vedette.server.serve import serve as run

    plan.check()
    token = _first_invitation(session)

    def announce(bound: int) -> None:
        address = plan.address(bound)
        if token is not None:
            doors.warn("Nobody can sign in yet. This link, good once and for a day, makes the first administrator:")
            doors.warn(f"{address}/welcome/{token}")
        doors.warn(f"Listening on {address} ; its API document is {address}/v1/openapi.json . Stop with Ctrl-C.")
        doors.warn(f"A key for a program: vedette -w {session.workspace} keys new --scope verify --expires 90d")

    if not run(plan, announce):
        raise typer.Exit(1)


def _first_invitation(session: doors.Session) -> str | None:
    """The token that makes the first administrator, where there is nobody yet."""
    from vedette.doors.access import first_invitation

    token = first_invitation(session.store, session.principal, clock=session.clock)
    session.close()
    return token
