"""Terminal: make, list and revoke the keys with which programs come in."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.server.commands.people import administrator

keys = typer.Typer(help="Make, list and revoke keys for programs.", no_args_is_help=True)


@keys.command()
def new(
    context: typer.Context,
    scope: Annotated[
        list[str], typer.Option(help="What it may do: verify, match, events, read, audit, metrics, admin. Repeat it.")
    ],
    expires: Annotated[str, typer.Option(help="Days until it closes, at most 366d.")] = "90d",
    owner: Annotated[str, typer.Option(help="The service or team that holds it.")] = "unnamed",
    json: doors.JSON = False,
) -> None:
    """Make a key and show its secret once. Only a hash of it is kept.

    Example: vedette -w ws keys new --scope verify --expires 90d --owner signup-service
    """
    from vedette.doors.keys import read_lifetime, read_owner, read_scopes
    from vedette.doors.store import make_key

    session = doors.session(context, json=json)
    key, secret = make_key(
        session.store,
        administrator(session),
        owner=read_owner(owner),
        scopes=read_scopes(scope),
        lifetime=read_lifetime(expires),
        clock=session.clock,
    )
    row = {**key.as_json(session.clock.now()), "secret": secret.written}
    if session.json:
        doors.emit(session, [row], columns=[])
        return
    doors.say(session, secret.written)
    doors.warn(
        f"Keep it now: it is shown once. Key {key.id}, scopes {doors.shown(row['scopes'])}, until {key.expires_at}."
    )


@keys.command("list")
def list_keys(context: typer.Context, json: doors.JSON = False) -> None:
    """Every key ever made, without its secret.

    Example: vedette -w ws keys list
    """
    from vedette.doors.store import keys as known

    session = doors.session(context, json=json)
    now = session.clock.now()
    doors.emit(
        session,
        [key.as_json(now) for key in known(session.store)],
        columns=["id", "owner", "scopes", "state", "created_at", "expires_at", "last_used_on"],
        title="Keys",
        empty="No key was made. Make one: vedette keys new --scope verify --expires 90d",
    )


@keys.command()
def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a key, as `vedette keys list` gives it.")],
    json: doors.JSON = False,
) -> None:
    """Close a key for good. A running service takes it for two more seconds at most.

    Example: vedette -w ws keys revoke k3j5abcdef
    """
    from vedette.doors.store import revoke_key

    session = doors.session(context, json=json)
    key = revoke_key(session.store, administrator(session), key_id, clock=session.clock)
    doors.emit(session, [key.as_json(session.clock.now())], columns=["id", "owner", "state", "revoked_at"])


@keys.command()
def vendor(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A verification vendor, such as sumsub; the secret is read from stdin.")],
    json: doors.JSON = False,
) -> None:
    """Keep the secret with which a verification vendor signs its messages to /v1/evidence.

    Example: vedette -w ws keys vendor sumsub < secret.txt
    """
    import sys

    from vedette.accounts.webhook import keep_secret

    session = doors.session(context, json=json)
    keep_secret(session.store, administrator(session), name, sys.stdin.read(1_000), clock=session.clock)
    doors.emit(session, [{"vendor": name, "kept": True}], columns=["vendor", "kept"])
