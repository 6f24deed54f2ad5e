"""`vedette workload`: the ledger of operations, what jobs do, when thresholds are crossed, and work split over accounts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from vedette import doors

app = typer.Typer(help="Show how much compute was used, by whom, and of what sort.", no_args_is_help=True)
_SINCE = Annotated[str | None, typer.Option("--since", help="From this time on, ISO 8601.")]
_UNTIL = Annotated[str | None, typer.Option("--until", help="Up to this time, ISO 8601, itself excluded.")]
_OUTPUT = Annotated[Path | None, typer.Option("--output", "-o", help="Write JSON lines to this file.")]
_SCOPES = ("account", "owner", "actor")


@app.command()
def ledger(
    context: typer.Context,
    scope: Annotated[
        list[str] | None, typer.Option(help="job, account, owner or actor; may be given several times.")
    ] = None,
    since: _SINCE = None,
    until: _UNTIL = None,
    output: _OUTPUT = None,
    figure: Annotated[
        tuple[str, Path] | None,
        typer.Option(
            help="An id of the scope and an SVG file: draw its course, the numbers as CSV beside.", metavar="ID FILE"
        ),
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Count operations by account, beneficial owner and linked actor, with their uncertainty. A line is an upper bound on
    what somebody could have trained here, and says nothing of other providers.

    Example: vedette workload ledger --scope owner --since 2026-01-01
    """
    from vedette import workloads
    from vedette.workloads.model import Scope

    session = doors.session(context, json=json)
    wanted = [Scope(_known(item, "--scope", [each.value for each in Scope])) for item in scope or _SCOPES]
    if figure is not None:
        _draw(session, workloads.draw_course(session.store, session.clock, wanted[0], figure[0]), figure[1])
        return
    book = workloads.book(session.store, session.clock, since=_moment(since), until=_moment(until))
    rows = [line.as_json() for line in workloads.lines(session.store, book, wanted)]
    if output is None and not json:
        rows = [_readable(row) for row in rows]
    columns = ["scope", "id", "flop_p50", "range", "bound", "training", "gpu_hours", "method", "coverage"]
    _give(
        session,
        rows,
        output,
        columns,
        "Operations (a multiply-add counts two)",
        "No telemetry and no allocation is held.",
    )


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    def short(value: Any) -> str:
        return "unknown" if value is None else f"{value:.2g}"

    return {
        **row,
        "flop_p50": short(row["flop_p50"]),
        "range": f"{short(row['flop_p5'])} to {short(row['flop_p95'])}",
        "bound": short(row["flop_bound"]),
        "training": short(row["training_flop_p50"]),
        "coverage": f"{row['coverage']:.0%}",
    }


