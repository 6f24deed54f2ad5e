"""Terminal: verify the audit log in place, export it for an independent check, prove one leaf.

It stands here because `audit` lies below the doors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors

audit = typer.Typer(help="Verify, export and prove the audit log.", no_args_is_help=True)


@audit.command()
def verify(context: typer.Context, json: doors.JSON = False) -> None:
    """Recompute the log, its signature, every audited row and every lake file. Exit 1 if anything was changed.

    Example: vedette audit verify
    """
    from vedette.audit.verify import verify as check

    session = doors.session(context, json=json)
    with doors.progress(session, "Verifying leaves") as bar:
        result = check(session.store, bar.advance)
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
    target: Annotated[Path, typer.Argument(help="File to write: JSON lines.")],
    json: doors.JSON = False,
) -> None:
    """Write the log for an independent check: leaves, signed checkpoint and public key.

    Example: vedette audit export log.jsonl && python verifier.py log.jsonl
    """
    from vedette.audit import verifier
    from vedette.audit.export import export as write

    session = doors.session(context, json=json)
    count = write(session.store, target)
    doors.emit(session, [{"file": str(target), "leaves": count}], columns=["file", "leaves"])
    doors.say(session, f"Check it anywhere, with Python and `cryptography` only: python {verifier.__file__} {target}")


@audit.command()
def proof(
    context: typer.Context,
    leaf: Annotated[int, typer.Argument(help="Number of the leaf, from 0.")],
    json: doors.JSON = False,
) -> None:
    """Prove that one leaf stands in the signed log.

    Example: vedette audit proof 12 --json
    """
    from vedette.audit.export import proof as prove

    session = doors.session(context, json=json)
    doors.emit(session, [prove(session.store, leaf)], columns=["index", "leaf", "leaf_hash", "proof"])
