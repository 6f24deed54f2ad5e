"""On the command line: build the education kit, and keep the register of who completed its course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors

app = typer.Typer(help="Build material that teaches, and register who completed its course.", no_args_is_help=True)

_KIT_COLUMNS = ("language", "documents", "files", "measure", "hardest", "value", "limit")


@app.command()
def build(
    context: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write; one folder a language in it.")
    ],
    lang: Annotated[
        str, typer.Option(metavar="CODES", help="Languages with commas between; all where not given.")
    ] = "",
    topic: Annotated[
        str, typer.Option(metavar="CATEGORY", help="A category of the control lists for the briefs.")
    ] = "",
    json: doors.JSON = False,
) -> None:
    """Build the education kit: pages, PDF and editable sources, from the policy rules as they stand today.

    A folder that holds files which are not the kit's own, or were edited since, is left as it is.

    Example: vedette education build -o kit --lang en,ko
    """
    from vedette.conference.education.build import build as make
    from vedette.conference.education.build import summary
    from vedette.conference.education.content import chosen
    from vedette.conference.education.write import write

    session = doors.session(context, json=json)
    kit = make(chosen(lang), clock=session.clock, topic=topic)
    count = write(kit, output)
    doors.emit(session, summary(kit), columns=_KIT_COLUMNS)
    for note in kit.notes:
        doors.warn(note)
    doors.say(session, f"{count} files written; open {output / 'index.html'}")
