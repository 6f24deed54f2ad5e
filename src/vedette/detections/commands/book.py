"""`vedette rules book|publish|retire|approve|reject|shadow|except|exceptions|end-exception`: what runs here, and why."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors
from vedette.detections.commands.rules import FOLDERS, all_rules, app, one_rule

_ID = Annotated[str, typer.Argument(help="The rule's id, family/name.")]
_REASON = Annotated[str, typer.Option("--reason", help="Why, for the log.")]
_COLUMNS = ["id", "mode", "version", "origin", "shadow_version", "waits_for", "changed_by", "reason"]


@app.command()
def book(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also the shipped rules that nobody has touched.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show which rules count here, which run in shadow, which are retired, and what waits for a second person.

    Example: vedette rules book --all
    """
    from vedette.detections import publish

    session = doors.session(context, json=json)
    lines = [line for line in publish.listed(session.store) if everything or json or line.changed_at]
    rows = [line.as_json() for line in lines]
    doors.emit(
        session, rows, columns=_COLUMNS, title="Rule book", empty="Every shipped rule counts; nothing was changed."
    )


@app.command("publish")
def publish_rule(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The rule's folder.", exists=True, file_okay=False)],
    reason: _REASON,
    live: Annotated[bool, typer.Option("--live", help="Let its findings count, once a second person agrees.")] = False,
    json: doors.JSON = False,
) -> None:
    """Put a rule into the book: in shadow at once; with --live it waits for a second person's approval.

    Example: vedette rules publish my-rules/network/my_rule --reason "seen in case 12"
    """
    from vedette.detections import publish
    from vedette.detections.read import read_rule
    from vedette.detections.standing import Mode

    session = doors.session(context, json=json)
    mode = Mode.LIVE if live else Mode.SHADOW
    line = publish.publish(
        session.store, session.principal, read_rule(folder), mode, reason=reason, clock=session.clock
    )
    doors.emit(session, [line.as_json()], columns=_COLUMNS)
    if line.wanted_mode is not None:
        doors.say(session, f"A second person approves with: vedette rules approve {line.rule_id}")
    else:
        doors.say(session, f"It runs in shadow from the next run; see it with: vedette rules shadow {line.rule_id}")


@app.command()
def retire(context: typer.Context, rule_id: _ID, reason: _REASON, json: doors.JSON = False) -> None:
    """Stop a rule. In shadow it stops at once; one that counts waits for a second person's approval.

    Example: vedette rules retire network/my_rule --reason "replaced by network/better_rule"
    """
    from vedette.detections import publish

    session = doors.session(context, json=json)
    line = publish.retire(session.store, session.principal, rule_id, reason=reason, clock=session.clock)
    doors.emit(session, [line.as_json()], columns=_COLUMNS)


@app.command()
def approve(context: typer.Context, rule_id: _ID, json: doors.JSON = False) -> None:
    """Agree, as a second person, to what waits for a rule.

    Example: vedette rules approve network/my_rule
    """
    _answer(context, rule_id, agree=True, json=json)


@app.command()
def reject(context: typer.Context, rule_id: _ID, json: doors.JSON = False) -> None:
    """Refuse what waits for a rule, or take your own request back.

    Example: vedette rules reject network/my_rule
    """
    _answer(context, rule_id, agree=False, json=json)


def _answer(context: typer.Context, rule_id: str, *, agree: bool, json: bool) -> None:
    from vedette.detections import publish

    session = doors.session(context, json=json)
    line = publish.answer(session.store, session.principal, rule_id, agree=agree, clock=session.clock)
    doors.emit(session, [line.as_json()], columns=_COLUMNS)


@app.command()
def shadow(
    context: typer.Context,
    rule_id: Annotated[str | None, typer.Argument(help="One rule only, family/name.")] = None,
    json: doors.JSON = False,
) -> None:
    """Show what rules in shadow found in the last run. None of it opened a case.

    Example: vedette rules shadow network/my_rule
    """
    from vedette.detections.store import rulebook

    session = doors.session(context, json=json)
    rows: list[dict[str, Any]] = list(rulebook.shadow(session.store, rule_id))
    columns = ["rule_id", "rule_version", "subject_kind", "subject_id", "strength", "bits", "last_seen", "summary"]
    doors.emit(session, rows, columns=columns, title="Found in shadow", empty="No rule in shadow found anything.")


@app.command("except")
def except_account(
    context: typer.Context,
    rule_id: _ID,
    account: Annotated[str, typer.Argument(help="The account that the rule is to leave alone.")],
    reason: _REASON,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day, at most 180 days from now.")],
    rules: FOLDERS = None,
    json: doors.JSON = False,
) -> None:
    """Let a rule leave one account alone until a day. Rules that hold for a person take no exceptions.

    Example: vedette rules except device/devices_apart a-17 --reason "two offices, seen contract" --until 2027-01-31
    """
    from vedette.detections import publish

    session = doors.session(context, json=json)
    known = (*publish.book(session.store).live, *all_rules(rules))
    item = publish.except_account(
        session.store,
        session.principal,
        one_rule(known, rule_id),
        account,
        reason=reason,
        expires_at=datetime.combine(until.date(), time.max, UTC),
        clock=session.clock,
    )
    doors.emit(
        session, [item.as_json(session.clock.now())], columns=["exception_id", "rule", "account_id", "expires_at"]
    )


@app.command()
def exceptions(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show the exceptions in force: which rule leaves which account alone, why, who answers for it, until when.

    Example: vedette rules exceptions
    """
    from vedette.detections.store import rulebook

    session = doors.session(context, json=json)
    now = session.clock.now()
    rows = [item.as_json(now) for item in rulebook.exceptions(session.store) if everything or item.holds(now)]
    columns = ["exception_id", "rule", "account_id", "reason", "owner", "expires_at", "in_force"]
    doors.emit(session, rows, columns=columns, title="Exceptions", empty="No exception is in force.")


@app.command("end-exception")
def end_exception(
    context: typer.Context,
    exception_id: Annotated[str, typer.Argument(help="The exception's id.")],
    json: doors.JSON = False,
) -> None:
    """End an exception before its day.

    Example: vedette rules end-exception exc_a1b2c3
    """
    from vedette.detections import publish

    session = doors.session(context, json=json)
    item = publish.end_exception(session.store, session.principal, exception_id, clock=session.clock)
    doors.emit(session, [item.as_json(session.clock.now())], columns=["exception_id", "rule", "account_id", "ended_at"])
