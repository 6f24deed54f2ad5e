"""Makes one document in one language: the template's text with rules, topics and days put in from data, then its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from vedette.base import iso
from vedette.conference.education import content, standing
from vedette.conference.education.model import Declaration, KitError, Language, Made, Part, Quiz, Rules, Topics
from vedette.documents import Block, Bullets, Document, Heading, Paragraph, Table, markdown
from vedette.policy import Rule

_LINE = "_" * 72
_MARKS = {"[_] ": "line", "[=] ": "area", "[ ] ": "box", "( ) ": "one"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a kit is made from: the moment, the register of rules, and the topic asked for (empty: the general headings)."""

    moment: datetime
    register: Mapping[str, Rule]
    topic: str = ""


def render(declaration: Declaration, language: Language, ground: Ground) -> Made:
    """The document in that language. Raises KitError for a text without a title or with an unknown rule."""
    blocks = markdown.read(_text(declaration, language, ground))
    if not blocks or not isinstance(blocks[0], Heading):
        raise KitError(f"{declaration.id}/{language.code} has no title", remedy="Begin the text with '# '")
    title = blocks[0].text
    parts = tuple(_placed(blocks[1:], declaration, language, ground))
    lead = parts[0].text if parts and isinstance(parts[0], Paragraph) else ""
    paper = Document(
        title=title,
        language=language.code,
        made_at=iso(ground.moment),
        blocks=(*_plain(parts, language), *colophon(language, ground.moment)),
    )
    return Made(declaration=declaration, language=language, title=title, lead=lead, parts=parts, paper=paper)


def colophon(language: Language, moment: datetime) -> tuple[Block, ...]:
    """What stands at the end of every file: the day, that it is no legal advice, and the licence."""
    day = language.write_day(moment.date())
    blank = "" if language.level.measure == "characters" else " "
    said = blank.join((language.say("as_of", day=day), language.say("no_advice")))
    return (Paragraph(said), Paragraph(language.say("licence")))


def quiz_paper(quiz: Quiz, language: Language, moment: datetime) -> Document:
    """The quiz to print or edit: the questions, and on their own at the end the answers with reasons."""
    blocks: list[Block] = [Paragraph(language.say("quiz_lead"))]
    for number, question in enumerate(quiz.questions, 1):
        blocks.append(Heading(f"{number}. {question.text}", 3))
        blocks += [Paragraph(f"(   ) {text}") for _, text in question.choices]
    blocks.append(Heading(language.say("answer"), 1))
    for number, question in enumerate(quiz.questions, 1):
        blocks.append(Heading(f"{number}. {dict(question.choices)[question.answer]}", 3))
        blocks.append(Paragraph(question.why))
    return Document(
        title=language.say("quiz"),
        language=language.code,
        made_at=iso(moment),
        blocks=(*blocks, *colophon(language, moment)),
    )


def _text(declaration: Declaration, language: Language, ground: Ground) -> str:
    def rule(id: str) -> str:
        return standing.title(id, language, ground.register)

    made: str = _template(declaration.id, language.code).render(rule=rule)
    return made


@cache
def _template(document: str, code: str) -> Any:
    import jinja2

    frame = jinja2.Environment(
        undefined=jinja2.StrictUndefined, finalize=markdown.escape, trim_blocks=True, lstrip_blocks=True
    )
    return frame.from_string(content.source(document, code))


def _placed(blocks: Sequence[Block], declaration: Declaration, language: Language, ground: Ground) -> Iterator[Part]:
    for block in blocks:
        if isinstance(block, Paragraph) and block.text == "@rules":
            on = ground.moment.date()
            yield Rules(standing.standings(declaration.rules, language, on, ground.register))
        elif isinstance(block, Paragraph) and block.text == "@topics":
            yield standing.topics(ground.topic, language)
        else:
            yield block


def _plain(parts: Sequence[Part], language: Language) -> Iterator[Block]:
    """The parts as blocks that every writer knows; headings rise one level, for the title is not among them."""
    for part in parts:
        match part:
            case Rules():
                yield _rules_table(part, language)
            case Topics():
                yield from _topics(part, language)
            case Heading():
                yield Heading(part.text, max(1, part.level - 1))
            case Bullets():
                yield from _bullets(part)
            case _:
                yield part


def _rules_table(part: Rules, language: Language) -> Table:
    columns = tuple(language.say(key) for key in ("rule", "stands", "effect", "source"))
    rows = tuple(
        (
            item.title,
            item.status,
            item.effect,
            f"{item.rule.source}. {language.say('checked', day=language.write_day(item.rule.checked_on))}",
        )
        for item in part.items
    )
    return Table(columns, rows, weights=(2.2, 1.8, 3.2, 2.8))


def _topics(part: Topics, language: Language) -> Iterator[Block]:
    if not part.items:
        yield Paragraph(language.say("topics_none"))
    else:
        grouped: dict[str, list[str]] = {}
        for item in part.items:
            grouped.setdefault(f"{item.scheme.source}, {item.paragraph}", []).append(item.label)
        rows = tuple((" · ".join(labels), citation) for citation, labels in grouped.items())
        yield Table((language.say("topic"), language.say("paragraph")), rows, weights=(3.0, 2.0))
        for scheme in part.schemes:
            yield Paragraph(f"{scheme.source}. {standing.scheme_status(scheme, language)}")


def field(text: str) -> tuple[str, str]:
    """(kind, label) of a bullet: ``line``, ``area``, ``box`` or ``one`` for a thing to fill in, else ``text``."""
    for mark, kind in _MARKS.items():
        if text.startswith(mark):
            return kind, text[len(mark) :]
    return "text", text


def _bullets(part: Bullets) -> Iterator[Block]:
    """Bullets to read stay bullets; those to fill in become lines to write on and boxes to tick."""
    if all(field(item)[0] == "text" for item in part.items):
        yield part
        return
    for item in part.items:
        kind, label = field(item)
        if kind in ("line", "area"):
            yield Paragraph(label)
            yield from [Paragraph(_LINE)] * (3 if kind == "area" else 1)
        else:
            yield Paragraph(f"{'[   ]' if kind == 'box' else '(   )'} {label}" if kind != "text" else label)
