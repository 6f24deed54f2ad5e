"""`vedette rules`: list, show, test, back-test and begin detection rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.detections.model import Rule

app = typer.Typer(help="Show, test and write detection rules.", no_args_is_help=True)

_FOLDERS = Annotated[
    list[Path] | None, typer.Option("--rules", help="A folder of rules to use instead of those shipped; repeatable.")
]
_ID = Annotated[str, typer.Argument(help="The rule's id, family/name.")]


@app.command("list")
def list_rules(context: typer.Context, rules: _FOLDERS = None, json: doors.JSON = False) -> None:
    """List every rule with its strength, family and sources.

    Example: vedette rules list
    """
    session = doors.session(context, json=json)
    columns = ["id", "version", "strength", "title", "citation", "needs"]
    doors.emit(session, (_brief(rule) for rule in _all(rules)), columns=columns, title="Detection rules")


@app.command()
def show(context: typer.Context, rule_id: _ID, rules: _FOLDERS = None, json: doors.JSON = False) -> None:
    """Show one rule: what it looks for, why, its blind spots, and its SQL.

    Example: vedette rules show network/console_from_dprk
    """
    session = doors.session(context, json=json)
    rule = _one(_all(rules), rule_id)
    if session.json:
        doors.emit(session, [_whole(rule)], columns=["id"])
        return
    for key, value in _whole(rule).items():
        doors.say(session, f"{key.replace('_', ' ')}: {value if isinstance(value, str | int) else doors.shown(value)}")


@app.command()
def test(
    context: typer.Context,
    rule_id: Annotated[str | None, typer.Argument(help="One rule only, family/name.")] = None,
    rules: _FOLDERS = None,
    json: doors.JSON = False,
) -> None:
    """Run the examples of all rules, or of one. Exit 1 when one of them gives something else than it says.

    Example: vedette rules test network/console_from_dprk
    """
    from vedette import detections

    session = doors.session(context, json=json)
    chosen = _all(rules) if rule_id is None else (_one(_all(rules), rule_id),)
    answers: list[dict[str, Any]] = []
    with doors.progress(session, "Trying examples", len(chosen)) as progress:
        for rule in chosen:
            problems = detections.trial(rule)
            answers.append({"id": rule.id, "passed": not problems, "problems": list(problems)})
            progress.advance(1)
    doors.emit(session, answers, columns=["id", "passed", "problems"], title="Examples of rules")
    if not all(answer["passed"] for answer in answers):
        raise typer.Exit(1)


@app.command()
def backtest(context: typer.Context, rule_id: _ID, rules: _FOLDERS = None, json: doors.JSON = False) -> None:
    """Run one rule over the workspace's lake and count what it would find. Nothing is stored.

    Example: vedette rules backtest network/impossible_travel
    """
    from vedette import detections

    session = doors.session(context, json=json)
    rule = _one(_all(rules), rule_id)
    result = detections.run(detections.tables(session.store), (rule,))
    if result.faults:
        raise detections.RuleStopped(result.faults[0].problem, place=rule.place)
    accounts = {account for finding in result.findings for account in finding.accounts}
    answer: dict[str, Any] = {
        "id": rule.id,
        "ready": result.readiness[0].ready,
        "reason": result.readiness[0].reason,
        "findings": len(result.findings),
        "accounts": len(accounts),
        "seconds": round(result.seconds.get(rule.id, 0.0), 3),
        "examples": [finding.summary for finding in result.findings[:5]],
    }
    doors.emit(session, [answer], columns=["id", "findings", "accounts", "seconds", "reason"], title="Back-test")
    for summary in answer["examples"]:
        doors.say(session, f"- {summary}")


@app.command()
def new(
    context: typer.Context,
    family: Annotated[str, typer.Argument(help="The family of evidence, such as network.")],
    name: Annotated[str, typer.Argument(help="The rule's name, lower case with _.")],
    into: Annotated[Path, typer.Option(help="The folder of rules to write into.")] = Path("rules"),
    json: doors.JSON = False,
) -> None:
    """Write a new rule's folder with a template that works.

    Example: vedette rules new network my_rule --into my-rules
    """
    from vedette.detections.scaffold import write_rule

    session = doors.session(context, json=json)
    folder = write_rule(into, family, name)
    doors.emit(session, [{"id": f"{family}/{name}", "folder": str(folder)}], columns=["id", "folder"])
    doors.say(session, f"Try it: vedette rules test {family}/{name} --rules {into}")


def _all(folders: list[Path] | None) -> tuple[Rule, ...]:
    from vedette import detections

    for folder in folders or ():
        if not folder.is_dir():
            raise typer.BadParameter(f"{folder} is no folder")
    return detections.rules(*(folders or ()))


def _one(rules: Sequence[Rule], rule_id: str) -> Rule:
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise typer.BadParameter(f"no rule {rule_id!r}; `vedette rules list` names them all")


def _brief(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "version": rule.version,
        "family": rule.family,
        "strength": rule.strength.value,
        "title": rule.title,
        "caption": rule.caption,
        "citation": list(rule.citation),
        "needs": [str(need) for need in rule.needs],
    }


def _whole(rule: Rule) -> dict[str, Any]:
    return _brief(rule) | {
        "reads": list(rule.reads),
        "lookback": rule.lookback,
        "weight": f"{rule.weight.basis.value}, at most {rule.weight.cap:g} bits",
        "why": rule.why,
        "blind_spots": rule.blind_spots,
        "false_positives": rule.false_positives,
        "honest_customer": rule.honest_customer,
        "next_step": rule.next_step,
        "fairness": rule.fairness,
        "summary": rule.summary,
        "sql": rule.sql,
    }
