"""A command group that imports a room only when one of its commands is used, so that help is instant."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from vedette.cli.table import COMMANDS, Entry

_BY_NAME = {entry.name: entry for entry in COMMANDS}


def load(entry: Entry) -> Any:
    """Import a command's room and build the command or group."""
    found = getattr(import_module(f"vedette.{entry.module}.commands"), entry.attribute)
    if isinstance(found, typer.Typer):
        group = typer.Typer(add_completion=False)  # completion is installed once, for `vedette` itself
        group.add_typer(found, name=entry.name)
        command: Any = get_command(group).commands[entry.name]  # type: ignore[attr-defined]  # a group, for it holds one
    else:
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name=entry.name)(found)
        command = get_command(single)
    command.name = entry.name
    return command


class LazyGroup(TyperGroup):
    """Lists every command without importing it; imports the one that is invoked."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the table's order."""
        return list(_BY_NAME)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A light stand-in that carries name, help and panel; enough to list and to suggest."""
        entry = _BY_NAME.get(cmd_name)
        if entry is None:
            return None
        return TyperCommand(name=entry.name, help=entry.help, short_help=entry.help, rich_help_panel=entry.panel)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands under their panels, in plain text: the library that draws boxes costs more than all the rest."""
        for panel in dict.fromkeys(entry.panel for entry in COMMANDS):
            with formatter.section(panel):
                formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS if entry.panel == panel])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command behind the first argument."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        if stand_in is None or name is None:
            return name, stand_in, rest
        return name, load(_BY_NAME[name]), rest
