"""Terminal: how far each customer is verified, on what evidence, and what is due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors
from vedette.app.commands.signups import forget, replay

customers = typer.Typer(help="Show and record how far customers are verified.", no_args_is_help=True)


customers.command()(replay)
customers.command()(forget)


@customers.callback()
def _customers() -> None:
    """Show and record how far customers are verified."""


_Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Id of the account.")]
_LINE = ["account_id", "state", "tier", "declared", "evidence", "presumed_foreign", "missing", "refresh_on"]


@customers.command()
def status(
    context: typer.Context,
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="Id of one account, in full.")] = None,
    state: Annotated[str | None, typer.Option(help="Only accounts in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show; JSON lines are never cut.")] = 50,
    json: doors.JSON = False,
) -> None:
    """Show how far customers are verified, what is missing and when verification is due again.

    Example: vedette customers status --state pending-limited

    Example: vedette customers status a-17
    """
    from vedette.accounts import overview, verified
    from vedette.accounts.verification import timers

    session = doors.session(context, json=json)
    on, timing = session.clock.now().date(), timers()
    if account is not None:
        _tell_status(session, overview.detail(verified.record_of(session.store, account), on, timing))
        return
    wanted = None if state is None else _state(state, "--state")
    records = (item for item in verified.records(session.store) if wanted in (None, item.standing.state))
    rows: Any = (overview.line(item, on, timing) for item in records)
    if not session.json:
        every = list(rows)
        rows = every[:limit]
    doors.emit(session, rows, columns=_LINE, empty="No account in that state.")
    if not session.json and len(every) > limit:
        doors.say(session, f"{len(every) - limit:,} more; narrow with --state, or use --json.")


def _tell_status(session: doors.Session, row: dict[str, Any]) -> None:
    if session.json:
        doors.emit(session, [row], columns=[])
        return
    doors.say(session, f"{row['account_id']}: {row['state']}", style="bold")
    doors.say(session, f"{row['means']} Permits: {row['permits']}")
    if row["reason"]:
        doors.say(session, f"Since {row['since']} by {row['by']}: {row['reason']}")
    due = f"{row['refresh_on']} ({row['refresh_why']})" if row["refresh_on"] else "no day, for it is not verified"
    doors.say(session, f"Verify again on: {due}. Keep until: {row['keep_until'] or 'while the account is open'}.")
    foreign = "presumed foreign" if row["presumed_foreign"] else "shown to be of the home jurisdiction"
    doors.say(session, f"The customer is {foreign}. The provider's export says: {row['declared'] or 'nothing'}.")
    doors.emit(
        session, [{"field": name, "state": found} for name, found in row["fields"].items()], columns=["field", "state"]
    )
    owners = [{"owner": name, "counts": found} for name, found in row["beneficial_owners"].items()]
    doors.emit(
        session,
        owners,
        columns=["owner", "counts"],
        title="Beneficial owners",
        empty="No beneficial owner is declared.",
    )
    columns = ["done_at", "source", "method", "result", "about", "expires", "checks"]
    doors.emit(session, row["evidence_held"], columns=columns, title="Evidence", empty="No evidence is held.")
    doors.emit(
        session, row["moves"], columns=["at", "from", "to", "by", "reason"], title="Changes", empty="No change yet."
    )
    for name, needs in row["may_become"].items():
        doors.say(session, f"May become {name}: needs {', '.join(needs)}")
    doors.say(session, row["note"])


def _state(text: str, hint: str) -> Any:
    from vedette.accounts.verification import State

    return _choice(State, text, hint)


def _choice(words: Any, text: str, hint: str) -> Any:
    try:
        return words(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(words)}", param_hint=hint) from None


@customers.command()
def due(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=0, help="Also what becomes due within so many days.")] = 30,
    json: doors.JSON = False,
) -> None:
    """Show which verifications are due again, soonest first, and what else is overdue.

    Example: vedette customers due --days 60
    """
    from datetime import timedelta

    from vedette.accounts import overview, verified
    from vedette.accounts.verification import timers

    session = doors.session(context, json=json)
    today = session.clock.now().date()
    until = (today + timedelta(days=days)).isoformat()
    opened = (item for item in verified.records(session.store) if item.facts.closed is None)
    lines = (overview.line(item, today, timers()) for item in opened)
    rows = [{"row": "refresh", **row} for row in lines if row["refresh_on"] and str(row["refresh_on"]) <= until]
    rows.sort(key=lambda row: (str(row["refresh_on"]), str(row["account_id"])))
    columns = ["account_id", "refresh_on", "overdue", "tier", "evidence"]
    doors.emit(session, rows, columns=columns, title="Verify again", empty=f"Nothing is due until {until}.")
    others = [item for item in verified.due(session.store, session.clock) if "refresh" not in item.check]
    found = [
        {
            "row": "finding",
            "check": f.check,
            "account_id": f.subject.id,
            "strength": f.strength.value,
            "summary": f.summary,
        }
        for f in others
    ]
    doors.emit(session, found, columns=["check", "account_id", "strength", "summary"], title="Also", empty="")


@customers.command()
def coverage(context: typer.Context, json: doors.JSON = False) -> None:
    """Show what share of customers is verified on evidence, and which share is only declared so.

    Example: vedette customers coverage --json
    """
    from vedette.accounts import figures, verified
    from vedette.accounts.verification import timers

    session = doors.session(context, json=json)
    row: dict[str, Any] = figures.coverage(verified.records(session.store), session.clock.now().date(), timers())
    if session.json:
        doors.emit(session, [row], columns=[])
        return
    doors.emit(
        session,
        [{"state": name, "accounts": count} for name, count in row["states"].items()],
        columns=["state", "accounts"],
    )
    only, declared = row["declared_verified_without_evidence"], row["declared_verified"]
    share = f" ({row['share_declared_without_evidence']:.1%})" if declared else ""
    doors.say(
        session, f"Declared verified by the export: {declared:,}; without evidence here: {only:,}{share}.", style="bold"
    )
    doors.say(
        session, f"With passed evidence that holds: {row['with_passed_evidence']:,} of {row['accounts']:,} accounts."
    )
    doors.say(
        session, f"Presumed foreign: {row['presumed_foreign']:,}. Verification overdue: {row['refresh_overdue']:,}."
    )
    fields = [{"field": name, **found} for name, found in row["fields"].items()]
    doors.emit(session, fields, columns=["field", "present", "missing", "expired"], title=f"Fields ({row['label']})")


@customers.command()
def record(
    context: typer.Context,
    account: _Account,
    method: Annotated[str, typer.Option(help="documentary, non-documentary or combined.")],
    result: Annotated[str, typer.Option(help="passed, failed, needs_review or expired.")],
    owner: Annotated[str, typer.Option(help="Id of the owner it is about; the customer where not said.")] = "",
    reference: Annotated[str, typer.Option(help="Your own reference to the papers; only its hash is kept.")] = "",
    expires: Annotated[str | None, typer.Option(help="Last day on which it holds, such as 2029-05-06.")] = None,
    document_type: Annotated[str, typer.Option(help="Kind of document, such as passport.")] = "",
    document_country: Annotated[str, typer.Option(help="Country of issue, two letters.")] = "",
    shows_home: Annotated[
        bool, typer.Option("--shows-home", help="It shows a person or firm of your home jurisdiction.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Record what came of looking into somebody's identity. The account's state does not change by it.

    Example: vedette customers record a-17 --method documentary --result passed --expires 2029-05-06
    """
    from dataclasses import replace

    from vedette.accounts import verified
    from vedette.accounts.verification import Method, Result

    session = doors.session(context, json=json)
    words = _choice(Method, method, "--method"), _choice(Result, result, "--result")
    day = _day(expires, "--expires")
    found = replace(
        verified.own_evidence(session.store, account, *words, clock=session.clock),
        about=owner,
        reference=session.store.vault.token("own_reference", reference) if reference else "",
        expires=day,
        document_type=document_type,
        document_country=document_country.upper(),
        shows_home=shows_home,
    )
    verified.record(session.store, session.principal, found, clock=session.clock)
    doors.emit(session, [found.as_json()], columns=["account_id", "about", "method", "result", "done_at", "expires"])


