"""On the command line: a policy checked, tried on data, adopted; and the announcement that shuts the gate."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors
from vedette.base import Place, VedetteError
from vedette.conference.commands.desk import VENUE, app, office

if TYPE_CHECKING:
    from vedette.conference.dry_run import DryRun
    from vedette.conference.policy import Policy
    from vedette.conference.ties import Bundle

policy = typer.Typer(
    help="Check, show and adopt a conference's policy.\n\nExample: vedette conference policy check ours.yml",
    no_args_is_help=True,
)
app.add_typer(policy, name="policy")
_POLICY = Annotated[Path, typer.Argument(help="The policy's YAML file.")]
_COLUMNS = ("duty", "jurisdiction", "status", "touches", "paper", "review", "attendance", "money", "compute")
_MOST_BYTES = 1_000_000


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise VedetteError("is larger than 1 MB", place=Place(str(path)))
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise VedetteError(
            f"cannot be read: {fault}", place=Place(str(path)), remedy="Name a YAML file in UTF-8"
        ) from None


def _loaded(session: doors.Session, path: Path) -> Policy:
    from vedette.conference.policy import read_policy
    from vedette.conference.run import known_lists

    store = session.store if session.workspace_exists else None
    return read_policy(_read(path), path.name, known_lists(store))


def _rows(found: Policy) -> list[dict[str, str]]:
    return [
        {
            "duty": duty.id,
            "jurisdiction": duty.jurisdiction,
            "status": duty.status,
            "touches": ", ".join(filter(None, (duty.country, *duty.lists, *duty.list_types))),
            **{service.value: action.value for service, action in duty.services.items()},
        }
        for duty in found.duties
    ]


@policy.command()
def check(context: typer.Context, file: _POLICY, json: doors.JSON = False) -> None:
    """Check a policy: refused with file, line and remedy where it stops papers unfounded or names what does not exist.

    Example: vedette conference policy check ours.yml
    """
    session = doors.session(context, json=json)
    found = _loaded(session, file)
    doors.emit(session, _rows(found), columns=_COLUMNS, title=f"{found.title} ({found.version})")


@policy.command()
def show(context: typer.Context, venue: VENUE = "main", text: bool = False, json: doors.JSON = False) -> None:
    """Show the policy in force; --text prints it whole, to begin your own from.

    Example: vedette conference policy show --text
    """
    from vedette.conference.policy import default_policy
    from vedette.conference.run import policy_in_force

    session = doors.session(context, json=json)
    found = policy_in_force(office(session, venue)) if session.workspace_exists else default_policy()
    if text:
        typer.echo(found.text, nl=False)
        return
    doors.emit(session, _rows(found), columns=_COLUMNS, title=f"{found.title} ({found.version})")


@policy.command()
def adopt(context: typer.Context, file: _POLICY, venue: VENUE = "main", json: doors.JSON = False) -> None:
    """Put a policy in force. It must have been tried by dry-run in the same wording.

    Example: vedette conference policy adopt ours.yml
    """
    from vedette.conference import run

    session = doors.session(context, json=json)
    found = run.adopt(office(session, venue), _read(file), file.name)
    doors.emit(session, [{"policy": found.id, "version": found.version}], columns=("policy", "version"))


@app.command("dry-run")
def dry_run(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Last year's files, not stored; without any, what is held.")
    ] = None,
    policy_file: Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="The policy to try.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Write report.json, .svg, .csv here.")
    ] = None,
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Try a policy on known papers before it is adopted: how many it touches, by country and list, and how evenly.

    Example: vedette conference dry-run last-year.json --policy ours.yml -o report
    """
    from vedette.conference import run
    from vedette.conference.dry_run import dry_run as tried
    from vedette.conference.dry_run import sentences

    session = doors.session(context, json=json)
    place = office(session, venue)
    wanted = _loaded(session, policy_file) if policy_file else run.policy_in_force(place)
    faults: list[VedetteError] = []
    report = tried(_bundles(session, place.venue, paths, faults), run.lens(place, wanted))
    run.tried(place, wanted, report.papers, report.touched)
    for fault in faults:
        doors.warn(f"refused: {fault}")
    if output is not None:
        _write(output, report)
    doors.emit(session, [report.as_json()] if json else [], columns=(), empty="\n".join(sentences(report)))
    if faults:
        raise typer.Exit(1)


def _bundles(
    session: doors.Session, venue: str, paths: list[Path] | None, faults: list[VedetteError]
) -> Iterable[Bundle]:
    from vedette.conference.gather import bundles, of_venue
    from vedette.conference.intake import read_all

    if not paths:
        return of_venue(session.store, venue)
    reading, found = read_all(paths)
    faults += found
    for item in reading.refused[:5]:
        doors.warn(f"{item.file}:{item.line} [{item.field}] {item.reason}. {item.remedy}")
    return bundles(reading.submissions, reading.papers, reading.profiles)


def _write(folder: Path, report: DryRun) -> None:
    from vedette.base import canonical_json
    from vedette.documents import csv, svg
    from vedette.store import write_durably

    folder.mkdir(parents=True, exist_ok=True)
    figure = report.figure()
    write_durably(folder / "report.json", canonical_json(report.as_json()) + b"\n")
    write_durably(folder / "disparity.svg", svg.write(figure).encode())
    write_durably(folder / "disparity.csv", csv.of_table(figure.table()))


@app.command()
def announce(context: typer.Context, venue: VENUE = "main", json: doors.JSON = False) -> None:
    """Record that decisions were announced. From now on no paper is questioned, held or refused for a tie.

    Example: vedette conference announce
    """
    from vedette.conference import run

    session = doors.session(context, json=json)
    held = run.announce(office(session, venue))
    doors.emit(session, [{"venue": held.venue, "announced_at": held.announced_at}], columns=("venue", "announced_at"))
