"""`vedette rules`: list, show, test and begin detection rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.detections.model import Rule

app = typer.Typer(help="Show, test and write detection rules.", no_args_is_help=True)

FOLDERS = Annotated[
    list[Path] | None, typer.Option("--rules", help="A folder of rules to use instead of those shipped; repeatable.")
]
_ID = Annotated[str, typer.Argument(help="The rule's id, family/name.")]


@app.command("list")
def list_rules(context: typer.Context, rules: FOLDERS = None, json: doors.JSON = False) -> None:
    """List every rule with its strength, family and sources.

    Example: vedette rules list
    """
    session = doors.session(context, json=json)
    columns = ["id", "version", "strength", "title", "citation", "needs", "expires"]
    doors.emit(
        session,
        (_brief(rule, session.clock.now().date()) for rule in all_rules(rules)),
        columns=columns,
        title="Detection rules",
    )


@app.command()
def show(context: typer.Context, rule_id: _ID, rules: FOLDERS = None, json: doors.JSON = False) -> None:
    """Show one rule: what it looks for, why, its blind spots, and its SQL.

    Example: vedette rules show network/console_from_dprk
    """
    session = doors.session(context, json=json)
    rule = one_rule(all_rules(rules), rule_id)
    told = _whole(rule, session.clock.now().date())
    if session.json:
        doors.emit(session, [told], columns=["id"])
        return
    for key, value in told.items():
        doors.say(session, f"{key.replace('_', ' ')}: {value if isinstance(value, str | int) else doors.shown(value)}")


@app.command()
def test(
    context: typer.Context,
    rule_id: Annotated[str | None, typer.Argument(help="One rule only, family/name.")] = None,
    rules: FOLDERS = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results to this JUnit file as well.")] = None,
    engine: Annotated[
        str, typer.Option(help="Where to run them: duckdb, spark, or both and compare the rows.")
    ] = "duckdb",
    master: Annotated[str, typer.Option(help="The Spark to use.")] = "local[2]",
    json: doors.JSON = False,
) -> None:
    """Run the examples of all rules, or of one. Exit 1 when one of them gives something else than it says.

    Example: vedette rules test network/console_from_dprk

    Example: vedette rules test --engine both
    """
    from vedette import detections
    from vedette.detections.junit import as_junit

    if engine not in detections.ENGINES:
        raise typer.BadParameter(f"{engine!r} is not one of {', '.join(detections.ENGINES)}", param_hint="--engine")
    session = doors.session(context, json=json)
    chosen = all_rules(rules) if rule_id is None else (one_rule(all_rules(rules), rule_id),)
    answers: list[dict[str, Any]] = []
    seconds: dict[str, float] = {}
    with doors.progress(session, "Trying examples", len(chosen)) as progress:
        for rule in chosen:
            started = perf_counter()
            problems = detections.trial(rule, engine=engine, master=master)
            seconds[rule.id] = perf_counter() - started
            answers.append({"id": rule.id, "passed": not problems, "problems": list(problems)})
            progress.advance(1)
    if junit is not None:
        junit.write_bytes(as_junit({item["id"]: item["problems"] for item in answers}, seconds, suite="vedette.rules"))
    doors.emit(session, answers, columns=["id", "passed", "problems"], title="Examples of rules")
    if not all(answer["passed"] for answer in answers):
        raise typer.Exit(1)


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


def all_rules(folders: list[Path] | None) -> tuple[Rule, ...]:
    """The rules of these folders, or those shipped. A folder that is none is wrong usage."""
    from vedette import detections

    for folder in folders or ():
        if not folder.is_dir():
            raise typer.BadParameter(f"{folder} is no folder")
    return detections.rules(*(folders or ()))


def one_rule(rules: Sequence[Rule], rule_id: str) -> Rule:
    """The rule of this id. An unknown one is wrong usage."""
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise typer.BadParameter(f"no rule {rule_id!r}; `vedette rules list` names them all")


def _brief(rule: Rule, today: date) -> dict[str, Any]:
    return {
        "id": rule.id,
        "version": rule.version,
        "family": rule.family,
        "strength": rule.strength.value,
        "title": rule.title,
        "caption": rule.caption,
        "citation": list(rule.citation),
        "needs": [str(need) for need in rule.needs],
        "expires": None if rule.expires is None else f"{rule.expires}{' (expired)' if rule.expired(today) else ''}",
    }


def _whole(rule: Rule, today: date) -> dict[str, Any]:
    return _brief(rule, today) | {
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
