"""Terminal: the commands of lists, with screening's index built as soon as a list is loaded or fetched."""

from __future__ import annotations

import typer

from vedette import doors
from vedette.watchlists.commands import app as commands_of_lists

lists = typer.Typer(help="Load, show and compare sanctions lists.", no_args_is_help=True)
lists.registered_commands = commands_of_lists.registered_commands

_CHANGE_LISTS = ("load", "fetch")


@lists.callback()
def _lists(context: typer.Context) -> None:
    """Load, show and compare sanctions lists."""
    if context.invoked_subcommand in _CHANGE_LISTS:
        context.call_on_close(lambda: _build_index(context))


def _build_index(context: typer.Context) -> None:
    """Build what is missing, so that the first customer does not wait for it. Without any list there is nothing to do."""
    from vedette import screening, watchlists

    session = doors.session(context)
    if session.workspace_exists and watchlists.current(session.store):
        with doors.progress(session, "Indexing names"):
            screening.open_index(session.store)
