"""On the command line: submissions taken in, screened, and their sealed rows opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.conference.intake import FileResult
    from vedette.conference.run import Office

app = typer.Typer(
    help="Screen submissions with safeguards: import, dry-run, screen, ask, decide.\n\nExample: vedette conference import submissions.json papers/",
    no_args_is_help=True,
)
VENUE = Annotated[
    str, typer.Option("--venue", metavar="NAME", help="Which conference, where a workspace holds several.")
]
PATHS = Annotated[
    list[Path], typer.Argument(help="Files and folders: HotCRP, OpenReview, CMT, EasyChair, CSV, PDF, LaTeX.")
]
_COLUMNS = ("file", "adapter", "read", "stored", "duplicates", "refused", "problem")
_ROWS = ("submission_id", "institution", "relation", "disclosed", "service", "action", "reasons")


def office(session: doors.Session, venue: str) -> Office:
    """The officer's place in this workspace."""
    from vedette.conference.run import Office

    return Office(session.store, session.principal, session.clock, venue)


@app.command("import")
def import_files(
    context: typer.Context,
    paths: PATHS,
    venue: VENUE = "main",
    max_refused: Annotated[float, typer.Option(help="Share of a file's rows that may be refused.")] = 0.01,
    json: doors.JSON = False,
) -> None:
    """Import submissions, profiles and papers. A faulty file or row is refused with its place; the rest goes on.

    read = stored + duplicates + refused. Personal data is sealed, and deleted when the policy says.

    Example: vedette conference import hotcrp.json openreview.json papers/
    """
    session = doors.session(context, json=json)
    results = _take(session, office(session, venue), paths)
    doors.emit(session, map(_shown if not json else _told, results), columns=_COLUMNS)
    for result in results:
        _report(result)
    if any(result.problem or len(result.refused) > max_refused * result.read for result in results):
        raise typer.Exit(1)


def _take(session: doors.Session, place: Office, paths: list[Path]) -> list[FileResult]:
    from vedette.conference.intake import Intake, take
    from vedette.conference.run import policy_in_force

    intake = Intake(place.store, place.principal, place.clock, place.venue, policy_in_force(place))
    results = []
    with doors.progress(session, "Importing") as bar:
        for result in take(intake, paths):
            results.append(result)
            bar.advance()
    return results


def _told(result: FileResult) -> dict[str, Any]:
    return dict(result.as_json())


def _shown(result: FileResult) -> dict[str, Any]:
    return {**result.as_json(), "refused": len(result.refused)}


def _report(result: FileResult) -> None:
    for item in result.refused[:5]:
        doors.warn(f"{item.file}:{item.line} [{item.field}] {item.reason}. {item.remedy}")
    for reason, count in result.ignored.items():
        doors.warn(f"{result.file}: {count:,} left out: {reason}")
    if result.problem:
        doors.warn(f"{result.file}: refused: {result.problem}. {result.remedy}")


@app.command()
def screen(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(help="Import these first; without any, what is held.")] = None,
    venue: VENUE = "main",
    purpose: Annotated[str, typer.Option(help="Why; written to the log.")] = "screening before review",
    json: doors.JSON = False,
) -> None:
    """Screen every submission: one row for each tie and service that asks for something, at least one a submission.

    {submission_id, institution_id, disclosed, lists, potential, phrases, declared_use, service, action, evidence, law}. Rows are
    sealed as they are shown. Names, nationality and language are not read; nothing is decided.

    Example: vedette conference screen --json
    """
    from vedette.conference.run import lens, screen_all

    session = doors.session(context, json=json)
    place = office(session, venue)
    refused = _take(session, place, paths) if paths else []
    for result in refused:
        _report(result)
    through = lens(place)
    rows = []
    papers = touched = 0
    with doors.progress(session, "Screening") as bar:
        for found in screen_all(place, through, purpose):
            papers += 1
            touched += found.touched
            rows += [row.as_json() for row in found.rows if json or row.action.value != "none" or row.lists]
            bar.advance()
    doors.emit(session, rows, columns=_ROWS, empty="Nothing asks for anything.")
    doors.warn(
        f"{papers:,} submissions, {touched:,} touched, under policy {through.policy.id} {through.policy.version}"
    )
    if any(result.problem for result in refused):
        raise typer.Exit(1)


@app.command()
def results(
    context: typer.Context,
    purpose: Annotated[str, typer.Option(help="Why the seal is opened; written to the log.")],
    submission: Annotated[str, typer.Option(help="One submission only.")] = "",
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Open sealed rows again, for a purpose.

    Example: vedette conference results --submission 17 --purpose "answer of the authors arrived"
    """
    from vedette.conference import run

    session = doors.session(context, json=json)
    doors.emit(session, run.results(office(session, venue), purpose, submission or None), columns=_ROWS)


@app.command()
def export(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    form: Annotated[str, typer.Option("--form", help="hotcrp or openreview.")] = "hotcrp",
    blind: Annotated[bool, typer.Option("--blind", help="For reviewers: without authors and statement.")] = False,
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Write the submissions for the venue's system. No screening data is in it; --blind leaves the authors out, too.

    Example: vedette conference export --blind -o for-reviewers.json
    """
    from vedette.conference.export import written
    from vedette.store import write_durably

    session = doors.session(context, json=json)
    data, count = written(session.store, venue, form, blind=blind)
    write_durably(output, data)
    doors.emit(
        session, [{"file": output.name, "form": form, "submissions": count}], columns=("file", "form", "submissions")
    )
