"""Terminal: the demonstration, which ends at the console."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.app.demo import Shown


def demo(
    context: typer.Context,
    accounts: Annotated[int, typer.Option(min=150, max=1_000_000, help="Accounts of the invented provider.")] = 20_000,
    days: Annotated[int, typer.Option(min=20, max=400, help="Days it covers.")] = 60,
    seed: Annotated[int, typer.Option(help="Another seed, another provider.")] = 7,
    folder: Annotated[Path, typer.Option(help="Where to put it; must not exist yet, or be an earlier demo.")] = Path(
        "demo-workspace"
    ),
    lists: Annotated[list[Path] | None, typer.Option(help="Real list files to screen against, too.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Start the console at the end, until stopped.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the console; 0 takes any free one.")] = 8080,
    json: doors.JSON = False,
) -> None:
    """Invent a provider with planted actors and honest customers, run the whole job, print what was found and missed.

    Ends with the address of the console. Nobody has a password there: starting it prints a link, good once and for a day,
    with which the first administrator chooses one.

    Example: vedette demo --accounts 2000 --serve
    """
    from vedette.app.demo import Wish, demonstrate

    session = doors.session(context, json=json)
    wish = Wish(accounts=accounts, days=days, seed=seed, folder=folder, lists=tuple(lists or ()))
    with doors.progress(session, "Demo") as bar:
        shown = demonstrate(session, wish, advance=bar.advance, say=lambda text: doors.say(session, text))
    _show(session, shown)
    if serve:
        _serve(session, shown.workspace, port)
    else:
        line = f"vedette -w {shown.workspace} serve" + ("" if port == 8080 else f" --port {port}")
        doors.say(session, f"Start the console: {line}")
        doors.say(session, f"It opens http://127.0.0.1:{port} and prints a link, good once, to sign in with.")


def _show(session: doors.Session, shown: Shown) -> None:
    from vedette.app.commands.acts import print_evaluation
    from vedette.app.summary import lines

    for line in lines(shown.report):
        doors.say(session, line)
    doors.emit(
        session, shown.cases, columns=["case_id", "priority", "accounts", "families", "summary"], title="Highest cases"
    )
    print_evaluation(session, shown.evaluation, simulated=True)
    held = shown.conference
    doors.say(
        session,
        f"Conference (SIMULATED): {held['submissions']} submissions screened, {held['touched']} touched by the default policy, "
        f"{held['questions']} neutral questions drafted; vedette -w {shown.workspace} conference dry-run --venue {held['venue']}",
    )
    doors.say(session, f"Look around: vedette -w {shown.workspace} cases list; vedette -w {shown.workspace} explain ID")


def _serve(session: doors.Session, workspace: Path, port: int) -> None:
    from vedette.app.opening import open_store
    from vedette.server.commands.serve import start
    from vedette.server.serve import Plan

    inner = doors.Session(workspace, session.principal, open_store, clock=session.clock)
    start(inner, Plan(workspace=str(workspace), port=port))
