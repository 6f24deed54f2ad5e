"""Agree on an epoch of blind matching, publish in it, end it."""

from __future__ import annotations

import json as to_json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors
from vedette.sharing.blind.commands.files import PURPOSE, WORKERS, bytes_of, officer, write

if TYPE_CHECKING:
    from vedette.sharing.blind.store import Own

app = typer.Typer(
    help="Agree on an epoch of blind matching, publish in it, end it.\n\nExample: vedette share epoch list",
    no_args_is_help=True,
)
_COLUMNS = ("epoch", "purpose", "label", "name", "state", "members", "relay", "closes")


@app.command()
def join(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="This house's name in the group.")],
    url: Annotated[str, typer.Option(help="Where this house answers: the address of `vedette serve`.")],
    label: Annotated[str, typer.Option(help="Which epoch, such as 2026-12.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file for the relay.")],
    purpose: PURPOSE = "adverse-decision",
    json: doors.JSON = False,
) -> None:
    """Make this house's keys for a coming epoch, and the file that states its part.

    Example: vedette share epoch join --name acme --url https://acme.example --label 2026-12 -o acme.json
    """
    from vedette.sharing.blind.epochs import join as run

    session = doors.session(context, json=json)
    made = run(session.store, officer(session), purpose=purpose, label=label, name=name, url=url, clock=session.clock)
    write(output, to_json.dumps(made.as_json(), indent=1).encode() + b"\n")
    doors.emit(session, [{"file": str(output), "share_key": made.share_key}], columns=("file", "share_key"))


@app.command("open")
def open_(
    context: typer.Context,
    joins: Annotated[list[Path], typer.Argument(help="The files of every member.")],
    relay: Annotated[str, typer.Option(help="The member that keeps the combined tags.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The agreement, for every member.")],
    days: Annotated[int, typer.Option(help="How long it lasts.")] = 30,
    pairwise: Annotated[bool, typer.Option("--pairwise", help="Agree to fewer than five members.")] = False,
    round_minutes: Annotated[int, typer.Option(help="How often new tags appear; 0 for a pair.")] = -1,
    quota: Annotated[
        int, typer.Option(min=0, help="Elements a member may have evaluated by another; 0: the usual.")
    ] = 0,
    json: doors.JSON = False,
) -> None:
    """Put the members' files together to an agreement. Whoever does this learns nothing that the files do not say.

    Example: vedette share epoch open *.json --relay acme -o epoch.json
    """
    from vedette.sharing.blind.group import open_epoch, read_join

    session = doors.session(context, json=json)
    made = open_epoch(
        [read_join(bytes_of(path)) for path in joins],
        relay=relay,
        opens=session.clock.now(),
        days=days,
        pairwise=pairwise,
        round_minutes=round_minutes,
        quota=quota,
    )
    write(output, to_json.dumps(made.as_json(), indent=1).encode() + b"\n")
    row = {"epoch": made.id, "members": len(made.members), "closes": made.closes, "file": str(output)}
    doors.emit(session, [row], columns=tuple(row))


@app.command()
def accept(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The agreement that the relay sent.")],
    json: doors.JSON = False,
) -> None:
    """Accept an agreement, if this house's own keys stand in it. Compare the printed id with the other members'.

    Example: vedette share epoch accept epoch.json
    """
    from vedette.sharing.blind.epochs import accept as run
    from vedette.sharing.blind.group import read_epoch

    session = doors.session(context, json=json)
    own = run(session.store, officer(session), read_epoch(bytes_of(file)), clock=session.clock)
    doors.emit(session, [_row(own)], columns=_COLUMNS)


@app.command("list")
def list_(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the epochs that this house takes part in.

    Example: vedette share epoch list
    """
    from vedette.sharing.blind.store import owns

    session = doors.session(context, json=json)
    doors.emit(session, [_row(own) for own in owns(session.store)], columns=_COLUMNS, empty="No epoch was joined.")


@app.command()
def publish(
    context: typer.Context,
    purpose: PURPOSE = "adverse-decision",
    workers: WORKERS = 2,
    json: doors.JSON = False,
) -> None:
    """Bring this house's tags in step with its decisions: withdraw first, then add. Run it after every appeal and every day.

    Example: vedette share epoch publish
    """
    from vedette.sharing.blind.compute import workers as pool
    from vedette.sharing.blind.epochs import current, destroy_ended
    from vedette.sharing.blind.fetch import Http
    from vedette.sharing.blind.holdings import holdings
    from vedette.sharing.blind.publish import publish as run
    from vedette.sharing.blind.purposes import purpose as named

    session = doors.session(context, json=json)
    destroy_ended(session.store, officer(session), clock=session.clock)
    now = session.clock.now()
    own = current(session.store, purpose, now=now)
    size = len(holdings(session.store, named(purpose), now=now))
    with doors.progress(session, "Publishing", size) as bar, Http() as wire, pool(workers, size) as spread:
        done = run(session.store, officer(session), own, wire, clock=session.clock, spread=spread, advance=bar.advance)
    doors.emit(session, [done.as_json()], columns=("epoch_id", "held", "added", "withdrawn"))


@app.command("shut-out")
def shut_out(
    context: typer.Context,
    epoch_id: Annotated[str, typer.Argument(help="The epoch.")],
    member: Annotated[str, typer.Argument(help="The member that is answered no longer.")],
    json: doors.JSON = False,
) -> None:
    """Answer a member no longer, at once.

    Example: vedette share epoch shut-out bep_3k5v acme
    """
    from vedette.sharing.blind.epochs import shut_out as run

    session = doors.session(context, json=json)
    own = run(session.store, officer(session), epoch_id, member, clock=session.clock)
    doors.emit(session, [_row(own)], columns=_COLUMNS)


@app.command()
def destroy(
    context: typer.Context,
    epoch_id: Annotated[str, typer.Argument(help="The epoch.")],
    json: doors.JSON = False,
) -> None:
    """Destroy this house's key and every tag and hit of an epoch. It ends the epoch for everybody.

    Example: vedette share epoch destroy bep_3k5v
    """
    from vedette.sharing.blind.epochs import destroy as run

    session = doors.session(context, json=json)
    own = run(session.store, officer(session), epoch_id, clock=session.clock)
    doors.emit(session, [_row(own)], columns=_COLUMNS)


def _row(own: Own) -> dict[str, Any]:
    agreed = own.epoch
    return {
        "epoch": own.epoch_id or None,
        "purpose": own.purpose,
        "label": own.label,
        "name": own.name,
        "state": own.state,
        "members": len(agreed.members) if agreed else None,
        "relay": agreed.relay if agreed else None,
        "opens": agreed.opens if agreed else None,
        "closes": agreed.closes if agreed else None,
        "shut_out": sorted(own.revoked),
    }
