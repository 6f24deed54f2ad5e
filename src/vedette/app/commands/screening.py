"""Terminal: ``vedette screening``: where accounts stand, what was never screened, and known false positives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from vedette import doors

screening = typer.Typer(help="Show where accounts stand; set known false positives aside.", no_args_is_help=True)
_COLUMNS = ["id", "account_id", "who", "list_id", "entity_id", "expires", "owner", "reason", "state"]


@screening.callback()
def _screening() -> None:
    """Show where accounts stand with screening, and set known false positives aside."""


@screening.command()
def status(
    context: typer.Context,
    account: Annotated[str | None, typer.Option(help="Only this account.")] = None,
    each: Annotated[bool, typer.Option("--each", help="A line for each account, not the counts.")] = False,
    json: doors.JSON = False,
) -> None:
    """Say who was screened against which lists, who never was, and which data no screening looks at.

    States: never, stale (data or a list in force is newer), clear (as of the lists named), ask, review, stop.

    Examples: vedette screening status ; vedette screening status --account a-17
    """
    from vedette.app import screening_status as told

    session = doors.session(context, json=json)
    columns = ["account_id", "state", "outcome", "screened_at", "covered_at", "lists", "why"]
    if account is not None:
        doors.emit(session, [told.of_account(session.store, session.clock, account).as_json()], columns=columns)
    elif each:
        doors.emit(session, (one.as_json() for one in told.standings(session.store, session.clock)), columns=columns)
    else:
        counts = told.counted(session.store, session.clock)
        rows = [{"state": state.value, "accounts": count} for state, count in sorted(counts.items())]
        doors.emit(session, rows, columns=["state", "accounts"], title="Accounts", empty="No account is held.")
        fields = [one.as_json() for one in told.held_fields(session.store) if one.held]
        names = ["field", "held", "screened", "never_screened", "why"]
        doors.emit(session, fields, columns=names, title="Data held")


@screening.command()
def suppress(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="The account.")],
    list_id: Annotated[str, typer.Argument(metavar="LIST", help="The list, as `vedette lists status` names it.")],
    entry: Annotated[str, typer.Argument(help="The entry's id in the list.")],
    reason: Annotated[str, typer.Option(help="How you know that it is somebody else.")],
    expires: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day, within a year.")],
    owner: Annotated[str, typer.Option(help="The owner of the account that matches, if not the customer.")] = "",
    json: doors.JSON = False,
) -> None:
    """Set one match aside as a known false positive.

    It returns by itself when the customer's data or the list entry changes, and after the last day. A match by a second
    identifier cannot be set aside by one person.

    Example: vedette screening suppress a-17 us_ofac_sdn 1234 --reason "passport seen, another birth date"
    --expires 2026-12-31
    """
    from vedette.app.known_false import Wish, suppress

    session = doors.session(context, json=json)
    wish = Wish(
        account_id=account,
        list_id=list_id,
        entity_id=entry,
        reason=reason,
        expires=expires.date(),
        owner_id=owner,
    )
    made = suppress(session.store, session.principal, wish, clock=session.clock)
    doors.emit(session, [made.as_json()], columns=_COLUMNS[:-1])
    doors.say(session, "It is set aside from the next `vedette run` on.")


@screening.command()
def unsuppress(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="As `vedette screening suppressions` shows it.")],
    json: doors.JSON = False,
) -> None:
    """End a suppression: the match returns with the next run.

    Example: vedette screening unsuppress sup_abc
    """
    from vedette.app.known_false import unsuppress

    session = doors.session(context, json=json)
    ended = unsuppress(session.store, session.principal, identity, clock=session.clock)
    doors.emit(session, [ended.as_json()], columns=_COLUMNS[:-1])


@screening.command()
def suppressions(
    context: typer.Context,
    account: Annotated[str | None, typer.Option(help="Only this account.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that ended or expired.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show matches set aside as known false positives: who did it, why, and until when.

    Example: vedette screening suppressions --account a-17
    """
    from vedette.screening import store as kept

    session = doors.session(context, json=json)
    today = session.clock.now().date()
    rows = []
    for one in kept.suppressions(session.store, account):
        state = "ended" if one.ended_at else "in force" if one.active(today) else "expired"
        if every or state == "in force":
            rows.append({**one.as_json(), "state": state})
    doors.emit(session, rows, columns=_COLUMNS, empty="No match is set aside.")
