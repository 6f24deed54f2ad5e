"""The group `vedette observatory`, to which the modules beside this one add their commands."""

from __future__ import annotations

import typer

app = typer.Typer(help="Read publications: who publishes what with whom, and what of it is sure.", no_args_is_help=True)
