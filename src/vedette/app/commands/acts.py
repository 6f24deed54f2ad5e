"""Terminal: the acts that need two rooms, from `vedette init` to `vedette evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors

config = typer.Typer(help="Show settings and where each comes from.", no_args_is_help=True)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="WS", help="Folder to make.")],
    home: Annotated[str, typer.Option(help="Home jurisdiction: us, eu, uk, kr or other.")] = "us",
    json: doors.JSON = False,
) -> None:
    """Make a workspace. The home jurisdiction selects the duties that apply.

    Example: vedette init ws --home eu
    """
    from vedette.app.opening import create
    from vedette.app.settings import HOMES

    if home not in HOMES:
        raise typer.BadParameter(f"{home!r} is not one of {', '.join(HOMES)}", param_hint="--home")
    session = doors.session(context, json=json)
    create(folder, home).close()
    doors.emit(session, [{"workspace": str(folder), "home": home}], columns=["workspace", "home"])
    doors.say(session, f"Next: vedette -w {folder} lists load FILES, then vedette -w {folder} run EXPORT_DIR")


@config.callback()
def _config() -> None:
    """Show settings and where each comes from."""


@config.command()
def show(
    context: typer.Context,
    origin: Annotated[bool, typer.Option("--origin", help="Also say where each value comes from.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show every setting.

    Example: vedette config show --origin
    """
    from vedette.app.settings import origins

    session = doors.session(context, json=json)
    columns = ["setting", "value", *(["origin"] if origin else []), "meaning"]
    doors.emit(session, origins(session.workspace), columns=columns)


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="An export folder; with --adapter, log files or folders; s3://BUCKET/PREFIX for either."),
    ] = None,
    adapter: Annotated[
        str | None, typer.Option(help="Adapter of logs (cloudtrail), billing (stripe) or telemetry (sacct).")
    ] = None,
    sql: Annotated[str, typer.Option(help="Read a query on this database: sqlite:/// or postgresql URL.")] = "",
    table: Annotated[str, typer.Option(help="With --sql: the table of an export that the rows are for.")] = "",
    query: Annotated[str, typer.Option(help="With --sql: one SELECT that names that table's columns.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="Column mapping saved by `vedette map`.")] = None,
    json: doors.JSON = False,
) -> None:
    """Read an export, or raw logs of one product, into the workspace. Nothing is lost: read = stored + duplicates + refused.

    Example: vedette -w ws ingest EXPORT_DIR

    Example: vedette -w ws ingest --adapter cloudtrail trail.jsonl.gz

    Example: vedette -w ws ingest --adapter cloudtrail s3://trail/AWSLogs

    Example: vedette -w ws ingest --sql sqlite:///billing.db --table payments --query "SELECT id AS payment_id, ... FROM paid"
    """
    from vedette.app.ingest import Query, ingest_all, order_of
    from vedette.app.settings import read

    if bool(sql) == bool(paths) or bool(sql) != bool(table and query) or (sql and (adapter or mapping)):
        raise typer.BadParameter("name paths, or --sql with --table and --query alone", param_hint="PATHS")
    session = doors.session(context, json=json)
    asked = Query(address=sql, table=table, text=query) if sql else None
    settings = read(session.workspace)
    with doors.progress(session, "Reading") as bar:
        report = ingest_all(
            session.store,
            session.principal,
            order_of(paths or (), adapter=adapter, mapping=mapping, query=asked, endpoint=settings.s3_endpoint),
            clock=session.clock,
            advance=bar.advance,
            most_refused=settings.max_refused,
        )
    rows = [item.as_json() for item in report.intakes]
    if session.json or len(rows) > 1:
        rows.append(report.total())
    columns = ["adapter", "read", "stored", "known", "other", "duplicates", "refused_count"]
    doors.emit(session, rows, columns=columns, title="Read")
    _tell(session, report)
    if report.failed:
        raise typer.Exit(1)


def _tell(session: doors.Session, report: object) -> None:
    from vedette.app.ingest import IngestReport

    assert isinstance(report, IngestReport)
    for line in report.notes:
        doors.say(session, line)
    for line in report.refusals:
        doors.warn(f"Refused: {line}")


def run(
    context: typer.Context,
    export: Annotated[str | None, typer.Argument(help="Export folder to read first, or s3://BUCKET/PREFIX.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="Column mapping saved by `vedette map`.")] = None,
    json: doors.JSON = False,
) -> None:
    """Do everything that is due: ingest, screen, detect, open cases. Running it again changes nothing.

    Example: vedette -w ws run EXPORT_DIR
    """
    from vedette.app.run import run as run_all
    from vedette.app.summary import lines

    session = doors.session(context, json=json)
    with doors.progress(session, "Running") as bar:
        report = run_all(session, export=export, mapping=mapping, advance=bar.advance)
    if session.json:
        doors.emit(session, [step.as_json() for step in report.steps], columns=[])
    for line in lines(report):
        doors.say(session, line)
    for line in report.faults:
        doors.warn(f"Refused: {line}")
    if report.failed:
        raise typer.Exit(1)


def doctor(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option("--data", help="Export folder: which checks can run with it, and what unlocks more.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Tell what is missing or out of date, and which checks can run with the data held.

    Example: vedette doctor --data EXPORT_DIR
    """
    from vedette.app.doctor import examine

    session = doors.session(context, json=json)
    report = examine(session, data)
    doors.emit(session, report.rows, columns=["topic", "state", "what", "remedy"])
    for line in report.lines:
        doors.say(session, line)
    if report.broken:
        raise typer.Exit(1)


def explain(
    context: typer.Context,
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a finding, case, account, rule, policy or entry.")
    ],
    as_of_decision: Annotated[
        bool, typer.Option("--as-of-decision", help="Of a case: each decision under its own day's rules and lists.")
    ] = False,
    json: doors.JSON = False,
) -> None:
    """Explain anything Vedette prints: what it is, what it rests on, what it cannot see, what to do next.

    Example: vedette explain network/console_from_dprk

    Example: vedette explain case_abc --as-of-decision
    """
    from vedette.app.explain import explain as explain_it

    session = doors.session(context, json=json)
    if as_of_decision:
        _past(session, identity)
        return
    explanation = explain_it(session, identity)
    if session.json:
        doors.emit(session, [explanation.as_json()], columns=[])
    for line in explanation.lines():
        doors.say(session, line)


def _past(session: doors.Session, identity: str) -> None:
    from vedette import cases
    from vedette.app.opening import home_of
    from vedette.app.past import as_of_decision

    case = cases.find(session.store, identity)
    today = session.clock.now().date()
    found = as_of_decision(session.store, case.case_id, home=home_of(session.workspace), today=today)
    if session.json:
        doors.emit(session, [item.as_json() for item in found], columns=[])
        return
    for item in found:
        made = item.decision
        doors.say(
            session, f"{made.decided_at:%Y-%m-%d} {made.outcome} / {made.action} by {made.decided_by}: {item.result}"
        )
        doors.say(session, f"Weighed again under that day's opening rule: {item.weighed}.")
        differences = [look.as_json() for look in item.looks if look.state != "same"]
        doors.emit(session, differences, columns=["what", "state", "then", "now"], empty="Nothing differs.")
    if not found:
        doors.say(session, "Nobody has decided this case yet.")


def evaluate(
    context: typer.Context,
    truth: Annotated[Path, typer.Option("--truth", help="CSV: account_id, planted, kind, group, first_evidence_at.")],
    days: Annotated[
        float | None, typer.Option(help="Days that the data covers; measured from the lake by default.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Measure cases against known truth: recall by kind, burden on the honest, days from first evidence to case.

    Example: vedette -w ws evaluate --truth truth.csv
    """
    from vedette.app.evaluate import read_truth
    from vedette.app.judged import evaluation

    session = doors.session(context, json=json)
    result = evaluation(session.store, read_truth(truth), days)
    print_evaluation(session, result, simulated=False)


def print_evaluation(session: doors.Session, result: object, *, simulated: bool) -> None:
    """Print an evaluation; ``simulated`` says on every table that all of it is invented."""
    from vedette.app.evaluate import Evaluation

    assert isinstance(result, Evaluation)
    label = " (SIMULATED: every customer and event is invented)" if simulated else ""
    if session.json:
        rows = [{"row": "kind", **kind.as_json()} for kind in result.kinds]
        rows += [{"row": "group", **group} for group in result.groups]
        rows.append({"row": "summary", "simulated": simulated, **result.as_json()})
        doors.emit(session, rows, columns=[])
        return
    columns = ["kind", "actors", "actors_found", "recall_actors", "accounts", "accounts_found", "median_days_to_case"]
    doors.emit(session, [kind.as_json() for kind in result.kinds], columns=columns, title=f"Planted actors{label}")
    doors.emit(
        session, result.groups, columns=["group", "accounts", "in_a_case", "case_rate"], title="Honest customers"
    )
    summary = result.as_json()
    doors.say(session, f"Recall {summary['recall_actors']:.1%} of planted actors; {summary['cases']} cases.{label}")
    rate = summary["honest_cases_per_10000_per_30_days"]
    doors.say(
        session, f"{rate} cases per 10,000 honest accounts per 30 days; {len(result.missed)} planted accounts missed."
    )
