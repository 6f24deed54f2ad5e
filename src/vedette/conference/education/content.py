"""Reads the kit's content strictly: languages, documents with one text a language, and the questions of the quiz."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from vedette.base import ContentError, Place, Record, read_record
from vedette.conference.education.model import Audience, Declaration, Gloss, KitError, Language, Level, Question, Quiz

ORDER = ("en", "ko", "zh", "ru", "ja")
"""Languages in the order in which they are offered; another one comes behind them."""

_KINDS = ("brief", "clause", "form", "guide", "module", "checklist", "session")
_MEASURES = ("grade", "words", "characters")
_PASS_SHARE = 0.75


def _home() -> Traversable:
    return files("vedette.conference.education")


@cache
def languages() -> Mapping[str, Language]:
    """Every language by code, in the order offered. Raises ContentError on the first faulty file."""
    found = {}
    for item in (_home() / "languages").iterdir():
        if item.name.endswith(".yml"):
            language = read_language(item.read_text("utf-8"), item.name)
            found[language.code] = language
    codes = sorted(found, key=lambda code: (ORDER.index(code) if code in ORDER else len(ORDER), code))
    return {code: found[code] for code in codes}


def chosen(codes: str) -> tuple[Language, ...]:
    """The languages named by codes with commas between, all for an empty text. Raises KitError for an unknown one."""
    known = languages()
    wanted = [code.strip() for code in codes.split(",") if code.strip()] or list(known)
    for code in wanted:
        if code not in known:
            raise KitError(f"the kit is not written in {code!r}", remedy=f"One of: {', '.join(known)}")
    return tuple(known[code] for code in known if code in wanted)


def read_language(text: str, file: str) -> Language:
    """The language that a file holds. Raises ContentError that names file, line and remedy."""
    record = read_record(text, file)
    level = record.take_record("level")
    language = Language(
        code=record.take_text("code"),
        name=record.take_text("name"),
        tag=record.take_text("tag"),
        day=record.take_text("day"),
        months=record.take_texts("months", optional=True),
        level=Level(measure=level.take_choice("measure", _MEASURES), limit=level.take_number("limit")),
        words=_texts(record, "words", file),
        glosses={item.take_text("rule"): _gloss(item) for item in record.take_records("rules")},
        topics=_texts(record, "topics", file) if record.has("topics") else {},
    )
    level.finish()
    record.finish()
    if f"{language.code}.yml" != file:
        raise ContentError(f"code {language.code!r} is not the file's name", place=Place(file, None, "code"))
    return language


def _texts(record: Record, key: str, file: str) -> dict[str, str]:
    held = record.take_plain(key)
    if not isinstance(held, dict) or not all(isinstance(text, str) and text.strip() for text in held.values()):
        raise ContentError(f"{key!r} must hold texts only", place=Place(file, None, key), remedy="Quote them")
    return {name: text.strip() for name, text in held.items()}


def _gloss(record: Record) -> Gloss:
    made = Gloss(
        title=record.take_text("title"), effect=record.take_text("effect"), made_from=record.take_text("made_from")
    )
    record.finish()
    return made


def fingerprint(text: str) -> str:
    """Eight digits that change with a text's words: by them a rendering knows that its original was changed."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


@cache
def declarations() -> tuple[Declaration, ...]:
    """Every document of the kit in reading order. Raises ContentError on the first faulty file."""
    found = [
        read_declaration((folder / "document.yml").read_text("utf-8"), f"{folder.name}/document.yml")
        for folder in (_home() / "texts").iterdir()
        if (folder / "document.yml").is_file()
    ]
    return tuple(sorted(found, key=lambda each: (each.order, each.id)))


def read_declaration(text: str, file: str) -> Declaration:
    """What a document's own file says of it. Raises ContentError that names file, line and remedy."""
    record = read_record(text, file)
    made = Declaration(
        id=record.take_text("id"),
        order=record.take_int("order"),
        audience=Audience(record.take_choice("audience", [word.value for word in Audience])),
        minutes=record.take_int("minutes"),
        kind=record.take_choice("kind", _KINDS),
        rules=record.take_texts("rules", optional=True),
    )
    record.finish()
    if made.id != file.partition("/")[0]:
        raise ContentError(f"id {made.id!r} is not the folder's name", place=Place(file, None, "id"))
    return made


def source(document: str, code: str) -> str:
    """The template of a document in a language. Raises KitError where it is not written."""
    found = _home() / "texts" / document / f"{code}.md.j2"
    if not found.is_file():
        raise KitError(f"{document} is not written in {code!r}", remedy=f"Add texts/{document}/{code}.md.j2")
    return found.read_text("utf-8")


@cache
def answers() -> Mapping[str, str]:
    """The right letter of every question by id, in the order asked; kept once for all languages."""
    record = read_record((_home() / "quiz" / "answers.yml").read_text("utf-8"), "quiz/answers.yml")
    return _texts(record, "answers", "quiz/answers.yml")


def quiz_version() -> str:
    """The fingerprint of the questions' ids and right answers."""
    return fingerprint(" ".join(f"{id}={letter}" for id, letter in answers().items()))


@cache
def quiz(code: str) -> Quiz:
    """The quiz in a language. Raises ContentError where a question or choice is missing."""
    file = f"quiz/{code}.yml"
    record = read_record((_home() / "quiz" / f"{code}.yml").read_text("utf-8"), file)
    asked = {question.id: question for question in map(_question, record.take_records("questions"))}
    record.finish()
    right = answers()
    if list(asked) != list(right):
        raise ContentError(
            f"{file} asks other questions than answers.yml", place=Place(file, 1), remedy="Use the same ids"
        )
    return Quiz(version=quiz_version(), pass_share=_PASS_SHARE, questions=tuple(_marked(asked, right, file)))


def _question(record: Record) -> Question:
    choices = record.take_plain("choices")
    made = Question(
        id=record.take_text("id"),
        text=record.take_text("ask"),
        choices=tuple((str(letter), str(text)) for letter, text in choices.items()),
        answer="",
        why=record.take_text("why"),
    )
    record.finish()
    return made


def _marked(asked: Mapping[str, Question], right: Mapping[str, str], file: str) -> Iterator[Question]:
    for id, letter in right.items():
        question = asked[id]
        if letter not in dict(question.choices):
            raise ContentError(f"question {id!r} has no choice {letter!r}", place=Place(file, 1))
        yield Question(id=id, text=question.text, choices=question.choices, answer=letter, why=question.why)
