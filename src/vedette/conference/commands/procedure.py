"""On the command line: questions and answers, decisions per service, the second person, appeals, and the purge."""

from __future__ import annotations

from typing import Annotated

import typer

from vedette import doors
from vedette.conference.commands.desk import VENUE, app, office

_QUESTIONS = ("question_id", "submission_id", "form", "state", "due_on", "text")
_DECISIONS = ("decision_id", "submission_id", "service", "outcome", "reason_code", "state", "decided_by")
_SERVICE = Annotated[str, typer.Option("--service", help="paper, review, attendance, money or compute.")]


@app.command()
def questions(
    context: typer.Context,
    make: Annotated[
        bool, typer.Option("--make/--list", help="Make what the newest screening asks for, or only list.")
    ] = True,
    ask: Annotated[
        str, typer.Option("--ask", metavar="SUBMISSION", help="Ask before a decision; with --service.")
    ] = "",
    service: _SERVICE = "attendance",
    statement: Annotated[bool, typer.Option("--statement", help="Print the statement asked of all authors.")] = False,
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Make and list the neutral questions to authors. Nobody is asked twice; sending them is yours.

    Example: vedette conference questions
    """
    from vedette.conference import questions as room
    from vedette.conference.model import Service
    from vedette.conference.procedure import procedure as words

    session = doors.session(context, json=json)
    if statement:
        form = words().forms["statement"]
        doors.emit(session, [{"title": form.title, "text": form.text}], columns=("title", "text"))
        return
    place = office(session, venue)
    if ask:
        found = [room.ask(place, ask, Service(_one(service, Service)))]
    else:
        found = room.draft(place) if make else room.listed(place)
    doors.emit(session, [item.as_json() for item in found], columns=_QUESTIONS, empty="No question is open.")


def _one(word: str, kind: type) -> str:
    words = [member.value for member in kind]  # type: ignore[attr-defined]  # closed sets of words only
    if word not in words:
        raise typer.BadParameter(f"one of: {', '.join(words)}")
    return word


@app.command()
def answer(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question's id.")],
    text: Annotated[str, typer.Option(help="What the authors wrote; sealed.")],
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Record the authors' answer to a question.

    Example: vedette conference answer cqu_3k5v... --text "A visit that ended; the form is corrected."
    """
    from vedette.conference import questions as room

    session = doors.session(context, json=json)
    found = room.answer(office(session, venue), question, text)
    doors.emit(session, [found.as_json()], columns=_QUESTIONS)


@app.command()
def decide(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(help="The submission's id.")],
    service: _SERVICE,
    outcome: Annotated[str, typer.Option(help="given or withheld.")],
    reason: Annotated[str, typer.Option(help="A reason code; a wrong one lists them.")],
    note: Annotated[str, typer.Option(help="In your words; sealed.")] = "",
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Decide about one service for one submission. Withholding waits for a second person, and for the authors' answer.

    Example: vedette conference decide 17 --service paper --outcome given --reason tie_explained
    """
    from vedette.conference import decide as room
    from vedette.conference.model import Service

    session = doors.session(context, json=json)
    made = room.decide(
        office(session, venue),
        submission,
        Service(_one(service, Service)),
        room.Outcome(_one(outcome, room.Outcome)),
        reason=reason,
        note=note,
    )
    doors.emit(session, [made.as_json()], columns=_DECISIONS)


@app.command()
def decisions(context: typer.Context, venue: VENUE = "main", json: doors.JSON = False) -> None:
    """List the decisions, with what waits for a second person.

    Example: vedette conference decisions
    """
    from vedette.conference import decide as room

    session = doors.session(context, json=json)
    rows = [item.as_json() for item in room.decisions(office(session, venue))]
    doors.emit(session, rows, columns=_DECISIONS, empty="Nothing was decided yet.")


@app.command()
def approve(
    context: typer.Context,
    decision: Annotated[str, typer.Argument(help="The decision's id.")],
    reject: Annotated[bool, typer.Option("--reject", help="Disagree; the decision does not take effect.")] = False,
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Agree as a second person to a decision that takes something away. Who decided cannot.

    Example: vedette conference approve cde_3k5v...
    """
    from vedette.conference import decide as room

    session = doors.session(context, json=json)
    made = room.approve(office(session, venue), decision, agree=not reject)
    doors.emit(session, [made.as_json()], columns=_DECISIONS)


@app.command()
def appeal(
    context: typer.Context,
    decision: Annotated[str, typer.Argument(help="The decision's id; to answer, the appeal's id.")],
    text: Annotated[str, typer.Option(help="The authors' text, or the answer; sealed.")],
    uphold: Annotated[bool, typer.Option("--uphold", help="Answer an appeal: the decision stands.")] = False,
    overturn: Annotated[bool, typer.Option("--overturn", help="Answer an appeal: the decision is undone.")] = False,
    venue: VENUE = "main",
    json: doors.JSON = False,
) -> None:
    """Take in an appeal against a decision, or answer one with --uphold or --overturn. Who decided cannot answer.

    Example: vedette conference appeal cde_3k5v... --text "We hold a licence."
    """
    from vedette.conference import decide as room

    session = doors.session(context, json=json)
    place = office(session, venue)
    if uphold and overturn:
        raise typer.BadParameter("either --uphold or --overturn")
    if uphold or overturn:
        row = room.answer_appeal(place, decision, overturn=overturn, text=text)
    else:
        row = room.appeal(place, decision, text)
    doors.emit(session, [row], columns=("appeal_id", "decision_id", "state", "due_on", "answered_by"))


@app.command()
def purge(context: typer.Context, venue: VENUE = "main", json: doors.JSON = False) -> None:
    """Delete what was kept as long as the policy says. Open matters stay; the log keeps counts only.

    Example: vedette conference purge
    """
    from vedette.conference import decide as room

    session = doors.session(context, json=json)
    gone = room.purge(office(session, venue))
    rows = [{"table": name, "deleted": count} for name, count in gone.items()]
    doors.emit(session, rows, columns=("table", "deleted"), empty="Nothing is due.")
