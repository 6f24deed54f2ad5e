"""Reads a learner's statement of completion and marks its answers again: a score that a page claims counts for nothing."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vedette.base import Place
from vedette.conference.education import content
from vedette.conference.education.model import KitError

KIND = "vedette-education-completion"
_MOST_BYTES = 65_536
_MOST_NAME = 200
_KEYS = {"kind", "quiz", "language", "completed_on", "person", "named", "answers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a learner states, marked: ``right`` of ``questions`` answers are right. ``named``: the name may be kept."""

    person: str
    named: bool
    quiz: str
    language: str
    completed_on: date
    right: int
    questions: int


def read_statement(data: bytes, file: str) -> Statement:
    """The statement that a file holds. Raises KitError for other files, an older quiz, and answers that do not pass."""
    held = _object(data, file)
    if held["quiz"] != content.quiz_version():
        raise _fault(file, "quiz", "is about another edition of the quiz", "Take the quiz of the present kit")
    if held["language"] not in content.languages():
        raise _fault(file, "language", "names no language of the kit", "Take the quiz of the present kit")
    right, questions = _marked(_answers(held["answers"], file))
    needed = content.quiz(str(held["language"])).needed
    if right < needed:
        raise _fault(file, "answers", f"{right} of {questions} are right; {needed} pass", "Take the quiz again")
    return Statement(
        person=_person(held["person"], file),
        named=held["named"] is True,
        quiz=str(held["quiz"]),
        language=str(held["language"]),
        completed_on=_day(held["completed_on"], file),
        right=right,
        questions=questions,
    )


def expiry(statement: Statement, today: date, valid_days: int, file: str) -> date:
    """The last day on which the completion counts. Raises KitError where it lies in the future or has run out."""
    if statement.completed_on > today + timedelta(days=1):  # a learner's day may already have begun
        raise _fault(
            file, "completed_on", "lies in the future", "Correct the clock of the machine and take the quiz again"
        )
    until = statement.completed_on + timedelta(days=valid_days)
    if until < today:
        raise _fault(file, "completed_on", f"is more than {valid_days} days ago", "Take the quiz again")
    return until


def normal(person: str) -> str:
    """A name or address as it is compared: letters of one form and case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", person).casefold().split())


def _object(data: bytes, file: str) -> Mapping[str, Any]:
    if len(data) > _MOST_BYTES:
        raise _fault(file, "", f"is longer than {_MOST_BYTES} bytes", "Give a statement saved by the quiz page")
    try:
        held: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise _fault(file, "", "is no JSON", "Give a statement saved by the quiz page") from None
    if not isinstance(held, dict) or held.get("kind") != KIND or set(held) != _KEYS:
        raise _fault(file, "", "is no statement of completion", "Give a statement saved by the quiz page")
    return held


def _answers(value: object, file: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(letter, str) for letter in value.values()):
        raise _fault(file, "answers", "are no answers", "Give a statement saved by the quiz page")
    return value


def _marked(given: Mapping[str, str]) -> tuple[int, int]:
    right = content.answers()
    return sum(given.get(id) == letter for id, letter in right.items()), len(right)


def _person(value: object, file: str) -> str:
    if not isinstance(value, str) or not normal(value) or len(value) > _MOST_NAME:
        raise _fault(file, "person", "names nobody, or at too great length", f"Give 1 to {_MOST_NAME} characters")
    return " ".join("".join(each if each.isprintable() else " " for each in value).split())


def _day(value: object, file: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _fault(file, "completed_on", "is no day", "Write it as 2026-01-31") from None


def _fault(file: str, key: str, problem: str, remedy: str) -> KitError:
    return KitError(problem, place=Place(file, None, key or None), remedy=remedy)
