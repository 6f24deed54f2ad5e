"""`vedette rules backtest`: one rule, or two versions of it, over the lake as it is. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors
from vedette.detections.commands.rules import FOLDERS, all_rules, app, one_rule

if TYPE_CHECKING:
    from vedette.base import Finding
    from vedette.detections.lab import Backtest, Trial
    from vedette.detections.model import Rule

_RULE = "A rule's id (family/name), or the folder of one."
_SHOWN = 5


@app.command()
def backtest(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help=_RULE)],
    second: Annotated[str | None, typer.Argument(metavar="[B]", help="The version to compare with A: as A.")] = None,
    rules: FOLDERS = None,
    capacity: Annotated[int | None, typer.Option(min=1, help="Findings a day that your team can look at.")] = None,
    by: Annotated[
        str, typer.Option(help="Customer groups whose rates are compared, parted by commas.")
    ] = "kind,country",
    sweep: Annotated[bool, typer.Option("--sweep", help="Also run with each threshold moved up and down.")] = False,
    json: doors.JSON = False,
) -> None:
    """Run a rule over the workspace's lake and tell what it would find, how much work that is, and whom it touches.

    With B: which findings are new, lost and kept when A becomes B. Nothing is stored.

    Example: vedette rules backtest network/impossible_travel my-rules/network/impossible_travel --capacity 20 --sweep
    """
    from vedette.detections import lab

    session = doors.session(context, json=json)
    names = [first] if second is None else [first, second]
    chosen = [_chosen(name, rules) for name in names]
    with doors.progress(session, "Back-testing", None):
        answer = lab.backtest(
            session.store, chosen, groups=_groups(by), capacity=capacity, sweep=sweep, clock=session.clock
        )
    if session.json:
        doors.emit(session, [answer.as_json()], columns=["id"])
        return
    _show(session, answer)


def _groups(text: str) -> Sequence[str]:
    from vedette.detections.lab import GROUPS

    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in GROUPS:
            raise typer.BadParameter(f"no group {name!r}; one of {', '.join(GROUPS)}", param_hint="--by")
    return names


def _chosen(name: str, folders: list[Path] | None) -> Rule:
    if (Path(name) / "rule.yml").is_file():
        from vedette.detections.read import read_rule

        return read_rule(Path(name))
    return one_rule(all_rules(folders), name)


def _show(session: doors.Session, answer: Backtest) -> None:
    columns = [
        "rule",
        "findings",
        "accounts",
        "mean_per_day",
        "p95_per_day",
        "most_per_day",
        "days_over_capacity",
        "seconds",
    ]
    doors.emit(session, [_line(trial) for trial in answer.trials], columns=columns, title="Back-test")
    for trial in answer.trials:
        if not trial.ready:
            doors.say(session, trial.reason)
    if answer.difference is not None:
        for word in ("new", "lost", "kept"):
            _examples(session, word, getattr(answer.difference, word))
    else:
        _examples(session, "found", answer.trials[0].findings)
    if answer.parity:
        shown = ["group", "value", "accounts", "touched", "rate", "low", "high", "rate_of_others", "noticeable"]
        title = "Share of each customer group that the rule touches (95 % interval)"
        doors.emit(session, [rate.as_json() for rate in answer.parity], columns=shown, title=title)
    if answer.sweep:
        shown = ["parameter", "value", "findings", "accounts", "new", "lost"]
        doors.emit(session, [line.as_json() for line in answer.sweep], columns=shown, title="Above and below the line")


def _line(trial: Trial) -> dict[str, Any]:
    return {"rule": f"{trial.rule} v{trial.version}", **trial.as_json()}


def _examples(session: doors.Session, word: str, findings: Sequence[Finding]) -> None:
    doors.say(session, f"{word}: {len(findings)}")
    for finding in findings[:_SHOWN]:
        doors.say(session, f"  - {finding.subject}: {finding.summary}")
    if len(findings) > _SHOWN:
        doors.say(
            session, f"  ... and {len(findings) - _SHOWN} more (--json shows counts, `vedette findings` what stands)"
        )
