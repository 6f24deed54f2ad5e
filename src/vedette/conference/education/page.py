"""View models of the kit's pages: what the templates in ``pages`` show, ready as plain values."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from vedette.base import canonical_json
from vedette.conference.education.model import FORMATS, Language, Made, Quiz, Rules, Topics
from vedette.conference.education.render import field
from vedette.conference.education.standing import scheme_status
from vedette.documents import Bullets, Heading, Paragraph, Table

SCRIPT = "kit.js"
"""The one script, beside the pages that use it."""


def document_page(made: Made, others: Sequence[Language], formats: Sequence[str], as_of: str) -> bytes:
    """One document as a page that stands alone: its own style, no other host."""
    return _render(
        "document.html",
        made.language,
        made=made,
        sections=list(_sections(made)),
        others=[other for other in others if other.code != made.language.code],
        formats=_beside(formats),
        script=made.declaration.kind == "form",
        file=f"{made.declaration.id}.html",
        as_of=as_of,
    )


def quiz_page(quiz: Quiz, language: Language, others: Sequence[Language], formats: Sequence[str], as_of: str) -> bytes:
    """The quiz as a page that marks itself with the script beside it, and can be read without."""
    return _render(
        "quiz.html",
        language,
        quiz=quiz,
        others=[other for other in others if other.code != language.code],
        script=True,
        file="quiz.html",
        formats=_beside(formats),
        as_of=as_of,
        data=canonical_json(
            {
                "quiz": quiz.version,
                "language": language.code,
                "needed": quiz.needed,
                "right": {question.id: question.answer for question in quiz.questions},
            }
        ).decode(),
    )


def index_page(documents: Sequence[Made], others: Sequence[Language], formats: Sequence[str], as_of: str) -> bytes:
    """The documents of one language."""
    language = documents[0].language
    return _render(
        "index.html",
        language,
        documents=documents,
        others=[other for other in others if other.code != language.code],
        formats=_beside(formats),
        file="index.html",
        as_of=as_of,
    )


def languages_page(languages: Sequence[Language], as_of: Mapping[str, str]) -> bytes:
    """The choice of language, said in each."""
    return _render("languages.html", languages[0], languages=languages, as_of=as_of, file="index.html", others=[])


def script() -> bytes:
    """The script that marks the quiz and saves a filled-in form on the reader's own machine."""
    return (files("vedette.conference.education") / "static" / SCRIPT).read_bytes()


def _beside(formats: Sequence[str]) -> list[str]:
    """The formats offered beside the page."""
    return [each for each in FORMATS if each in formats and each != "html"]


def _sections(made: Made) -> Iterator[dict[str, Any]]:
    """The parts under their headings; what stands before the first heading has none."""
    title, number = "", 0
    parts: list[dict[str, Any]] = []
    for part in made.parts[1:] if made.lead else made.parts:
        if isinstance(part, Heading) and part.level == 2:
            if title or parts:
                yield {"title": title, "id": f"s{number}", "parts": parts}
            title, parts, number = part.text, [], number + 1
        else:
            parts.append(_part(part, f"s{number}p{len(parts)}"))
    yield {"title": title, "id": f"s{number}", "parts": parts}


def _part(part: object, name: str) -> dict[str, Any]:
    match part:
        case Heading():
            return {"kind": "heading", "text": part.text}
        case Paragraph():
            return {"kind": "note" if part.note else "text", "text": part.text}
        case Bullets():
            items = [(*field(item), f"{name}i{number}") for number, item in enumerate(part.items)]
            plain = all(kind == "text" for kind, _, _ in items)
            return {"kind": "list" if plain else "fields", "items": items, "name": name}
        case Rules():
            return {"kind": "rules", "items": part.items}
        case Topics():
            return {"kind": "topics", "items": part.items, "schemes": part.schemes, "foreign": part.foreign}
        case Table():
            return {"kind": "table", "columns": part.columns, "rows": part.rows}
    raise TypeError(f"no page shows {type(part).__name__}")


@cache
def _frame() -> Any:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (_folder() / name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _folder() -> Any:
    return files("vedette.conference.education") / "pages"


@cache
def _style() -> tuple[str, str]:
    """The style and its hash, by which the page's own policy allows it."""
    text = (files("vedette.conference.education") / "static" / "kit.css").read_text("utf-8")
    return text, b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _render(template: str, language: Language, **values: Any) -> bytes:
    style, style_hash = _style()
    values = {"script": False, **values}
    page: str = (
        _frame()
        .get_template(template)
        .render(
            language=language,
            say=language.say,
            day=language.write_day,
            status=lambda scheme: scheme_status(scheme, language),
            style=style,
            style_hash=style_hash,
            **values,
        )
    )
    return page.encode()
