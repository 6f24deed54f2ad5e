"""Terminal: verify the audit log in place, export it for an independent check, prove one leaf.

It stands here because `audit` lies below the doors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.app.commands.stamp import stamp
from vedette.app.commands.witness import witness

audit = typer.Typer(help="Verify, export and prove the audit log.", no_args_is_help=True)
audit.add_typer(witness, name="witness")
audit.add_typer(stamp, name="stamp")


@audit.command()
def verify(
    context: typer.Context,
    against: Annotated[
        list[Path] | None, typer.Option(help="A signed checkpoint kept from before, or a file or folder of them.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Recompute the log, its signature, every audited row and every lake file. Exit 1 if anything was changed.

    The log must still begin with what older checkpoints signed: those given, those that witnesses signed, and those
    kept where the setting `anchor` says.

    Example: vedette audit verify --against ~/checkpoints
    """
    from vedette.app.opening import anchor_of
    from vedette.audit.anchor import kept
    from vedette.audit.verify import verify as check

    session = doors.session(context, json=json)
    anchor = anchor_of(session.workspace)
    places = [*(against or ()), *([anchor] if anchor else ())]
    missing = [place for place in against or () if not place.exists()]
    if missing:
        raise typer.BadParameter(f"{missing[0]} does not exist", param_hint="--against")
    with doors.progress(session, "Verifying leaves") as bar:
        result = check(session.store, bar.advance, against=[note for place in places for note in kept(place)])
    if session.json:
        doors.emit(session, [result.as_json()], columns=[])
    for problem in result.problems:
        doors.warn(f"NOT VERIFIED: {problem}")
    if result.further_problems:
        doors.warn(f"... and {result.further_problems} further problems")
    if not result.holds:
        raise typer.Exit(1)
    doors.say(
        session, f"The log holds: {result.leaves:,} leaves, {result.rows:,} rows and {result.files:,} lake files."
    )
    doors.say(session, f"Root {result.root}")


@audit.command()
def export(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="File to write; with --tiles a folder.")],
    tiles: Annotated[bool, typer.Option("--tiles", help="Write C2SP tlog-tiles for other clients.")] = False,
    json: doors.JSON = False,
) -> None:
    """Write the log for an independent check: leaves, signed checkpoint and public key.

    Example: vedette audit export log.jsonl && python verifier.py log.jsonl
    """
    from vedette.audit import verifier
    from vedette.audit.export import export as write
    from vedette.audit.tiles import write as write_tiles

    session = doors.session(context, json=json)
    count = (write_tiles if tiles else write)(session.store, target)
    doors.emit(session, [{"file": str(target), "leaves": count}], columns=["file", "leaves"])
    doors.say(session, f"Check it anywhere, with Python and `cryptography` only: python {verifier.__file__} {target}")


@audit.command()
def proof(
    context: typer.Context,
    leaf: Annotated[int, typer.Argument(help="Number of the leaf, from 0.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write, named *.tlog-proof.")] = None,
    json: doors.JSON = False,
) -> None:
    """Prove that one leaf stands in the signed log; -o writes a C2SP proof that the verifier checks on its own.

    Example: vedette audit proof 12 -o leaf.tlog-proof
    """
    from vedette.audit.export import proof as prove
    from vedette.audit.export import written

    session = doors.session(context, json=json)
    found = prove(session.store, leaf)
    if output is not None:
        output.write_text(written(found), encoding="utf-8")
    doors.emit(session, [found], columns=["index", "leaf", "leaf_hash", "proof"])


@audit.command()
def anchor(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option(help="File or folder outside the workspace; else the setting `anchor`.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Keep the newest signed checkpoint outside the workspace, where nothing already kept is changed.

    Put the place on another machine, a write-once bucket or a mail folder. With the setting `anchor` every
    `audit verify` compares the log with all that is kept there, and a workspace put back is refused at start.

    Example: vedette audit anchor --to /mnt/vault/vedette-checkpoints
    """
    from vedette.app.opening import anchor_of
    from vedette.audit.anchor import keep

    session = doors.session(context, json=json)
    place = to or anchor_of(session.workspace)
    if place is None:
        raise typer.BadParameter("name a place, here or as the setting `anchor`", param_hint="--to")
    checkpoint = keep(session.store, place)
    if checkpoint is None:
        doors.say(session, "The log is empty: there is nothing to keep.")
        return
    row = {"place": str(place), "leaves": checkpoint.size, "root": checkpoint.root.hex()}
    doors.emit(session, [row], columns=["place", "leaves", "root"])
