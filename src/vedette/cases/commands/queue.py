"""`vedette cases next|unopened|release|assign|escalate|snooze|undo|note|merge|split`: working through the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors
from vedette.cases.commands.chosen import QUERY, chosen
from vedette.cases.commands.desk import app, claim_next

if TYPE_CHECKING:
    from vedette.cases.model import Case

_CASE = Annotated[str, typer.Argument(metavar="CASE", help="Case id, its beginning, or an account id.")]
_NOTE = Annotated[str, typer.Option(help="Why, in a sentence; kept sealed.")]
_SHORT = ("case_id", "status", "priority", "version", "accounts")


@app.command("next")
def next_(context: typer.Context, query: QUERY = None, json: doors.JSON = False) -> None:
    """Claim the most urgent case that nobody holds and show it: your own claim and what is assigned to you come first.

    Example: vedette cases next
    """
    session = doors.session(context, json=json)
    claim_next(session, None if query is None else chosen(session, query, {}))


@app.command("unopened")
def unopened_(
    context: typer.Context,
    check: Annotated[
        list[str] | None, typer.Option(help="Only accounts that this check names, such as screening/list_match.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many.")] = 100,
    json: doors.JSON = False,
) -> None:
    """Show who is named by findings that open no case, such as a listed name without a second identifier: what each weighs,
    and what it lacks. Nothing is decided here; ask for the missing piece, or draw them into the weekly sample.

    Example: vedette cases unopened --check screening/list_match
    """
    from vedette.cases.unopened import unopened

    session = doors.session(context, json=json)
    found, total = unopened(session.store, checks=check or (), limit=limit)
    doors.emit(
        session,
        [item.as_json() for item in found],
        columns=("account_id", "bits", "lacks", "check", "since", "summary"),
        title="Named by findings, in no case",
        empty="Nobody waits for a second piece of evidence.",
    )
    if total > len(found):
        doors.say(session, f"{total - len(found)} more; --limit shows them.")


@app.command()
def release(context: typer.Context, case: _CASE, json: doors.JSON = False) -> None:
    """Give a claimed case back to the queue.

    Example: vedette cases release case_3k5v
    """
    from vedette.cases import release as give_back

    session, found = _found(context, case, json)
    _tell(session, give_back(session.store, session.principal, found, clock=session.clock))


@app.command()
def assign(
    context: typer.Context,
    case: _CASE,
    to: Annotated[str | None, typer.Option("--to", help="Id of the person; without it, the assignment ends.")] = None,
    json: doors.JSON = False,
) -> None:
    """Say who is to work on a case.

    Example: vedette cases assign case_3k5v --to bert
    """
    from vedette.cases import assign as give

    session, found = _found(context, case, json)
    _tell(session, give(session.store, session.principal, found, to, clock=session.clock))


@app.command()
def escalate(context: typer.Context, case: _CASE, note: _NOTE, json: doors.JSON = False) -> None:
    """Move a case to the top for somebody with more authority.

    Example: vedette cases escalate case_3k5v --note "The customer is a ministry."
    """
    from vedette.cases import escalate as lift

    session, found = _found(context, case, json)
    _tell(session, lift(session.store, session.principal, found, note, clock=session.clock))


@app.command()
def snooze(
    context: typer.Context,
    case: _CASE,
    until: Annotated[str, typer.Option(help="A time with a zone; at most thirty days ahead, and before a hold ends.")],
    json: doors.JSON = False,
) -> None:
    """Let a case sleep until a moment; it always wakes by itself.

    Example: vedette cases snooze case_3k5v --until 2026-12-01T09:00:00Z
    """
    from vedette.base import parse_time
    from vedette.cases import snooze as sleep

    session, found = _found(context, case, json)
    try:
        moment = parse_time(until)
    except ValueError as fault:
        raise typer.BadParameter(str(fault), param_hint="--until") from None
    _tell(session, sleep(session.store, session.principal, found, moment, clock=session.clock))


@app.command()
def undo(context: typer.Context, case: _CASE, json: doors.JSON = False) -> None:
    """Take back your own decision within ten seconds.

    Example: vedette cases undo case_3k5v
    """
    from vedette.cases import undo as take_back

    session, found = _found(context, case, json)
    _tell(session, take_back(session.store, session.principal, found, clock=session.clock))


@app.command()
def note(
    context: typer.Context,
    case: _CASE,
    text: Annotated[str, typer.Argument(help="What the next person must know; kept sealed.")],
    json: doors.JSON = False,
) -> None:
    """Leave words on a case without deciding it.

    Example: vedette cases note case_3k5v "Asked the reseller on Monday."
    """
    from vedette.cases import remark

    session, found = _found(context, case, json)
    made = remark(session.store, session.principal, found, text, clock=session.clock)
    doors.emit(session, [{"case_id": found, "remark_id": made}], columns=("case_id", "remark_id"))


@app.command()
def merge(
    context: typer.Context,
    cases: Annotated[list[str], typer.Argument(metavar="CASE...", help="Two and more cases.")],
    note: _NOTE,
    json: doors.JSON = False,
) -> None:
    """Put cases together into the oldest of them; later runs keep them together.

    Example: vedette cases merge case_3k5v case_9f2c --note "One owner behind both."
    """
    from vedette.cases import find
    from vedette.cases import merge as join

    session = doors.session(context, json=json)
    ids = [find(session.store, case).case_id for case in cases]
    _tell(session, join(session.store, session.principal, ids, note, clock=session.clock))


@app.command()
def split(
    context: typer.Context,
    case: _CASE,
    account: Annotated[list[str], typer.Option(help="Account to take out; may be repeated.")],
    note: _NOTE,
    version: Annotated[int | None, typer.Option(help="The case version you looked at.")] = None,
    json: doors.JSON = False,
) -> None:
    """Take accounts out of a case into one of their own; later runs never join the two again.

    Example: vedette cases split case_3k5v --account a-17 --note "Another firm in the same building."
    """
    from vedette.cases import get
    from vedette.cases import split as part

    session, found = _found(context, case, json)
    seen = get(session.store, found).version if version is None else version
    both = part(session.store, session.principal, found, account, note, expected_version=seen, clock=session.clock)
    _tell(session, *both)


def _found(context: typer.Context, case: str, json: bool) -> tuple[doors.Session, str]:
    from vedette.cases import find

    session = doors.session(context, json=json)
    return session, find(session.store, case).case_id


def _tell(session: doors.Session, *cases: Case) -> None:
    now = session.clock.now()
    doors.emit(session, [case.row(now) for case in cases], columns=_SHORT)
