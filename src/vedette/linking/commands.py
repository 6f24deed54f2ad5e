"""`vedette link`: actors and their accounts, why two accounts are linked, and a person's word on a pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette import doors

if TYPE_CHECKING:
    from vedette.linking.explain import Explanation

app = typer.Typer(help="Show which accounts are one hand, and why.", invoke_without_command=True, no_args_is_help=False)
_COLUMNS = ["actor_id", "account_id", "link_bits", "confidence", "review"]


@app.callback(invoke_without_command=True)
def link(
    context: typer.Context,
    explain: Annotated[
        tuple[str, str] | None, typer.Option(help="Two account ids: tell what speaks for one hand.", metavar="A B")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write JSON lines to this file.")] = None,
    graph: Annotated[
        str | None,
        typer.Option(help="An actor or account: its accounts and links as JSON, to the file of -o.", metavar="ID"),
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="With --graph: also a picture in this file.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also accounts that stand alone.")] = False,
    json: doors.JSON = False,
) -> None:
    """Show which accounts are one hand, and why. A link is evidence for people; it sanctions nobody.

    Example: vedette link --explain a-000122 a-001694

    Example: vedette link --graph a-000122 -o actor.json --svg actor.svg
    """
    if context.invoked_subcommand is not None:
        return
    session = doors.session(context, json=json)
    _up_to_date(session)
    if explain is not None:
        from vedette import linking

        _tell(session, linking.explain(session.store, *explain))
        return
    if graph is not None:
        _draw(session, graph, output, svg)
        return
    _rows(session, output, everybody)


def _draw(session: doors.Session, about: str, output: Path | None, svg: Path | None) -> None:
    """Write the graph of an actor or account to files; without a file, print it as one row."""
    from vedette import linking

    drawn = linking.picture(session.store, about)
    if output is None and svg is None:
        doors.emit(session, [drawn.as_json()], columns=["about", "actor_id", "accounts_left_out"])
        return
    if output is not None:
        import json as codec

        output.write_text(codec.dumps(drawn.as_json(), ensure_ascii=False) + "\n", encoding="utf-8")
        doors.say(session, f"{len(drawn.nodes):,} nodes and {len(drawn.edges):,} lines written to {output}")
    if svg is not None:
        from vedette.linking import draw

        svg.write_text(draw.svg(drawn), encoding="utf-8")
        doors.say(session, f"Picture written to {svg}")


def _up_to_date(session: doors.Session) -> None:
    from vedette import linking

    if linking.due(session.store):
        linking.refresh(session.store, session.principal, session.clock)


def _rows(session: doors.Session, output: Path | None, everybody: bool) -> None:
    from vedette import linking

    rows = list(linking.rows(session.store, everybody=everybody))
    if output is not None:
        import json as codec

        lines = "".join(codec.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        output.write_text(lines, encoding="utf-8")
        doors.say(session, f"{len(rows):,} rows written to {output}")
        return
    doors.emit(
        session,
        rows,
        columns=_COLUMNS,
        title="Accounts that are one hand",
        empty="No accounts are linked as one hand. This is not the same as proof that each is its own.",
    )


def _tell(session: doors.Session, found: Explanation) -> None:
    if session.json:
        doors.emit(session, [found.as_json()], columns=[])
        return
    doors.emit(
        session,
        _waterfall(found),
        columns=["step", "value", "holders", "bits"],
        title=f"{found.left} and {found.right}",
    )
    words = {"same": "one hand", "related": "related, not one hand", "apart": "apart"}
    doors.say(session, f"{found.bits:.1f} bits: {words[found.standing]} (one hand needs {found.same:g}).")
    doors.say(session, f"Without network addresses: {found.bits_without_network:.1f} bits.")
    if found.breaks:
        doors.say(session, f"The link would fall without any one of: {', '.join(found.breaks)}.")
    if found.judgement:
        word = found.judgement
        doors.say(session, f"{word.by} said {word.verdict.value} on {word.at}: {word.reason}")
    if found.actor_id:
        doors.say(session, f"Both belong to {found.actor_id}; strongest way: {' - '.join(found.way)}")


def _waterfall(found: Explanation) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"step": "any two accounts", "bits": found.prior}]
    for part in found.parts:
        rows.append(
            {"step": f"{part.kind} ({part.family})", "value": part.masked, "holders": part.holders, "bits": part.bits}
        )
    rows += [
        {"step": f"{item.kind}: {item.why}", "value": item.masked, "holders": item.holders, "bits": 0.0}
        for item in found.idle
    ]
    rows.append({"step": "sum (a family counts its strongest, and at most 2 bits more)", "bits": found.bits})
    return rows


@app.command()
def confirm(
    context: typer.Context,
    one: Annotated[str, typer.Argument(help="An account id.")],
    other: Annotated[str, typer.Argument(help="The other account id.")],
    reason: Annotated[str, typer.Option(help="Why these two are one hand.")],
    json: doors.JSON = False,
) -> None:
    """Say that two accounts are one hand. It stands over every re-run and is in the audit log.

    Example: vedette link confirm a-000122 a-001694 --reason "The customer told us so."
    """
    _judge(doors.session(context, json=json), "confirm", one, other, reason)


@app.command()
def cut(
    context: typer.Context,
    one: Annotated[str, typer.Argument(help="An account id.")],
    other: Annotated[str, typer.Argument(help="The other account id.")],
    reason: Annotated[str, typer.Option(help="Why these two are not one hand.")],
    json: doors.JSON = False,
) -> None:
    """Say that two accounts are not one hand; no chain of other links joins them either.

    Example: vedette link cut a-000122 a-001694 --reason "Brothers; both were met in person."
    """
    _judge(doors.session(context, json=json), "cut", one, other, reason)


def _judge(session: doors.Session, verdict: str, one: str, other: str, reason: str) -> None:
    from vedette import linking

    act = linking.confirm if verdict == "confirm" else linking.cut
    word = act(session.store, session.principal, one, other, reason=reason, clock=session.clock)
    linking.refresh(session.store, session.principal, session.clock)
    row = {"left": word.left, "right": word.right, "verdict": word.verdict.value, "reason": word.reason, "at": word.at}
    doors.emit(session, [row], columns=["left", "right", "verdict", "reason", "at"])