@app.command()
def classify(
    context: typer.Context,
    since: _SINCE = None,
    until: _UNTIL = None,
    output: _OUTPUT = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw GPU-hours by class into this SVG file, the numbers beside.")
    ] = None,
    timeline: Annotated[
        str | None,
        typer.Option(
            metavar="JOB", help="Draw what one job (or ACCOUNT/JOB) did over time into the SVG file of --output."
        ),
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Tell what each job does - idle, training, inference, hpc, hash - or that it cannot be told.

    Example: vedette workload classify --since 2026-01-01

    Example: vedette workload classify --timeline j-4711 -o j-4711.svg
    """
    from vedette import workloads

    session = doors.session(context, json=json)
    if timeline is not None:
        from vedette.workloads.drawing import draw_timeline

        if output is None or output.suffix != ".svg":
            raise typer.BadParameter("needs -o FILE.svg", param_hint="--timeline")
        _draw(session, draw_timeline(session.store, timeline), output)
        return
    if figure is not None:
        _draw(session, workloads.draw_classes(session.store, session.clock), figure)
        return
    found = workloads.classes(session.store, session.clock, since=_moment(since), until=_moment(until))
    columns = ["job_id", "account_id", "class", "probability", "tier", "coverage", "reasons"]
    rows = [item.as_json() for item in found]
    _give(session, rows, output, columns, "What jobs do", "No telemetry and no allocation is held.")


@app.command()
def forecast(
    context: typer.Context,
    scope: Annotated[
        list[str] | None, typer.Option(help="account, owner or actor; may be given several times.")
    ] = None,
    output: _OUTPUT = None,
    json: doors.JSON = False,
) -> None:
    """Tell when holders cross the thresholds of law, guidance and the house: chances by date, earliest and expected day.

    Example: vedette workload forecast --scope owner
    """
    from vedette import workloads
    from vedette.workloads.model import Scope

    session = doors.session(context, json=json)
    wanted = [Scope(_known(item, "--scope", list(_SCOPES))) for item in scope or _SCOPES[1:]]
    rows = [item.as_json() for item in workloads.forecasts(session.store, session.clock, wanted)]
    columns = [
        "scope",
        "id",
        "threshold",
        "state",
        "probability_crossed",
        "probability_90_days",
        "earliest_plausible",
        "expected",
    ]
    _give(session, rows, output, columns, "Thresholds of compute", "Nobody comes near a threshold within two years.")


@app.command()
def structuring(
    context: typer.Context,
    output: _OUTPUT = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw each pair's jobs into an SVG file of this folder, the numbers beside."),
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Show pairs of accounts whose work looks like one that is split. Evidence for people; it opens no case alone.

    Example: vedette workload structuring --picture pairs
    """
    from vedette import workloads

    session = doors.session(context, json=json)
    found = workloads.split_work(session.store, session.clock)
    if picture is not None:
        from vedette.workloads.drawing import draw_pairs

        picture.mkdir(parents=True, exist_ok=True)
        for name, figure in draw_pairs(session.store, session.clock, found).items():
            _draw(session, figure, picture / f"{name}.svg")
    rows = [item.as_json() for item in found]
    empty = "No pair stands out. Work split with patience, or over several providers, is not seen here."
    _give(session, rows, output, ["accounts", "bits", "linked", "reasons"], "Work that looks split", empty)


def _draw(session: doors.Session, figure: Any, path: Path) -> None:
    from vedette.documents import csv, svg

    numbers = path.with_suffix(".csv")
    path.write_text(svg.write(figure), encoding="utf-8")
    numbers.write_bytes(csv.of_table(figure.table()))
    doors.say(session, f"drawn into {path}, its numbers into {numbers}")


def _moment(text: str | None) -> datetime | None:
    from vedette.base import parse_time

    if text is None:
        return None
    try:
        return parse_time(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}; write for example 2026-01-31T00:00:00Z") from None


def _known(text: str, option: str, words: list[str]) -> str:
    if text not in words:
        raise typer.BadParameter(f"{option} is one of {', '.join(words)}")
    return text


def _give(
    session: doors.Session,
    rows: list[dict[str, Any]],
    output: Path | None,
    columns: list[str],
    title: str,
    empty: str,
) -> None:
    if output is None:
        doors.emit(session, rows, columns=columns, title=title, empty=empty)
        return
    import json as codec

    output.write_text("".join(codec.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    doors.say(session, f"{len(rows):,} rows written to {output}")


@app.command()
def fetch(
    context: typer.Context,
    url: Annotated[str, typer.Option(help="The Prometheus server, in front of /api/v1.")],
    start: Annotated[str | None, typer.Option(help="From this time on; else from where the last call ended.")] = None,
    end: Annotated[str | None, typer.Option(help="Up to this time, itself excluded; else up to a minute ago.")] = None,
    adapter: Annotated[
        str, typer.Option(help="What to ask for: prometheus, infiniband or board_power.")
    ] = "prometheus",
    step: Annotated[int, typer.Option(min=1, max=3_600, help="Seconds between samples.")] = 15,
    page: Annotated[int, typer.Option(min=1, help="Seconds of one question.")] = 3_600,
    token_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="File with a bearer token; else VEDETTE_PROMETHEUS_TOKEN."),
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Certificates of your own authority.")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Take telemetry from a Prometheus server, page by page. A call that broke off goes on where it ended.

    Example: vedette workload fetch --url https://prometheus.example --start 2026-01-01 --token-file token
    """
    import os

    from vedette.workloads.collect import Around, Stretch, collect
    from vedette.workloads.fetch import Reader, Server

    session = doors.session(context, json=json)
    # The environment is a door too: a token there is not seen among the arguments of processes.
    token = token_file.read_text("utf-8") if token_file else os.environ.get("VEDETTE_PROMETHEUS_TOKEN", "")
    stretch = Stretch(adapter=adapter, start=_moment(start), end=_moment(end), step=step, page=page)
    server = Server(url=url, token=token.strip(), authority=ca)
    with Reader(server) as reader, doors.progress(session, "Fetching pages") as bar:
        around = Around(store=session.store, principal=session.principal, clock=session.clock, reader=reader)
        took = collect(around, server.place, stretch, told=lambda _page: bar.advance(1))
    row = {**took.intake.as_json(), "pages": took.pages, "skipped_pages": took.skipped}
    columns = ["adapter", "pages", "skipped_pages", "read", "stored", "duplicates", "refused_count"]
    doors.emit(session, [row], columns=columns, title="Fetched")
    for note in took.intake.notes:
        doors.say(session, note)


@app.command()
def record(
    context: typer.Context,
    job: Annotated[str | None, typer.Option(help="Id of the job; without it the labels are listed.")] = None,
    account: Annotated[str | None, typer.Option(help="The account that ran it.")] = None,
    label: Annotated[str | None, typer.Option(help="idle, training, inference, hpc or hash.")] = None,
    condition: Annotated[
        str | None, typer.Option(help="The way it was run, such as h100-data-parallel; runs that are alike share it.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the job's label away.")] = False,
    json: doors.JSON = False,
) -> None:
    """Label your own benchmark runs, so that classes can be learnt from them; list and remove labels.

    Example: vedette workload record --account bench --job 4711 --label training --condition h100-data-parallel
    """
    from vedette.workloads import teach
    from vedette.workloads.record import Label
    from vedette.workloads.store.labels import labels

    session = doors.session(context, json=json)
    if job is not None:
        if account is None or remove == bool(label and condition):
            raise typer.BadParameter(
                "needs --account, and either --label with --condition or --remove", param_hint="--job"
            )
        if remove:
            teach.forget(session.store, session.principal, account, job, clock=session.clock)
        else:
            item = Label(account_id=account, job_id=job, label=label or "", condition=condition or "")
            teach.record(session.store, session.principal, item, clock=session.clock)
    rows = [item.as_json() for item in labels(session.store)]
    columns = ["account_id", "job_id", "label", "condition", "recorded_by", "recorded_at"]
    doors.emit(session, rows, columns=columns, title="Labelled runs", empty="No run is labelled.")


@app.command()
def learn(context: typer.Context, json: doors.JSON = False) -> None:
    """Learn classes from your labelled runs and the shipped ones. Every condition is held out whole in turn to measure it.

    Example: vedette workload learn
    """
    from vedette.workloads import teach
    from vedette.workloads.record import worth

    session = doors.session(context, json=json)
    found = teach.learn(session.store, session.principal, clock=session.clock)
    columns = ["tier", "condition", "label", "jobs", "right", "silent", "wrong"]
    doors.emit(session, [item.as_json() for item in found.held], columns=columns, title="Conditions held out whole")
    for tier in dict.fromkeys(item.tier for item in found.held):
        doors.say(session, f"{tier}: {worth([item for item in found.held if item.tier == tier])}")
    for note in found.notes:
        doors.say(session, note)
    doors.say(session, f"Version {found.version} is kept ({found.content_hash[:12]}) and in force.")
