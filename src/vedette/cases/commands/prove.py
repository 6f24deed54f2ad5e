"""`vedette cases sample|quality|review`: what is missed, how right the checks are, how far reviewers agree."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.base import Json
from vedette.cases.commands.chosen import word
from vedette.cases.commands.desk import app

sample = typer.Typer(
    help="A weekly random sample of accounts without a case, judged blind.\n\nExample: vedette cases sample draw",
    no_args_is_help=True,
)
app.add_typer(sample, name="sample")
_WEEK = Annotated[str | None, typer.Option(help="Week such as 2026-W48; by default the present one.")]
_BAR = 20


@sample.command()
def draw(
    context: typer.Context,
    week: _WEEK = None,
    size: Annotated[int, typer.Option(min=1, max=1_000, help="How many accounts.")] = 30,
    json: doors.JSON = False,
) -> None:
    """Draw the week's accounts: seeded from the audit log's head, once a week, so nobody chooses.

    Example: vedette cases sample draw --week 2026-W48 --size 30
    """
    from vedette.cases.sample import draw as draw_sample

    session = doors.session(context, json=json)
    with session.store.engine(["accounts"]) as engine:
        held = [str(row["account_id"]) for row in engine.dictionaries("SELECT account_id FROM accounts")]
    made, _ = draw_sample(session.store, session.principal, _week(session, week), size, held, clock=session.clock)
    row = {"week": made.week, "size": made.size, "population": made.population, "seed": made.seed}
    doors.emit(session, [{**row, "log_head": made.log_head}], columns=("week", "size", "population", "seed"))


@sample.command("next")
def next_(context: typer.Context, week: _WEEK = None, json: doors.JSON = False) -> None:
    """Show the next account to judge: what the provider holds about it, and no finding.

    Example: vedette cases sample next
    """
    from vedette.accounts import get
    from vedette.cases.sample import to_judge

    session = doors.session(context, json=json)
    waiting = to_judge(session.store, _week(session, week))
    if not waiting:
        doors.say(session, "Every account of this week has been judged.")
        return
    item = waiting[0]
    held = get(session.store, item.account_id) or {}
    facts = {name: value for name, value in held.items() if value not in (None, "") and not _technical(name)}
    row = {"week": item.week, "account_id": item.account_id, "waiting": len(waiting), "held": facts}
    doors.emit(session, [row], columns=("week", "account_id", "waiting", "held"))


@sample.command()
def judge(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="Account of the sample.")],
    verdict: Annotated[str, typer.Option(help="true, useful, false or undetermined.")],
    note: Annotated[str, typer.Option(help="What you saw; kept sealed.")],
    week: _WEEK = None,
    json: doors.JSON = False,
) -> None:
    """Judge one sampled account, once; what should have been found opens a case. Then its findings are shown.

    Example: vedette cases sample judge a-17 --verdict false --note "A student project, paid by a university."
    """
    from vedette.cases import Outcome
    from vedette.cases.sample import judge as say
    from vedette.findings import standing

    session = doors.session(context, json=json)
    chosen = word(Outcome, verdict, "--verdict")
    item = say(session.store, session.principal, _week(session, week), account, chosen, note, clock=session.clock)
    found = [stored.finding.summary for stored in standing(session.store, account=account)]
    row = {"week": item.week, "account_id": item.account_id, "verdict": chosen.value, "findings": found}
    doors.emit(session, [row], columns=("week", "account_id", "verdict", "findings"))


@app.command()
def review(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="A decided case that you did not decide.")],
    outcome: Annotated[str, typer.Option(help="true, useful, false or undetermined.")],
    json: doors.JSON = False,
) -> None:
    """Give a second opinion on a decided case; it changes nothing and measures agreement.

    Example: vedette cases review case_3k5v --outcome false
    """
    from vedette.cases import Outcome, find
    from vedette.cases.sample import second_opinion

    session = doors.session(context, json=json)
    chosen = word(Outcome, outcome, "--outcome")
    found = find(session.store, case).case_id
    second_opinion(session.store, session.principal, found, chosen, clock=session.clock)
    doors.emit(session, [{"case_id": found, "outcome": chosen.value}], columns=("case_id", "outcome"))


@app.command()
def quality(context: typer.Context, json: doors.JSON = False) -> None:
    """Show precision by check with intervals, agreement, minutes a case, queue against capacity, and what is missed.

    Example: vedette cases quality
    """
    from vedette.cases.quality import quality as measure

    session = doors.session(context, json=json)
    told = measure(session.store, now=session.clock.now())
    if session.json:
        doors.emit(session, [told.as_json()], columns=())
        return
    rows = [{"check": item.check, **_share(item.true.as_json())} for item in told.checks]
    columns = ("check", "share", "plot", "interval", "of")
    doors.emit(session, rows, columns=columns, title="True among decided", empty="No decision yet.")
    missed = [{"week": item.week, "judged": item.judged, **_share(item.share.as_json())} for item in told.samples]
    columns = ("week", "judged", "share", "plot", "interval")
    doors.emit(session, missed, columns=columns, title="Missed in the weekly sample", empty="No sample drawn yet.")
    for title, part in (("Agreement", told.agreement.as_json()), ("Queue", told.load.as_json())):
        doors.say(session, f"\n{title}", style="bold")
        for name, value in part.items():
            doors.say(session, f"  {name.replace('_', ' ')}: {doors.shown(value) or 'not known yet'}")
    doors.say(session, f"\n{told.as_json()['caveat']}")


def _technical(name: str) -> bool:
    """Columns that tell a reviewer nothing."""
    return name.endswith(("_token", "_hash")) or name in ("received_us", "ordinal", "refs_version", "account_id")


def _share(told: dict[str, Json]) -> dict[str, Json]:
    """A share for people: the number, a bar that shows the interval as dots, and the interval in words."""
    low, high = float(str(told["low"])), float(str(told["high"]))
    value = None if told["share"] is None else float(str(told["share"]))
    cells = [("#" if value is not None and (n + 0.5) / _BAR <= value else " ") for n in range(_BAR)]
    for n in range(_BAR):
        if low <= (n + 0.5) / _BAR <= high:
            cells[n] = "=" if cells[n] == "#" else "."
    shown = "" if value is None else f"{value:.2f}"
    return {"share": shown, "plot": f"|{''.join(cells)}|", "interval": f"{low:.2f} to {high:.2f}", "of": told["of"]}


def _week(session: doors.Session, given: str | None) -> str:
    from vedette.cases.sample import week_of

    return given or week_of(session.clock.now().date())
