"""Terminal: houses that witness each other's audit logs, by files that are carried between them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vedette import doors

witness = typer.Typer(
    help="Let peers sign this log's checkpoints, and sign theirs.\n\nExample: vedette audit witness request -o ask",
    no_args_is_help=True,
)
_FILE = Annotated[Path, typer.Argument(help="File, or - for standard input.")]
_OUT = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else standard output.")]


class Kind(StrEnum):
    """What a known name is."""

    WITNESS = "witness"
    LOG = "log"


@witness.command()
def key(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the key of this log and the key under which this house witnesses, to give to peers.

    Example: vedette audit witness key --json
    """
    from vedette.audit.tiles import own_vkey
    from vedette.audit.witness import own_key

    session = doors.session(context, json=json)
    row = {"log": own_vkey(session.store), "witness_key": own_key(session.store)}
    doors.emit(session, [row], columns=["log", "witness_key"])


@witness.command()
def know(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="A witness of this log, or a log to be witnessed.")],
    name: Annotated[str, typer.Argument(help="Its name; of a log its origin, the first line of its checkpoints.")],
    public_key: Annotated[str, typer.Argument(help="Its Ed25519 public key, base64, told out of band.")],
    json: doors.JSON = False,
) -> None:
    """Know a peer by name and key.

    Example: vedette audit witness know witness peer.example/w1 O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=
    """
    from vedette.audit.witness import know as remember

    session = doors.session(context, json=json)
    remember(session.store, session.principal, kind.value, name, public_key, clock=session.clock)
    doors.emit(session, [{"kind": kind.value, "name": name}], columns=["kind", "name"])


@witness.command()
def request(
    context: typer.Context,
    since: Annotated[int, typer.Option(min=0, help="Leaves that the witness signed last; 0 the first time.")] = 0,
    output: _OUT = None,
) -> None:
    """Write what a peer needs to sign the newest checkpoint (the body of a C2SP `add-checkpoint`).

    Example: vedette audit witness request --since 120 -o ask
    """
    from vedette.audit.witness import request as ask

    session = doors.session(context, json=False)
    _write(ask(session.store, since), output)


@witness.command()
def sign(
    context: typer.Context,
    file: _FILE,
    name: Annotated[str, typer.Option("--as", help="The name by which the peer knows this house.")],
    output: _OUT = None,
) -> None:
    """Sign a peer's checkpoint, if its log grew from what this house signed before.

    Example: vedette audit witness sign ask --as peer.example/w1 -o signed
    """
    from vedette.audit.witness import sign as cosign

    session = doors.session(context, json=False)
    _write(cosign(session.store, session.principal, _read(file), name, clock=session.clock), output)


@witness.command()
def add(context: typer.Context, file: _FILE, json: doors.JSON = False) -> None:
    """Keep a checkpoint of this log that a known witness signed; exports carry it, and every check is held to it.

    Example: vedette audit witness add signed
    """
    from vedette.audit.witness import add as take

    session = doors.session(context, json=json)
    found = take(session.store, session.principal, _read(file), clock=session.clock)
    rows = [{"witness": who, "leaves": size, "signed_at": at} for who, (size, at) in found.items()]
    doors.emit(session, rows, columns=["witness", "leaves", "signed_at"])


def _read(file: Path) -> str:
    return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
