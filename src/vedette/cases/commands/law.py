"""`vedette cases clocks|frozen|appeal|appeals|appeal-answer|redress`: what the law sets going, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.cases.commands.desk import app

_CLOCKS = ("clock_id", "case_id", "title", "due_on", "days_left", "overdue", "required", "state")
_APPEALS = ("appeal_id", "case_id", "received_at", "due_on", "days_left", "overdue", "state")


@app.command()
def clocks(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Met ones too.")] = False,
    begin: Annotated[str | None, typer.Option("--start", metavar="CASE", help="Start a term for this case.")] = None,
    rule: Annotated[str | None, typer.Option(help="With --start: the policy rule that sets the term.")] = None,
    met: Annotated[str | None, typer.Option(metavar="CLOCK", help="Say that what was due has been done.")] = None,
    reference: Annotated[str, typer.Option(help="With --met: number of the receipt or report.")] = "",
    json: doors.JSON = False,
) -> None:
    """Show legal terms that run, the one due first in front. Terms of proposed rules say "required: no".

    Example: vedette cases clocks
    """
    from vedette.cases import clocks as running
    from vedette.cases import find, meet, start

    session = doors.session(context, json=json)
    if (begin is None) != (rule is None):
        raise typer.BadParameter("--start and --rule belong together")
    if begin is not None and rule is not None:
        found = find(session.store, begin).case_id
        start(session.store, session.principal, found, rule, clock=session.clock)
    if met is not None:
        meet(session.store, session.principal, met, reference, clock=session.clock)
    now = session.clock.now()
    rows = [item.row(now) for item in running(session.store, everything=everything)]
    doors.emit(session, rows, columns=_CLOCKS, empty="No legal term runs.")


@app.command()
def frozen(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Released ones too.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show accounts whose service and balance stand still by a block; nothing may be refunded.

    Example: vedette cases frozen --json
    """
    from vedette.cases import frozen as standing

    session = doors.session(context, json=json)
    rows = [item.as_json() for item in standing(session.store, everything=everything)]
    columns = ("account_id", "case_id", "service", "balance", "refund_allowed", "since", "released_at")
    doors.emit(session, rows, columns=columns, empty="No account is frozen.")


@app.command()
def appeal(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="Case id, its beginning, or an account id.")],
    text_file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="What the customer wrote, UTF-8.")],
    json: doors.JSON = False,
) -> None:
    """Take in a customer's appeal against the decision of a case; it gets a due day.

    Example: vedette cases appeal case_3k5v --text-file letter.txt
    """
    from vedette.base import VedetteError
    from vedette.cases import find
    from vedette.cases.appeal import appeal as take_in

    session = doors.session(context, json=json)
    try:
        text = text_file.read_bytes()[:500_000].decode()
    except UnicodeDecodeError:
        raise VedetteError(f"{text_file} is not UTF-8", remedy="Save it as UTF-8 text") from None
    found = find(session.store, case).case_id
    made = take_in(session.store, session.principal, found, text, clock=session.clock)
    doors.emit(session, [made.row(session.clock.now())], columns=_APPEALS)


@app.command()
def appeals(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show appeals that wait for an answer, the one due first in front.

    Example: vedette cases appeals
    """
    from vedette.cases.appeal import appeals as waiting

    session = doors.session(context, json=json)
    now = session.clock.now()
    rows = [item.row(now) for item in waiting(session.store, everything=everything)]
    doors.emit(session, rows, columns=_APPEALS, empty="No appeal waits.")


@app.command("appeal-answer")
def appeal_answer(
    context: typer.Context,
    appeal_id: Annotated[str, typer.Argument(metavar="APPEAL", help="Id of the appeal.")],
    note: Annotated[str, typer.Option(help="The grounds; kept sealed.")],
    changed: Annotated[
        bool, typer.Option("--changed/--upheld", help="The case is open again, or the decision stands.")
    ],
    json: doors.JSON = False,
) -> None:
    """Answer an appeal. Whoever made or approved the decision cannot.

    Example: vedette cases appeal-answer app_3k5v --upheld --note "Two identifiers agree."
    """
    from vedette.cases.appeal import answer

    session = doors.session(context, json=json)
    made = answer(session.store, session.principal, appeal_id, changed=changed, note=note, clock=session.clock)
    doors.emit(session, [made.row(session.clock.now())], columns=_APPEALS)


@app.command()
def redress(context: typer.Context, json: doors.JSON = False) -> None:
    """Show the statement of what a customer may have corrected, and what nobody here can.

    Example: vedette cases redress
    """
    from vedette.cases.appeal import redress as statement

    session = doors.session(context, json=json)
    told = statement()
    if session.json:
        doors.emit(session, [told.as_json()], columns=())
        return
    rows = [{"data": data, "correctable": True, "how": how} for data, how in told.correctable]
    rows += [{"data": data, "correctable": False, "how": how} for data, how in told.not_correctable]
    doors.emit(session, rows, columns=("data", "correctable", "how"))
    doors.say(session, f"An appeal is answered within {told.answer_days} days by somebody who did not decide.")
