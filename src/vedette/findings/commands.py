"""`vedette findings`: what was found, as a table or as JSON lines."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors


def findings(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(help="Only findings recorded at or after this time, such as 2026-01-31T00:00:00Z.")
    ] = None,
    check: Annotated[
        str | None, typer.Option(help="Only findings of this check, such as network/console_from_dprk.")
    ] = None,
    account: Annotated[str | None, typer.Option(help="Only findings about this account.")] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Also those that no longer stand.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show what was found.

    Example: vedette findings --since 2026-01-31T00:00:00Z --json
    """
    from vedette.findings.select import Wanted, wanted

    session = doors.session(context, json=json)
    found = wanted(session.store, Wanted(since=since, check=check, account=account, withdrawn=withdrawn))
    doors.emit(
        session,
        (item.as_json() for item in found),
        columns=["id", "strength", "check", "subject", "count", "last_seen", "summary"],
        title="Findings",
        empty="No findings. This is not the same as clean: `vedette doctor` says which checks could run.",
    )
