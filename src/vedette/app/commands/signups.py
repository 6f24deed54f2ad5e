"""Terminal: sign-up decisions, a stored one made again, and old ones shredded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors


def verify(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE|-", help="Customers as CSV or JSON; - reads standard input.")],
    key: Annotated[
        str | None, typer.Option(help="Request key: the same key with the same customer gives the same answer again.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Decide sign-ups: clear, review or stop, with reasons. A stop holds for a person; it refuses nobody.

    Every decision is stored, sealed, and can be made again: `vedette customers replay ID`. A row that cannot be read is
    answered with an error in its place.

    Example: echo '{"account_id":"a1","name":"Ann Example","country":"US"}' | vedette -w ws verify - --json
    """
    import sys

    from vedette.app.customers import read_customers, read_file
    from vedette.app.desk import desk
    from vedette.app.settings import read
    from vedette.app.signups import answers, share_refused

    session = doors.session(context, json=json)
    data = sys.stdin.buffer.read() if source == "-" else read_file(Path(source))
    rows = read_customers(data, source)
    judge = desk(session.store, session.home(session.workspace), session.clock)
    found = answers(session.store, judge, rows, key=key, principal=session.principal)
    shown = found if session.json else [_short(row) for row in found]
    doors.emit(session, shown, columns=["query_id", "outcome", "hold_expires", "reasons", "not_checked"])
    most_refused = read(session.workspace).max_refused
    if share_refused(rows) > most_refused:
        doors.warn(f"Refused: more than {most_refused:.1%} of the rows cannot be read")
        raise typer.Exit(1)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    if "error" in row:
        return {**row, "outcome": "not decided", "reasons": [f"{row['place']}: {row['error']}"], "not_checked": []}
    reasons = [finding["summary"] for finding in row["findings"]]
    return {**row, "reasons": reasons, "not_checked": [item["check"] for item in row["checks_missing"]]}


def replay(
    context: typer.Context,
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a stored decision, as `vedette verify` gives it.")
    ],
    json: doors.JSON = False,
) -> None:
    """Decide a stored sign-up again under that day's lists and policies. Exit 1 if the answer is another one.

    Example: vedette -w ws customers replay ver_k3j5 --json
    """
    from vedette.app.replay import replay as decide_again

    session = doors.session(context, json=json)
    found = decide_again(session.store, identity)
    if session.json:
        doors.emit(session, [found.as_json()], columns=[])
    else:
        _tell_replay(session, found.as_json())
    if found.result == "different":
        raise typer.Exit(1)


def _tell_replay(session: doors.Session, row: dict[str, Any]) -> None:
    doors.say(
        session,
        f"{row['result'].capitalize()}: decided at {row['decided_at']} as {row['outcome_then']}, again as {row['outcome_now']}.",
        style="bold",
    )
    doors.emit(session, row["differences"], columns=["what", "then", "now"], empty="No difference.")
    for item in row["not_run"]:
        doors.say(session, f"Could not be asked again: {item['what']}: {item['why']}")
    for part in row["program_changed"]:
        doors.say(session, f"The program has changed since: {part}. It judged now as it is now.")


def forget(
    context: typer.Context,
    days: Annotated[
        int | None, typer.Option(min=0, help="Keep so many days; the house rule's 730 where not said.")
    ] = None,
    identity: Annotated[str | None, typer.Option("--id", help="Shred this one decision, whatever its outcome.")] = None,
    json: doors.JSON = False,
) -> None:
    """Shred what cleared customers handed in at sign-up long ago. That it was decided, how and on what, is kept.

    Example: vedette customers forget
    """
    from vedette.app.forgetting import forget as forget_old
    from vedette.app.forgetting import shred

    session = doors.session(context, json=json)
    if identity is None:
        count = forget_old(session.store, session.principal, clock=session.clock, days=days)
    else:
        shred(session.store, session.principal, identity, clock=session.clock)
        count = 1
    doors.emit(session, [{"shredded": count}], columns=["shredded"])
