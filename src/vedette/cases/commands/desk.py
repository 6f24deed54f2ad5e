"""`vedette cases`: the queue, one case with everything that speaks for and against it, claim, decide, approve, export."""

from __future__ import annotations

import json as text_form
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors
from vedette.cases.commands.chosen import FAMILY, QUERY, STATUS, chosen, word

if TYPE_CHECKING:
    from vedette.cases.claim import Claim
    from vedette.cases.model import CaseStatus
    from vedette.cases.select import Selection

app = typer.Typer(help="Show, claim and decide cases.", no_args_is_help=True)

_CASE = Annotated[str, typer.Argument(metavar="CASE", help="Case id, its beginning, or an account id.")]
_COLUMNS = ("case_id", "status", "priority", "opened_at", "accounts", "families", "summary")
_SHOWN_ACCOUNTS = 5


@app.command("list")
def list_(
    context: typer.Context,
    status: STATUS = None,
    family: FAMILY = None,
    query: QUERY = None,
    everything: Annotated[bool, typer.Option("--all", help="Settled and merged cases too.")] = False,
    account: Annotated[str | None, typer.Option(help="Only the case that holds this account.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many, the most urgent first.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the same view as CSV to a file.")] = None,
    json: doors.JSON = False,
) -> None:
    """Show the queue, most urgent first.

    Example: vedette cases list --status open --limit 20
    """
    from vedette.cases import view
    from vedette.cases.actors import by_account, of_all

    session = doors.session(context, json=json)
    now = session.clock.now()
    for given in status or ():
        word(_statuses(), given, "--status")
    options = {"status": status, "family": family, "account": [account] if account else None}
    wanted = chosen(session, query, options, waiting=not everything)
    found = view(session.store, wanted, now=now, limit=limit)
    actors = by_account(session.store)
    rows = [
        {**row, "actor_id": case.actor_id or of_all(case.accounts, actors)}
        for case, row in zip(found.cases, found.rows(now), strict=True)
    ]
    if csv is not None:
        _write_csv(session, csv, rows)
        return
    if not session.json:
        rows = [{**row, "accounts": _some(row["accounts"])} for row in rows]
    empty = "No case waits. This is not the same as clean: `vedette doctor` says which checks could run."
    doors.emit(session, rows, columns=_COLUMNS, title="Cases", empty=empty)
    if len(found.cases) < found.total:
        doors.say(session, f"{len(found.cases)} of {found.total}; more with a higher --limit.")


@app.command()
def show(
    context: typer.Context,
    case: _CASE,
    reveal: Annotated[
        bool,
        typer.Option(
            "--reveal", help="Show customer names, notes and remarks; the audit log keeps who looked at whose."
        ),
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
        told["words"] = _words(session, found.case_id)
    if session.json:
        doors.emit(session, [told], columns=())
    else:
        _tell(session, told)


@app.command()
def claim(context: typer.Context, case: _CASE, json: doors.JSON = False) -> None:
    """Take a case for an hour. Exit 1 where another reviewer holds it.

    Example: vedette cases claim case_3k5v
    """
    from vedette.cases import claim as take
    from vedette.cases import find

    session = doors.session(context, json=json)
    answer = take(session.store, session.principal, find(session.store, case).case_id, clock=session.clock)
    _tell_claim(session, answer)
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
    go_on: Annotated[
        bool, typer.Option("--next", help="Then claim the next case and show it; the decision can be undone for 10 s.")
    ] = False,
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
        word(Outcome, outcome, "--outcome"),
        word(Action, action, "--action"),
        reason,
        note,
        expected_version=found.version if version is None else version,
        clock=session.clock,
        versions=in_force(session.store, found, home=home, on=session.clock.now().date()),
    )
    _tell_decision(session, made)
    if go_on:
        claim_next(session, skip=found.case_id)


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


def claim_next(session: doors.Session, wanted: Selection | None = None, skip: str | None = None) -> None:
    """Claim the next case for the one who asks and show it; a word where nothing waits."""
    from vedette.cases import explain, next_case

    answer = next_case(session.store, session.principal, clock=session.clock, wanted=wanted, skip=skip)
    if answer is None:
        doors.say(session, "Nothing waits for you.")
        return
    _tell_claim(session, answer)
    if not session.json:
        _tell(session, explain(session.store, answer.case.case_id, clock=session.clock))


def _tell_claim(session: doors.Session, answer: Claim) -> None:
    from vedette.base import iso

    row = {
        "case_id": answer.case.case_id,
        "version": answer.case.version,
        "given": answer.given,
        "held_by": answer.held_by,
        "until": iso(answer.until),
        "also_viewing": list(answer.also_viewing),
    }
    doors.emit(session, [row], columns=("case_id", "version", "given", "held_by", "until", "also_viewing"))


def _statuses() -> type[CaseStatus]:
    from vedette.cases.model import CaseStatus

    return CaseStatus


def _write_csv(session: doors.Session, target: Path, rows: list[dict[str, Any]]) -> None:
    from vedette.cases import as_csv
    from vedette.store import write_durably

    write_durably(target, as_csv(rows).encode())
    doors.say(session, f"Wrote {target} with {len(rows)} cases.")


def _some(accounts: Any) -> str:
    more = len(accounts) - _SHOWN_ACCOUNTS
    return ", ".join(accounts[:_SHOWN_ACCOUNTS]) + (f" and {more} more" if more > 0 else "")


def _revealed(session: doors.Session, case_id: str) -> dict[str, dict[str, Any]]:
    from vedette.accounts import reveal
    from vedette.cases import revealed

    def known(account: str) -> dict[str, Any]:
        return reveal(session.store, account) or {"held": "nothing about this account"}

    return revealed(session.store, session.principal, case_id, known, clock=session.clock)


def _words(session: doors.Session, case_id: str) -> list[dict[str, Any]]:
    """What people wrote about a case: remarks, and the notes of decisions that have not been shredded."""
    from vedette.cases.store import decisions, note, remarks

    left: list[dict[str, Any]] = [
        {"at": item.made_at, "by": item.made_by, "text": item.text} for item in remarks(session.store, case_id)
    ]
    for made in decisions(session.store, case_id):
        row = made.as_json()
        text = note(session.store, made.decision_id)
        left.append({"at": row["decided_at"], "by": made.decided_by, "text": text or "shredded"})
    return sorted(left, key=lambda item: str(item["at"]))


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
    _section(
        session, "Notes and remarks", [f"{item['at']} {item['by']}: {item['text']}" for item in told.get("words", ())]
    )
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