def _day(text: str | None, hint: str) -> Any:
    from vedette.base import parse_day

    try:
        return parse_day(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write for example 2029-05-06", param_hint=hint) from None


@customers.command()
def move(
    context: typer.Context,
    account: _Account,
    to: Annotated[str, typer.Argument(metavar="STATE", help="The new state, such as verified or pending-limited.")],
    reason: Annotated[str, typer.Option(help="Why, in one sentence. Kept sealed.")],
    tier: Annotated[str | None, typer.Option(help="How often to verify again: high, standard or low risk.")] = None,
    json: doors.JSON = False,
) -> None:
    """Change how far a customer is verified. Nobody becomes verified without evidence; nothing adverse without a person.

    Example: vedette customers move a-17 verified --reason "passport seen, owners shown"
    """
    from vedette.accounts import verified
    from vedette.accounts.verification import Tier

    session = doors.session(context, json=json)
    level = None if tier is None else _choice(Tier, tier, "--tier")
    wish = verified.Wish(to=_state(to, "STATE"), reason=reason, tier=level)
    now = verified.move(session.store, session.principal, account, wish, clock=session.clock)
    row = {"account_id": account, "state": now.state.value, "tier": now.tier.value, "by": now.by, "reason": now.reason}
    doors.emit(session, [row], columns=["account_id", "state", "tier", "by", "reason"])


@customers.command()
def resellers(
    context: typer.Context,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="ID", help="Register this reseller, or tell more of it.")
    ] = None,
    received: Annotated[str | None, typer.Option(help="Day on which its identification programme came.")] = None,
    attested: Annotated[str | None, typer.Option(help="Day of its last attestation.")] = None,
    domestic: Annotated[bool, typer.Option("--domestic", help="It is of your home jurisdiction.")] = False,
    note: Annotated[str, typer.Option(help="A note, kept sealed.")] = "",
    json: doors.JSON = False,
) -> None:
    """Show the register of resellers with the accounts under each, overdue ones first; or add to it.

    Example: vedette customers resellers

    Example: vedette customers resellers --keep r-4 --received 2026-02-01 --attested 2026-11-01
    """
    from vedette.accounts import figures, verified
    from vedette.accounts.store.verified import resellers as register
    from vedette.accounts.verification import Reseller, timers

    session = doors.session(context, json=json)
    if keep is not None:
        days = {"programme_received": _day(received, "--received"), "last_attested": _day(attested, "--attested")}
        item = Reseller(account_id=keep, foreign=not domestic, note=note, **days)
        verified.keep_reseller(session.store, session.principal, item, clock=session.clock)
    held = register(session.store)
    found = figures.resellers(verified.records(session.store), held, session.clock.now().date(), timers())
    rows = [row.as_json() for row in found if keep in (None, row.account_id)]
    columns = [
        "reseller_id",
        "registered",
        "foreign",
        "programme_received",
        "last_attested",
        "due",
        "accounts",
        "overdue",
    ]
    doors.emit(session, rows, columns=columns, empty="No reseller is registered, and no account names one.")


