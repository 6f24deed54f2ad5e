"""Terminal: `vedette map`, from a stranger's folder to a mapping that a person can edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.accounts.mapping import FileMapping, Mapping
    from vedette.base import Json


def map_exports(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of your own exports.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to save it; DIR/vedette-mapping.yml if not said.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a mapping that is already there.")] = False,
    json: doors.JSON = False,
) -> None:
    """Propose which of your files and columns are which of Vedette's, and save it for you to edit.

    Example: vedette map exports && vedette run exports --mapping exports/vedette-mapping.yml
    """
    from vedette.accounts import mapping as mapper
    from vedette.base import Place

    session = doors.session(context, json=json)
    path = output or directory / mapper.FILE_NAME
    if path.exists() and not force:
        raise mapper.MappingError(
            "is already there", place=Place(str(path)), remedy="Edit it, name another with --output, or use --force"
        )
    with doors.progress(session, "Looking"):
        found = mapper.propose(directory)
    mapper.write_mapping(found, path)
    doors.emit(
        session, _rows(found), columns=["file", "table", "column", "from", "confidence", "look"], title="Proposed"
    )
    _tell(session, found, directory, path)


def _rows(found: Mapping) -> Iterator[dict[str, Json]]:
    for item in found.files:
        if not item.table:
            yield {"file": item.file, "table": None, "column": None, "from": None, "confidence": 0.0, "look": item.why}
        yield from _columns(item)


def _columns(item: FileMapping) -> Iterator[dict[str, Json]]:
    for column in item.columns:
        yield {
            "file": item.file,
            "table": item.table,
            "column": column.target,
            "from": column.source or f"made from the {column.kind}",
            "confidence": column.confidence,
            "look": column.sample,
            "as": column.kind,
            "format": column.format,
            "questions": list(column.questions),
        }


def _tell(session: doors.Session, found: Mapping, directory: Path, path: Path) -> None:
    for item in found.files:
        if item.unmapped and item.table:
            doors.say(session, f"{item.file}: not used, kept with the row: {', '.join(item.unmapped)}")
    for question in found.questions:
        doors.say(session, f"Question: {question}", style="bold")
    doors.say(session, f"Saved {path}. Read it, answer its questions, then: vedette run {directory} --mapping {path}")
