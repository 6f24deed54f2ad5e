"""Options that several commands share: the filter of the queue, written whole, by name, or option by option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.cases.select import Selection

QUERY = Annotated[
    str | None,
    typer.Option("--filter", metavar="QUERY", help='Such as "status=open&priority_min=60", or @NAME of a saved one.'),
]
STATUS = Annotated[
    list[str] | None,
    typer.Option(help="open, claimed, snoozed, waiting_approval, decided, closed or merged; may be repeated."),
]
FAMILY = Annotated[list[str] | None, typer.Option(help="Only cases with findings of this family; may be repeated.")]


def chosen(
    session: doors.Session, query: str | None, options: dict[str, list[str] | None], *, waiting: bool = True
) -> Selection:
    """The selection of a filter and options together; without a status, what still needs somebody where ``waiting``."""
    from vedette.cases import parse, saved_filter, selection
    from vedette.cases.view import WAITING

    if query is not None and query.startswith("@"):
        query = saved_filter(session.store, session.principal, query[1:]).query
    written = parse(query or "").query()
    from urllib.parse import parse_qsl

    pairs = parse_qsl(written, keep_blank_values=True)
    pairs += [(name, value) for name, values in options.items() for value in values or ()]
    if waiting and not any(name == "status" for name, _ in pairs):
        pairs += [("status", status.value) for status in WAITING]
    return selection(pairs)


def word(kind: Any, text: str, option: str) -> Any:
    """A word of a closed set, or a usage error (exit 2) that lists the set."""
    try:
        return kind(text)
    except ValueError:
        choices = ", ".join(item.value for item in kind)
        raise typer.BadParameter(f"{text!r} is not one of: {choices}", param_hint=option) from None
