"""On the command line: how often what each source sent proved right here."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors


def standing(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="[PEER]", help="Id of a peer; all sources where none is named.")
    ] = "",
    json: doors.JSON = False,
) -> None:
    """Show the standing of sources: items judged, right and wrong, and the precision with its interval.

    What is printed for one peer names no item and no case, so that it can be sent to the peer when it asks.

    Example: vedette share peers standing
    """
    from vedette.sharing.standing import standing as of
    from vedette.sharing.standing import standings

    session = doors.session(context, json=json)
    if source:
        wanted = [of(session.store, source if ":" in source or source == "file" else f"peer:{source}")]
    else:
        wanted = standings(session.store)
    columns = ("source", "judged", "right", "wrong", "proven", "precision", "low", "high", "note")
    doors.emit(session, [item.as_json() for item in wanted], columns=columns, empty="Nobody has sent anything.")
