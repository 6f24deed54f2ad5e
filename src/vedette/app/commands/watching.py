"""Terminal: `vedette watch`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from vedette import doors


def watch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder laid out like an export that grows.")],
    every: Annotated[float, typer.Option(min=0.05, help="Seconds between two looks at the folder.")] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Take what lies there, then end.")] = False,
    json: doors.JSON = False,
) -> None:
    """Read files as they come to lie in a folder, each once, and find at once what they change. Ends with Ctrl-C.

    Example: vedette -w ws watch incoming/
    """
    from threading import Event

    from vedette.app.settings import read
    from vedette.app.step import Surroundings
    from vedette.app.watch import Turn, Watch
    from vedette.app.watch import watch as keep_watch

    session = doors.session(context, json=json)
    settings = read(session.workspace)
    around = Surroundings(
        store=session.store,
        principal=session.principal,
        clock=session.clock,
        home=settings.home,
        rule_seconds=settings.rule_seconds,
        threads=settings.threads,
        spark_master=settings.spark_master if settings.engine == "spark" else None,
    )
    end = Event()

    def tell(turn: Turn) -> None:
        if session.json:
            doors.emit(session, [turn.as_json()], columns=[])
        else:
            doors.say(session, _line(turn))
        for fault in turn.faults:
            doors.warn(f"Refused: {fault}")
        if once and not turn.files:
            end.set()

    it = Watch(around, folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        # The turn that is under way is finished first; what it stored is whole in any case.
        signal.signal(number, lambda *_: end.set())
    pause = (lambda _seconds: end.set()) if once else (lambda seconds: _wait(end, seconds))
    keep_watch(it, tell=tell, pause=pause, stopped=end.is_set, every=every)
    doors.say(session, "The watch has ended; started again it goes on from here.")


def _wait(end: object, seconds: float) -> None:
    from threading import Event

    assert isinstance(end, Event)
    end.wait(seconds)


def _line(turn: object) -> str:
    from vedette.app.watch import Turn

    assert isinstance(turn, Turn)
    row = turn.as_json()
    read = (
        f"{turn.files} files: {row['stored']} stored, {row['duplicates']} known, {row['refused_count']} refused; "
        if turn.files
        else ""
    )
    found = (
        f"{row['findings_new']} findings new, {row['findings_changed']} changed, {row['findings_withdrawn']} withdrawn"
    )
    return f"{read}{found} ({row['seconds']} s)"
