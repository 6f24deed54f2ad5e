"""`vedette cases bulk|filters`: one decision on exactly a filtered set, and the filters one keeps."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.base import Json
from vedette.cases.commands.chosen import FAMILY, QUERY, STATUS, chosen, word
from vedette.cases.commands.desk import app


@app.command()
def bulk(
    context: typer.Context,
    outcome: Annotated[str, typer.Option(help="true, useful, false or undetermined.")],
    reason: Annotated[str, typer.Option(help="Reason code for all of them.")],
    note: Annotated[str, typer.Option(help="One note for all of them; kept sealed.")],
    action: Annotated[str, typer.Option(help="As for `vedette cases decide`.")] = "none",
    status: STATUS = None,
    family: FAMILY = None,
    query: QUERY = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, and tell the fingerprint.")] = False,
    fingerprint: Annotated[
        str | None, typer.Option(help="Of the count you saw; refused where the set has changed since.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Decide every case of a filter with one reason; each gets its own leaf. Over 25 cases, a second person agrees first.

    Example: vedette cases bulk --family network --outcome false --reason shared_premises --note "One campus." --dry-run
    """
    from vedette.cases import Action, Outcome, Wanted, plan
    from vedette.cases import bulk as decide_all

    session = doors.session(context, json=json)
    wanted = Wanted(
        selection=chosen(session, query, {"status": status, "family": family}),
        outcome=word(Outcome, outcome, "--outcome"),
        action=word(Action, action, "--action"),
        reason_code=reason,
        note=note,
    )
    counted = plan(session.store, session.principal, wanted, now=session.clock.now())
    if dry_run or not session.json:
        doors.emit(session, [counted.as_json()], columns=("cases", "left_out", "second_person", "fingerprint"))
    if dry_run:
        return
    done = decide_all(
        session.store,
        session.principal,
        wanted,
        fingerprint=fingerprint or counted.fingerprint,
        clock=session.clock,
        versions=_in_force(session),
    )
    doors.emit(session, [done.as_json()], columns=("bulk_id", "state", "decided", "refused"))
    if done.state == "waiting":
        doors.say(session, f"Waits for a second person: vedette cases bulk-answer {done.bulk_id}")


@app.command("bulk-answer")
def bulk_answer(
    context: typer.Context,
    bulk_id: Annotated[str | None, typer.Argument(metavar="BULK", help="Id of the bulk act.")] = None,
    reject: Annotated[bool, typer.Option("--reject", help="Disagree; nothing is decided.")] = False,
    json: doors.JSON = False,
) -> None:
    """Agree, as a second person, with a bulk act; it is carried out at once. Without an id, show what waits.

    Example: vedette cases bulk-answer bulk_3k5v
    """
    from vedette.cases import answer_bulk, waiting_bulks

    session = doors.session(context, json=json)
    if bulk_id is None:
        rows = [
            {
                "bulk_id": item.bulk_id,
                "made_by": item.made_by,
                "cases": len(item.items),
                "outcome": item.outcome.value,
                "action": item.action.value,
                "reason_code": item.reason_code,
                "filter": item.query,
            }
            for item in waiting_bulks(session.store)
        ]
        doors.emit(session, rows, columns=("bulk_id", "made_by", "cases", "outcome", "action", "filter"))
        return
    done = answer_bulk(session.store, session.principal, bulk_id, agree=not reject, clock=session.clock)
    doors.emit(session, [done.as_json()], columns=("bulk_id", "state", "decided", "refused"))


@app.command()
def filters(
    context: typer.Context,
    save: Annotated[str | None, typer.Option(help="Name under which to keep --filter.")] = None,
    query: QUERY = None,
    forget: Annotated[str | None, typer.Option(help="Name of a filter to forget.")] = None,
    json: doors.JSON = False,
) -> None:
    """Show, keep and forget your own filters; use one as --filter @NAME.

    Example: vedette cases filters --save stops --filter "hold=yes&status=open"
    """
    from vedette.cases import forget_filter, save_filter, saved_filters

    session = doors.session(context, json=json)
    if save is not None:
        save_filter(session.store, session.principal, save, query or "", clock=session.clock)
    if forget is not None:
        forget_filter(session.store, session.principal, forget, clock=session.clock)
    rows = [
        {"name": item.name, "filter": item.query, "saved_at": item.saved_at}
        for item in saved_filters(session.store, session.principal)
    ]
    doors.emit(session, rows, columns=("name", "filter", "saved_at"), empty="No filter is kept.")


def _in_force(session: doors.Session) -> dict[str, Json]:
    from vedette.cases.versions import of_house

    home = session.home(session.workspace)
    return of_house(session.store, home=home, on=session.clock.now().date())
