"""The command line's frame: global options, the session, and anticipated errors as one line and an exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from vedette import __version__
from vedette.base import VedetteError
from vedette.cli.lazy import LazyGroup
from vedette.doors import warn

app = typer.Typer(
    name="vedette",
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vedette {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="Workspace folder; else VEDETTE_WORKSPACE, else the current folder."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Vigilance against the intangible transfer of technology.

    A first look: vedette demo

    Your own data: vedette init ws && vedette -w ws lists load SDN.CSV && vedette -w ws run EXPORT_DIR
    """
    from vedette.cli.session import make

    context.obj = make(workspace)
    context.call_on_close(context.obj.close)


def run(arguments: list[str]) -> int:
    """Run one command. 0 done; 1 the job failed or refused a file; 2 wrong usage; 130 interrupted."""
    try:
        code = app(arguments, prog_name="vedette", standalone_mode=True)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except VedetteError as fault:
        warn(f"Error: {fault}")
        return 1
    except BrokenPipeError:
        # The reader of our output has gone (such as `head`): keep the interpreter's shutdown from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        warn(f"Error: {fault.filename or 'the system'}: {fault.strerror or fault}")
        return 1
    return code if isinstance(code, int) else 0
