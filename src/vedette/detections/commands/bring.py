"""`vedette rules import-sigma`: rules written in Sigma, as folders of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.detections.commands.rules import app


@app.command("import-sigma")
def import_sigma(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Sigma files, or folders of them.")],
    into: Annotated[Path, typer.Option(help="The folder of rules to write into.")],
    family: Annotated[str, typer.Option(help="The family of evidence that the rules belong to.")] = "behaviour",
    json: doors.JSON = False,
) -> None:
    """Import Sigma rules and correlations. Author and licence stay with each; what cannot be said exactly is refused.

    Exit 1 when none could be imported.

    Example: vedette rules import-sigma my-sigma/ --into my-rules
    """
    from vedette.detections import trial
    from vedette.detections.sigma import bring

    session = doors.session(context, json=json)
    found = bring(paths, into, family=family, check=trial)
    rows = [{"title": item.title, "file": item.file, "folder": item.folder, "reason": item.reason} for item in found]
    doors.emit(session, rows, columns=["title", "folder", "reason"], title="Sigma rules")
    taken = [item for item in found if not item.refused]
    doors.say(session, f"{len(taken)} imported, {len(found) - len(taken)} refused.")
    if taken:
        doors.say(
            session,
            "Next: `vedette rules publish FOLDER --reason ...` lets a rule run in shadow; read what it finds before it counts.",
        )
    else:
        raise typer.Exit(1)
