"""On the command line: join and open epochs, publish, ask blindly, follow a hit up, compare two lists once."""

from __future__ import annotations

import typer

from vedette.sharing.blind.commands import epoch, follow
from vedette.sharing.blind.commands.match import match

__all__ = ["attach"]


def attach(app: typer.Typer) -> None:
    """Put these commands under a group."""
    app.command("match")(match)
    app.add_typer(epoch.app, name="epoch")
    app.add_typer(follow.app, name="blind")