@customers.command()
def evidence(
    context: typer.Context,
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="persona, stripe_identity or sumsub.")],
    file: Annotated[Path, typer.Argument(help="The vendor's message, as sent: one JSON object.")],
    json: doors.JSON = False,
) -> None:
    """Take a vendor's message from a file as evidence; you vouch for where it came from. The same message counts once.

    Example: vedette customers evidence persona event.json
    """
    from vedette.accounts.evidence import take
    from vedette.app.customers import read_file

    session = doors.session(context, json=json)
    receipt = take(session.store, session.principal, vendor, read_file(file), clock=session.clock)
    columns = ["status", "event", "account_id", "method", "result", "done_at", "reason"]
    doors.emit(session, [receipt.as_json()], columns=columns)


@customers.command()
def certification(
    context: typer.Context,
    csv: Annotated[bool, typer.Option("--csv", help="Write figure,value lines.")] = False,
    json: doors.JSON = False,
) -> None:
    """Count what a certification would hold: numbers and places, no customer. Modelled on a proposed rule.

    Example: vedette customers certification --json
    """
    import sys

    from vedette.app.customer_acts import as_csv
    from vedette.app.customer_acts import certification as count

    session = doors.session(context, json=json)
    row = count(session.store, session.clock)
    if csv:
        sys.stdout.write(as_csv(row))
        return
    shown = [row] if session.json else [{"figure": name, "value": value} for name, value in row.items()]
    doors.emit(
        session, shown, columns=["figure", "value"], title="" if session.json else f"Certification ({row['label']})"
    )
