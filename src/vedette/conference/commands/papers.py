"""On the command line: the briefs of one page, and the draft notification under paragraph 11 of resolution 2321."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors
from vedette.base import Place, VedetteError
from vedette.conference.commands.desk import VENUE, app, office

if TYPE_CHECKING:
    from vedette.documents import Document

_OUTPUT = Annotated[
    Path | None, typer.Option("-o", "--output", help="File to write: .html, .pdf, .docx, .md or .json.")
]


@app.command()
def brief(
    context: typer.Context,
    reader: Annotated[str, typer.Option("--for", metavar="READER", help="chairs or authors.")] = "chairs",
    question: Annotated[str, typer.Option(help="For authors: the question's id.")] = "",
    deadline: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When chairs must have decided.")
    ] = None,
    output: _OUTPUT = None,
    venue: VENUE = "main",
    purpose: Annotated[
        str, typer.Option(help="Why sealed rows are counted; written to the log.")
    ] = "brief for the chairs",
    json: doors.JSON = False,
) -> None:
    """Write a brief of one page: for chairs counts, law, options and what was not checked; for authors one question.

    Example: vedette conference brief --for chairs --deadline 2026-04-01 -o brief.pdf
    """
    from vedette.base import iso
    from vedette.conference import brief as paper
    from vedette.conference import questions, run
    from vedette.conference.dry_run import dry_run
    from vedette.conference.gather import of_venue

    session = doors.session(context, json=json)
    place = office(session, venue)
    policy, now = run.policy_in_force(place), iso(session.clock.now())
    asked = questions.listed(place)
    if reader == "authors":
        found = next((item for item in asked if item.question_id == question), None)
        if found is None:
            raise VedetteError(f"no question {question!r}", remedy="Name one of `vedette conference questions --list`")
        _give(session, paper.for_authors(venue, found, policy.personal_days, now), output)
        return
    if reader != "chairs":
        raise typer.BadParameter("one of: chairs, authors")
    through = run.lens(place)
    scene = paper.Scene(
        venue=venue,
        policy=policy,
        rows=run.results(place, purpose),
        questions=asked,
        report=dry_run(of_venue(place.store, venue), through),
        deadline=deadline.date() if deadline else None,
        made_at=now,
        announced=through.gated,
    )
    _give(session, paper.for_chairs(scene), output)


@app.command()
def notify(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(help="The submission's id.")],
    field: Annotated[str, typer.Option(help="medical, listed (nuclear, aerospace, advanced manufacturing) or other.")],
    service: Annotated[str, typer.Option(help="Which service is in question.")] = "attendance",
    output: _OUTPUT = None,
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Draft the notification to the state authority under Security Council resolution 2321, paragraph 11. A person signs.

    Example: vedette conference notify 17 --field other -o draft.docx
    """
    from vedette.base import iso
    from vedette.conference import brief as paper
    from vedette.conference import run
    from vedette.conference.model import Service

    if service not in [each.value for each in Service]:
        raise typer.BadParameter(f"one of: {', '.join(each.value for each in Service)}")
    session = doors.session(context, json=json)
    rows = run.results(office(session, venue), "draft notification, resolution 2321", submission)
    now = iso(session.clock.now())
    _give(session, paper.notification(venue, submission, rows, field, Service(service), now), output, banner="DRAFT")


def _give(session: doors.Session, document: Document, output: Path | None, banner: str = "") -> None:
    from vedette.documents import markdown
    from vedette.store import write_durably

    if output is None and session.json:
        doors.emit(session, [document.as_json()], columns=())
    elif output is None:
        typer.echo(markdown.write(document))
    else:
        write_durably(output, _written(document, output, banner))
        doors.emit(session, [{"file": output.name, "sha256": document.sha256}], columns=("file", "sha256"))


def _written(document: Document, output: Path, banner: str) -> bytes:
    from vedette.base import canonical_json
    from vedette.conference import page
    from vedette.documents import docx, markdown, pdf

    match output.suffix.casefold():
        case ".html":
            return page.write(document).encode()
        case ".pdf":
            return pdf.write(document, banner=banner)
        case ".docx":
            return docx.write(document, banner=banner)
        case ".md":
            return markdown.write(document).encode()
        case ".json":
            return canonical_json(document.as_json()) + b"\n"
    raise VedetteError("of no known form", place=Place(output.name), remedy="Name .html, .pdf, .docx, .md or .json")
