"""On the command line: the advisory of a month for customers, staff and conference organisers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.sharing.commands.exchange import officer


def advisory(
    context: typer.Context,
    month: Annotated[str, typer.Option(help="A month that is over, such as 2026-11.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")],
    house: Annotated[str, typer.Option(help="This house's name in the texts.")] = "this provider",
    json: doors.JSON = False,
) -> None:
    """Write what closed cases of a month teach: nine files (Markdown, HTML, PDF), or none where fewer than five cases agree.

    No names, accounts or numbers that could be subtracted. Read it before you send it: nothing is sent from here.

    Example: vedette share advisory --month 2026-11 -o advisories
    """
    from vedette.audit import writing
    from vedette.base import Place
    from vedette.sharing.advisory import AdvisoryError, gather
    from vedette.sharing.advisory_files import advisory_files
    from vedette.store import write_durably

    session = doors.session(context, json=json)
    who = officer(session)
    found = gather(session.store, month, now=session.clock.now())
    made = advisory_files(found, house=house, home=session.home(session.workspace), clock=session.clock)
    try:
        for name, data in made.items():
            output.mkdir(parents=True, exist_ok=True)
            write_durably(output / name, data)
    except OSError as fault:
        raise AdvisoryError(f"cannot be written: {fault.strerror}", place=Place(str(output))) from None
    with writing(session.store, who, "sharing.advisory", clock=session.clock) as act:
        act.fact("month", month)
        act.fact("files", len(made))
    doors.emit(
        session, [{**found.as_json(), "files": sorted(made)}], columns=("month", "families", "held_back", "files")
    )
    if not made:
        doors.say(session, "Nothing may be told: too few cases agree.")
