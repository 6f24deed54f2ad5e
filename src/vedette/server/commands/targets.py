"""Terminal: where messages about changes go, how far each has come, and sending them again."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.server.commands.people import administrator

targets = typer.Typer(help="Send messages about changes to other systems.", no_args_is_help=True)
_ID = Annotated[str, typer.Argument(metavar="ID", help="Id of a target.")]
_SHOWN = ["id", "kind", "url", "messages", "private", "created_by"]


@targets.command()
def add(
    context: typer.Context,
    target: _ID,
    url: Annotated[str, typer.Argument(help="https address that takes a POST; smtp://HOST:587 for email.")],
    kind: Annotated[str, typer.Option(help="webhook, ocsf, jira, servicenow, slack or email.")] = "webhook",
    message: Annotated[
        list[str] | None, typer.Option(help="A kind wanted, such as case.created; all where none is named. Repeat it.")
    ] = None,
    secret: Annotated[bool, typer.Option("--secret", help="Read a credential (user:token, token) from stdin.")] = False,
    private: Annotated[
        bool, typer.Option("--private", help="The address may lie inside the house, also without TLS.")
    ] = False,
    option: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE: project, type (Jira); scheme (OCSF); from, to (email); console. Repeat it."),
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Send messages from now on to an address. A webhook's secret is shown once; it signs every message.

    Example: vedette -w ws targets add siem https://siem.example.org/in --kind ocsf --secret < token.txt

    Example: vedette -w ws targets add post smtp://mail.example.org:587 --kind email --message case.escalated
    --option from=vedette@example.org --option to=bea@example.org --option console=https://vedette.example.org --secret < login.txt
    """
    import sys

    from vedette.server.outbox.pump import add_target

    session = doors.session(context, json=json)
    pairs = (text.partition("=") for text in option or ())
    made = add_target(
        session.store,
        administrator(session),
        target,
        kind,
        url,
        clock=session.clock,
        messages=message or (),
        secret=sys.stdin.read(2_000).strip() if secret else "",
        private=private,
        options={name: value for name, _, value in pairs},
    )
    shown = {"secret": made.secret} if kind == "webhook" and not secret else {}
    doors.emit(session, [{**made.as_json(), **shown}], columns=[*_SHOWN, *shown])


@targets.command("list")
def list_targets(context: typer.Context, json: doors.JSON = False) -> None:
    """Every target, without its secret.

    Example: vedette -w ws targets list
    """
    from vedette.server.store import targets as known

    session = doors.session(context, json=json)
    doors.emit(
        session,
        [one.as_json() for one in known(session.store)],
        columns=_SHOWN,
        title="Targets",
        empty="Nothing is sent anywhere. Make a target: vedette targets add ID URL",
    )


@targets.command()
def remove(context: typer.Context, target: _ID, json: doors.JSON = False) -> None:
    """Send nothing any longer to a target; messages on their way to it are dropped.

    Example: vedette -w ws targets remove siem
    """
    from vedette.server.outbox.pump import remove_target

    session = doors.session(context, json=json)
    dropped = remove_target(session.store, administrator(session), target, clock=session.clock)
    doors.emit(session, [{"target": target, "dropped": dropped}], columns=["target", "dropped"])


@targets.command()
def deliveries(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="waiting, sending, sent or dead.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    json: doors.JSON = False,
) -> None:
    """How far messages have come, with the reason where one was not taken.

    Example: vedette -w ws targets deliveries --state dead
    """
    from vedette.server.model import DeliveryState, OutboxError
    from vedette.server.store import find_deliveries

    session = doors.session(context, json=json)
    if state is not None and state not in list(DeliveryState):
        raise OutboxError("there is no such state", remedy=f"One of: {', '.join(DeliveryState)}")
    with session.store.database.reading() as connection:
        found = find_deliveries(connection, state=DeliveryState(state) if state else None, limit=limit)
    doors.emit(
        session,
        [one.as_json() for one in found],
        columns=["id", "target", "kind", "case_id", "state", "attempts", "next_at", "fault"],
        title="Deliveries",
        empty="None.",
    )


@targets.command()
def replay(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Deliveries; all dead ones where none.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Send deliveries again: dead ones, or those named, whatever became of them.

    Example: vedette -w ws targets replay
    """
    from vedette.server.outbox.pump import replay as again

    session = doors.session(context, json=json)
    count = again(session.store, administrator(session), ids or (), clock=session.clock)
    doors.emit(session, [{"again": count}], columns=["again"])


@targets.command()
def send(context: typer.Context, json: doors.JSON = False) -> None:
    """Send what is due now, once, without `vedette serve`, which does so by itself.

    Example: vedette -w ws targets send
    """
    from vedette.server.outbox.pump import Outbox

    session = doors.session(context, json=json)
    done = Outbox(session.store, session.clock).round()
    row = {"queued": done.queued, "sent": done.sent, "failed": done.failed}
    doors.emit(session, [row], columns=list(row))
