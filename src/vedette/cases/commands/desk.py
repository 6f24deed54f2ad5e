"""`vedette cases`: the queue, one case with everything that speaks for and against it, claim, decide, approve, export."""

from __future__ import annotations

import json as text_form
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.cases.model import CaseStatus

app = typer.Typer(help="Show, claim and decide cases.", no_args_is_help=True)

_CASE = Annotated[str, typer.Argument(metavar="CASE", help="Case id, its beginning, or an account id.")]
_COLUMNS = ("case_id", "status", "priority", "opened_at", "accounts", "families", "summary")
_SHOWN_ACCOUNTS = 5


@app.command("list")
def list_(
    context: typer.Context,
    status: Annotated[
        list[str] | None,
        typer.Option(help="open, claimed, snoozed, waiting_approval, decided, closed or merged; may be repeated."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Settled and merged cases too.")] = False,
    account: Annotated[str | None, typer.Option(help="Only the case that holds this account.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many, the most urgent first.")] = None,
    json: doors.JSON = False,
) -> None:
    """Show the queue, most urgent first.

    Example: vedette cases list --status open --limit 20
    """
    from vedette.cases import list_cases
    from vedette.cases.actors import by_account, of_all

    session = doors.session(context, json=json)
    now = session.clock.now()
    found = list_cases(session.store, _statuses(status or (), everything), now=now)
    actors = by_account(session.store)
    rows = [
        {**case.row(now), "actor_id": case.actor_id or of_all(case.accounts, actors)}
        for case in found
        if account is None or account in case.accounts
    ][:limit]
    if not session.json:
        rows = [{**row, "accounts": _some(row["accounts"])} for row in rows]
    empty = "No case waits. This is not the same as clean: `vedette doctor` says which checks could run."
    doors.emit(session, rows, columns=_COLUMNS, title="Cases", empty=empty)


@app.command()
def show(
    context: typer.Context,
    case: _CASE,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show customer names; the audit log keeps who looked at whose.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Show why a case is open, its evidence, what is not known, and what would close it.

    Example: vedette cases show case_3k5v
    """
    from vedette.cases import explain, find

    session = doors.session(context, json=json)
    found = find(session.store, case)
    told = explain(session.store, found.case_id, clock=session.clock)
    if reveal:
        told["customers"] = _revealed(session, found.case_id)
    if session.json:
        doors.emit(session, [told], columns=())
    else:
        _tell(session, told)


@app.command()
def claim(context: typer.Context, case: _CASE, json: doors.JSON = False) -> None:
    """Take a case for an hour. Exit 1 where another reviewer holds it.

    Example: vedette cases claim case_3k5v
    """
    from vedette.base import iso
    from vedette.cases import claim as take
    from vedette.cases import find

    session = doors.session(context, json=json)
    answer = take(session.store, session.principal, find(session.store, case).case_id, clock=session.clock)
    row = {
        "case_id": answer.case.case_id,
        "version": answer.case.version,
        "given": answer.given,
        "held_by": answer.held_by,
        "until": iso(answer.until),
        "also_viewing": list(answer.also_viewing),
    }
    doors.emit(session, [row], columns=("case_id", "version", "given", "held_by", "until", "also_viewing"))
    if not answer.given:
        raise typer.Exit(1)


@app.command()
def decide(
    context: typer.Context,
    case: _CASE,
    outcome: Annotated[str, typer.Option(help="true, useful, false or undetermined.")],
    reason: Annotated[str, typer.Option(help="Reason code; a wrong one lists those that fit.")],
    note: Annotated[str, typer.Option(help="What you saw and why you decide so; kept sealed.")],
    action: Annotated[
        str,
        typer.Option(help="none, ask, restrict, suspend, reject, block-property, unblock, preserve or report."),
    ] = "none",
    version: Annotated[
        int | None, typer.Option(help="The case version you looked at; refused when it has changed since.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Decide a case. Adverse actions wait until a second person approves.

    Example: vedette cases decide case_3k5v --outcome false --reason namesake --note "Birth dates differ by 30 years."
    """
    from vedette.cases import Action, Outcome, find
    from vedette.cases import decide as settle
    from vedette.cases.versions import in_force

    session = doors.session(context, json=json)
    found = find(session.store, case)
    home = session.home(session.workspace)
    made = settle(
        session.store,
        session.principal,
        found.case_id,
        _word(Outcome, outcome, "--outcome"),
        _word(Action, action, "--action"),
        reason,
        note,
        expected_version=found.version if version is None else version,
        clock=session.clock,
        versions=in_force(session.store, found, home=home, on=session.clock.now().date()),
    )
    _tell_decision(session, made)


@app.command()
def approve(
    context: typer.Context,
    case: _CASE,
    reject: Annotated[bool, typer.Option("--reject", help="Disagree instead; the case is open again.")] = False,
    json: doors.JSON = False,
) -> None:
    """Agree, as a second person, with the decision that waits. The one who made it cannot.

    Example: vedette cases approve case_3k5v
    """
    from vedette.cases import approve as agree
    from vedette.cases import find
    from vedette.cases import reject as disagree

    session = doors.session(context, json=json)
    answer = disagree if reject else agree
    found = find(session.store, case)
    _tell_decision(session, answer(session.store, session.principal, found.case_id, clock=session.clock))


@app.command()
def export(
    context: typer.Context,
    case: _CASE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else standard output.")] = None,
    json: doors.JSON = False,
) -> None:
    """Write a case with findings, decisions, history and the proofs of its audit leaves as JSON.

    Example: vedette cases export case_3k5v -o case.json
    """
    from vedette.cases import export as exported
    from vedette.cases import find
    from vedette.store import write_durably

    session = doors.session(context, json=json)
    told = exported(session.store, find(session.store, case).case_id, clock=session.clock)
    if out is None:
        session.json = True
        doors.emit(session, [told], columns=())
        return
    write_durably(out, text_form.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
    doors.say(session, f"Wrote {out} with {len(told['proofs'])} proofs.")


def _statuses(words: Iterable[str], everything: bool) -> list[CaseStatus] | None:
    from vedette.cases.model import UNDECIDED, CaseStatus

    chosen = [_word(CaseStatus, word, "--status") for word in words]
    if chosen or everything:
        return chosen or None
    return [*UNDECIDED, CaseStatus.WAITING_APPROVAL]


def _word(kind: Any, text: str, option: str) -> Any:
    """A word of a closed set, or a usage error (exit 2) that lists the set."""
    try:
        return kind(text)
    except ValueError:
        choices = ", ".join(item.value for item in kind)
        raise typer.BadParameter(f"{text!r} is not one of: {choices}", param_hint=option) from None


def _some(accounts: Any) -> str:
    more = len(accounts) - _SHOWN_ACCOUNTS
    return ", ".join(accounts[:_SHOWN_ACCOUNTS]) + (f" and {more} more" if more > 0 else "")


def _revealed(session: doors.Session, case_id: str) -> dict[str, dict[str, Any]]:
    from vedette.accounts import reveal
    from vedette.cases import revealed

    def known(account: str) -> dict[str, Any]:
        return reveal(session.store, account) or {"held": "nothing about this account"}

    return revealed(session.store, session.principal, case_id, known, clock=session.clock)


def _tell_decision(session: doors.Session, made: Any) -> None:
    doors.emit(session, [made.as_json()], columns=("case_id", "outcome", "action", "reason_code", "state"))
    if made.state.value == "waiting":
        doors.say(session, f"Waits for a second person: vedette cases approve {made.case_id}")


def _tell(session: doors.Session, told: Mapping[str, Any]) -> None:
    """A case for people, in the order in which a reviewer asks."""
    doors.say(session, f"{told['case_id']}  {told['status']}  priority {told['priority']}  version {told['version']}")
    doors.say(session, told["summary"], style="bold")
    doors.say(session, f"Accounts: {_some(told['accounts'])}")
    for account, values in told.get("customers", {}).items():
        doors.say(session, f"  {account}: {doors.shown(values)}")
    if told["hold_expires"]:
        doors.say(session, f"On hold; escalates at {told['hold_expires']} (escalated {told['escalations']} times)")
    _section(session, "Why it is open", told["why"])
    _section(session, "Evidence, strongest first", [_evidence(item) for item in told["evidence"]])
    _section(session, "What each source carries", [_without(item) for item in told["what_if"]])
    _section(session, "Share something, but are not part of the case", [n["account_id"] for n in told["neighbours"]])
    _section(session, "Blind spots", told["blind_spots"])
    _section(session, "Look at next", told["look_next"])
    _section(session, "Would close it", told["would_close"])
    _section(session, "Decisions", [_decision(item) for item in told["decisions"]])
    _section(session, "History", [_happened(item) for item in told["history"]])


def _section(session: doors.Session, title: str, lines: Iterable[str]) -> None:
    rows = list(lines)
    if rows:
        doors.say(session, f"\n{title}", style="bold")
    for line in rows:
        doors.say(session, f"  {line}")


def _evidence(item: Mapping[str, Any]) -> str:
    weight = "" if item["bits"] is None else f", {item['bits']:g} bits"
    lines = [f"{item['strength']} ({item['family']}{weight}) {item['summary']}"]
    lines.append(f"    {item['id']} by {item['check']} v{item['version']}, {item['first_seen']} to {item['last_seen']}")
    lines.extend(f"    {doors.shown(part)}" for part in item["evidence"])
    return "\n  ".join(lines)


def _without(item: Mapping[str, Any]) -> str:
    verdict = "would still be a case" if item["corroborated"] else "would not be a case without a stop"
    return f"without {item['without']}: {item['bits']:g} bits, {verdict}"


def _decision(item: Mapping[str, Any]) -> str:
    return (
        f"{item['decided_at']} {item['decided_by']}: {item['outcome']}, {item['action']} "
        f"({item['reason_code']}: {item['reason']}) {item['state']}"
    )


def _happened(item: Mapping[str, Any]) -> str:
    return f"{item['time']} {item['principal']} {item['verb']} (leaf {item['leaf']})"
