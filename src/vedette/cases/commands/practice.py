"""`vedette cases practice`: simulated cases for newcomers, in dialogue or by a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vedette import doors
from vedette.cases.commands.desk import app

if TYPE_CHECKING:
    from vedette.cases.practice import Exercise

_KEYS = {"t": "true", "f": "false", "u": "undetermined"}
_WORDS = tuple(_KEYS.values())


@app.command()
def practice(
    context: typer.Context,
    count: Annotated[int, typer.Option(min=1, max=25, help="How many cases.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Other numbers give other cases; the same gives the same.")] = 1,
    answers: Annotated[
        str | None, typer.Option(help="Answers in order, comma-separated, instead of the dialogue: true,false,...")
    ] = None,
    json: doors.JSON = False,
) -> None:
    """Judge simulated accounts, see the answer after each, and a score. Needs no workspace.

    Example: vedette cases practice --count 5
    """
    import tempfile
    from pathlib import Path

    from vedette.cases.practice import exercises, score

    session = doors.session(context, json=json)
    given = _given(answers, count)
    with tempfile.TemporaryDirectory() as folder:
        drawn = exercises(Path(folder), count, seed)
    doors.say(session, "Everything here is invented. About half of these accounts are planted; the others are honest.")
    told = []
    for number, exercise in enumerate(drawn, 1):
        _show(session, exercise, number, len(drawn))
        answer = given[number - 1] if given else _ask()
        told.append((exercise, answer))
        _answer(session, exercise, answer)
    result = score(told)
    if session.json:
        rows = [_row(exercise, answer) for exercise, answer in told]
        doors.emit(session, [*rows, {"right": result.right, "of": result.of}], columns=())
    doors.say(session, f"\n{result.sentence()}", style="bold")


def _given(answers: str | None, count: int) -> list[str]:
    words = [] if answers is None else [word.strip() for word in answers.split(",")]
    wrong = [word for word in words if word not in _WORDS]
    if wrong or (words and len(words) < count):
        raise typer.BadParameter(f"give {count} of: {', '.join(_WORDS)}", param_hint="--answers")
    return words


def _ask() -> str:
    while True:
        text = typer.prompt("Is it what we look for? (t)rue, (f)alse, (u)ndetermined", err=True).strip().casefold()
        if text in _WORDS:
            return str(text)
        if text in _KEYS:
            return _KEYS[text]


def _show(session: doors.Session, exercise: Exercise, number: int, of: int) -> None:
    doors.say(session, f"\nCase {number} of {of}: account {exercise.account_id}", style="bold")
    for line in exercise.observed:
        doors.say(session, f"  {line}")


def _answer(session: doors.Session, exercise: Exercise, answer: str) -> None:
    verdict = "Right." if exercise.right(answer) else "Not so."
    hidden = " This one hid well; it is meant to be missed." if exercise.evasive else ""
    doors.say(session, f"  {verdict} {exercise.lesson}{hidden}")


def _row(exercise: Exercise, answer: str) -> dict[str, object]:
    return {
        "account_id": exercise.account_id,
        "observed": list(exercise.observed),
        "answer": answer,
        "right": exercise.right(answer),
        "planted": exercise.planted,
        "lesson": exercise.lesson,
    }
