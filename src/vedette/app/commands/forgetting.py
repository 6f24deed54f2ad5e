"""Terminal: whose records need not be kept any longer, and destroying what is held of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.app.grounds import Ground

retention = typer.Typer(help="Show and forget whose records need not be kept any longer.", no_args_is_help=True)
_COLUMNS = ["account_id", "class", "keep_until", "rules", "why"]


def forget(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Id of the account.")],
    ground: Annotated[Ground, typer.Option(help="Why: a code that the log keeps for ever.")],
    override: Annotated[
        bool, typer.Option("--override", help="Before its time: another person must give the same command.")
    ] = False,
    proof: Annotated[Path | None, typer.Option(help="Write the proof of deletion here (*.tlog-proof).")] = None,
    json: doors.JSON = False,
) -> None:
    """Destroy the keys of all that is sealed of a customer, the words of findings about it and its rows in the lake.

    The log stays valid and proves the deletion. What cannot be reached from here is said. Exit 1 where it must be kept.

    Example: vedette forget acc-17 --ground erasure-request --proof acc-17.tlog-proof
    """
    from vedette.app.forgetting import forget_account
    from vedette.app.opening import home_of

    session = doors.session(context, json=json)
    done = forget_account(
        session.store,
        session.principal,
        account,
        ground=ground,
        home=home_of(session.workspace),
        override=override,
        clock=session.clock,
    )
    doors.emit(session, [done.as_json()], columns=["account_id", "leaf", "waiting", "destroyed"])
    if done.leaf is None:
        doors.say(
            session, f"Nothing is destroyed yet: another person must give the same command (request {done.waiting})."
        )
        return
    if proof is not None:
        _prove(session, done.leaf, proof)
    for what, rows, why in done.remains:
        doors.say(session, f"Remains: {what}{'' if rows < 0 else f' ({rows})'}: {why}.")


def _prove(session: doors.Session, leaf: int, target: Path) -> None:
    from vedette.audit.export import proof, written

    target.write_text(written(proof(session.store, leaf)), encoding="utf-8")


@retention.command()
def show(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Id of the account.")],
    json: doors.JSON = False,
) -> None:
    """Show until when one customer's records are kept, and by which rules.

    Example: vedette retention show acc-17
    """
    from vedette.app.opening import home_of
    from vedette.app.retention import of_account

    session = doors.session(context, json=json)
    found = of_account(session.store, home_of(session.workspace), account, clock=session.clock)
    rows = [] if found is None else [found.as_json()]
    doors.emit(session, rows, columns=_COLUMNS, empty="No such account is held.")


@retention.command()
def due(context: typer.Context, json: doors.JSON = False) -> None:
    """List the closed accounts whose records need not be kept any longer.

    Example: vedette retention due --json
    """
    from vedette.app.opening import home_of
    from vedette.app.retention import due as find

    session = doors.session(context, json=json)
    found = find(session.store, home_of(session.workspace), clock=session.clock)
    doors.emit(session, [item.as_json() for item in found], columns=_COLUMNS, empty="Nobody is due.")


@retention.command()
def run(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who would be forgotten.")] = False,
    json: doors.JSON = False,
) -> None:
    """Forget every account that is due, each in an act of its own: stopped at any point, the rest is done next time.

    Example: vedette retention run --dry-run
    """
    from vedette.app.forgetting import forget_account
    from vedette.app.opening import home_of
    from vedette.app.retention import due as find

    session = doors.session(context, json=json)
    home = home_of(session.workspace)
    found = find(session.store, home, clock=session.clock)
    if dry_run:
        doors.emit(session, [item.as_json() for item in found], columns=_COLUMNS, empty="Nobody is due.")
        return
    with doors.progress(session, "Forgetting accounts") as bar:
        done = []
        for item in found:
            told = forget_account(
                session.store, session.principal, item.account_id, ground=Ground.EXPIRED, home=home, clock=session.clock
            )
            done.append(told.as_json())
            bar.advance(1)
    doors.emit(session, done, columns=["account_id", "leaf", "destroyed"], empty="Nobody is due.")
