"""`vedette observatory report` and `reproduce`: write the report with its bundle, and make a bundle's figures again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.base import Place, VedetteError
from vedette.observatory.commands.group import app


@app.command()
def report(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into; it is made where absent.")],
    country: Annotated[str, typer.Option(help="The country looked at, two letters.")] = "KP",
    begin: Annotated[int, typer.Option(min=0, max=9999, help="First year; works without a year count with 0.")] = 0,
    end: Annotated[int, typer.Option(min=0, max=9999, help="Last year.")] = 9999,
    json: doors.JSON = False,
) -> None:
    """Write the report: report.html, report.pdf, a CSV and an SVG for each figure, and bundle.zip to cite.

    Run `vedette observatory build` first; the report is of the tables that stand.

    Example: vedette observatory report -o out --begin 1990 --end 2023
    """
    from vedette.documents import pdf
    from vedette.observatory import bundle
    from vedette.observatory.report import document, gather
    from vedette.observatory.report.page import page
    from vedette.observatory.window import Window

    session = doors.session(context, json=json)
    if end < begin:
        raise VedetteError("the years end before they begin", remedy="Swap --begin and --end")
    with doors.progress(session, "Gathering") as bar:
        made = gather(session.store, Window(country=country.upper(), begin=begin, end=end), clock=session.clock)
        bar.advance()
    files = {
        "report.html": page(made).encode(),
        "report.pdf": pdf.write(document(made)),
        "bundle.zip": bundle.pack(made),
        **bundle.figures(made.material),
    }
    for name, data in files.items():
        _write(output / name, data)
    rows = [{"file": str(output / name), "bytes": len(data)} for name, data in files.items()]
    doors.emit(session, rows, columns=("file", "bytes"))
    if not made.material.years:
        doors.warn("no work with an address in that country is built: run `vedette observatory build` first")


@app.command()
def reproduce(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="A bundle.zip that `vedette observatory report` wrote.")],
    json: doors.JSON = False,
) -> None:
    """Make every figure again from a bundle and compare it byte by byte; exit 1 where one differs.

    Example: vedette observatory reproduce out/bundle.zip
    """
    from vedette.observatory.bundle import reproduce as again

    session = doors.session(context, json=json)
    try:
        data = bundle.read_bytes()
    except OSError as fault:
        raise VedetteError(f"cannot be read: {fault.strerror}", place=Place(str(bundle))) from None
    found = again(data)
    doors.emit(session, [item.as_json() for item in found], columns=("name", "outcome", "detail"))
    if any(item.outcome == "different" for item in found):
        raise typer.Exit(1)


def _write(path: Path, data: bytes) -> None:
    """Puts a file in its place when it is whole."""
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        neighbour.write_bytes(data)
        neighbour.replace(path)
    except OSError as fault:
        raise VedetteError(
            f"cannot be written: {fault.strerror}", place=Place(str(path)), remedy="Choose another -o"
        ) from None
    finally:
        neighbour.unlink(missing_ok=True)
