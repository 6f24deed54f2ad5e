"""Answers on the terminal: JSON lines for machines, tables and sentences for people, progress on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO, Any

from vedette.base import Place, VedetteError
from vedette.doors.session import Session

_SHOW_AFTER_SECONDS = 2.0


def emit(
    session: Session,
    rows: Iterable[Mapping[str, Any]],
    *,
    columns: Sequence[str],
    title: str = "",
    empty: str = "Nothing to show.",
) -> int:
    """Print rows: every field as JSON lines, or the named columns as a table. Returns how many rows."""
    if session.json:
        count = 0
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
        return count
    return _table(list(rows), columns, title, empty)


def _table(rows: list[Mapping[str, Any]], columns: Sequence[str], title: str, empty: str) -> int:
    from rich.table import Table
    from rich.text import Text

    console = _console()
    if not rows:
        console.print(Text(empty))
        return 0
    table = Table(title=title or None, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for name in columns:
        numeric = all(isinstance(row.get(name), int | float) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(row.get(name))) for name in columns))
    console.print(table)
    return len(rows)


@contextmanager
def sink(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears only when it is whole. Raises VedetteError where it cannot be written."""
    if output is None:
        yield sys.stdout
        return
    neighbour = output.with_name(f".{output.name}.{os.getpid()}.new")
    try:
        with neighbour.open("w", encoding="utf-8") as file:
            yield file
        neighbour.replace(output)
    except OSError as fault:
        raise VedetteError(
            f"cannot be written: {fault.strerror}", place=Place(str(output)), remedy="Choose another place with -o"
        ) from None
    finally:
        neighbour.unlink(missing_ok=True)


def shown(value: Any) -> str:
    """A value for people: lists joined, control characters made visible so that data cannot steer the terminal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(f"{key}={shown(item)}" for key, item in value.items())
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in str(value))


def say(session: Session, text: str, *, style: str = "") -> None:
    """A line for people on standard output; silent when JSON lines are wanted."""
    if session.json:
        return
    from rich.text import Text

    _console().print(Text(shown(text), style=style), soft_wrap=True)


def warn(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(shown(text) + "\n")


def _console() -> Any:
    from rich.console import Console

    # A pipe has no width of its own: wide enough that no cell of a table is folded needlessly.
    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 160)


class Progress:
    """A bar on stderr that appears once the work has taken two seconds; does nothing where stderr is no terminal."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._started = monotonic()
        self._bar: Any = None
        self._task: Any = None

    def advance(self, amount: int = 1) -> None:
        """Count finished units."""
        self._done += amount
        if self._bar is None and sys.stderr.isatty() and monotonic() - self._started > _SHOW_AFTER_SECONDS:
            self._begin()
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        parts = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Bar(*parts, console=Console(stderr=True), transient=True)
        self._bar.start()
        self._task = self._bar.add_task(self._label, total=self._total)

    def finish(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


@contextmanager
def progress(_session: Session, label: str, total: int | None = None) -> Iterator[Progress]:
    """Show progress of long work on stderr."""
    bar = Progress(label, total)
    try:
        yield bar
    finally:
        bar.finish()
