"""`vedette observatory fetch`: works from the services that publish them, politely and in pages that can be resumed."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.observatory.commands.group import app


@app.command()
def fetch(
    context: typer.Context,
    service_name: Annotated[str, typer.Option("--from", metavar="NAME", help="openalex or crossref.")],
    mailto: Annotated[str, typer.Option(help="The address that the service may write to; sent with every question.")],
    search: Annotated[str, typer.Option(help="Words to search for.")] = "",
    filters: Annotated[str, typer.Option("--filter", help="The service's own filter.")] = "",
    url: Annotated[str, typer.Option(help="Another address of the same service, for example a mirror.")] = "",
    most_pages: Annotated[int, typer.Option("--pages", min=1, help="Fetch at most so many pages now.")] = 1_000_000,
    again: Annotated[bool, typer.Option("--again", help="Begin anew, for works that came in since.")] = False,
    json: doors.JSON = False,
) -> None:
    """Fetch works and import them. The same question again goes on where it stopped; pages stay in the workspace's `fetched`.

    {fetch, pages, works, new_pages, done, problem, import}. Exit 1 where it stopped before the end because of a fault.

    Example: vedette observatory fetch --from openalex --filter "raw_affiliation_strings.search:Pyongyang" --mailto you@example.org
    """
    from vedette.observatory.fetch import Reader
    from vedette.observatory.fetching import fetch as take
    from vedette.observatory.service import Question, service

    session = doors.session(context, json=json)
    question = Question(service=service(service_name), search=search, filter=filters, mailto=mailto, url=url)
    with Reader(question, session.clock) as reader, doors.progress(session, "Fetching") as bar:
        found = take(
            session.store,
            session.principal,
            question,
            reader,
            clock=session.clock,
            most_pages=most_pages,
            again=again,
            advance=bar.advance,
        )
    columns = ("fetch", "pages", "works", "new_pages", "done", "problem")
    doors.emit(session, [found.as_json()], columns=columns)
    if found.problem:
        doors.warn(found.problem)
    if found.problem or (found.intake is not None and found.intake.failed()):
        raise typer.Exit(1)
