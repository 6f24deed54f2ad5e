"""Makes the paper: the body of its folder with every value inert, the fields held and missing, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from vedette import policy
from vedette.base import parse_time
from vedette.documents import Block, Bullets, Document, Field, Fields, Heading, Paragraph, markdown
from vedette.reports.model import Audience, Material, Report, ReportError, answered
from vedette.reports.words import Words, words

_MARK = "\0"


@dataclass(frozen=True, slots=True)
class Paper:
    """A made paper: the document, and every field asked for with what is held, also where the document does not list them."""

    document: Document
    fields: tuple[Field, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys of the fields that are empty."""
        return tuple(item.key for item in self.fields if item.missing)


def build(report: Report, material: Material, language: str = "en") -> Paper:
    """The paper of a kind about the material. Raises ReportError for a language that the kind does not speak."""
    if language not in report.titles:
        raise ReportError(
            f"{report.name} is not written in {language!r}", remedy=f"One of: {', '.join(sorted(report.titles))}"
        )
    told = words(language)
    fields = answered(report.asks, material)
    on = parse_time(material.made_at).date()
    body = _body(report, material, language, fields)
    parts = {**report.parts(material), "fields": (Fields(fields, words=told.columns),)}
    blocks = [block for each in markdown.read(body) for block in _placed(each, parts)]
    # A customer is not told what else could have been held about them.
    lacking = [] if report.audience is Audience.CUSTOMER else _missing(fields, told)
    document = Document(
        title=report.titles[language],
        language=language,
        made_at=material.made_at,
        blocks=(*_labels(report, on, told), *blocks, *lacking),
    )
    return Paper(document, fields)


def labels(report: Report, on: date) -> list[str]:
    """What a reader must be told first: which rules behind the paper are only proposed, or not certain."""
    found = [policy.rule(each) for each in report.policy]
    proposed = [rule for rule in found if policy.state(rule, on) is policy.State.PROPOSED]
    return [f"{rule.title} ({rule.source})" for rule in proposed]


def _labels(report: Report, on: date, told: Words) -> list[Block]:
    return [Paragraph(told.proposed.format(rule=text), note=True) for text in labels(report, on)]


def _body(report: Report, material: Material, language: str, fields: Sequence[Field]) -> str:
    name = "body.md.j2" if language == "en" else f"body.{language}.md.j2"
    by_key = {item.key: item for item in fields}
    absent = words(language).absent

    def value(key: str) -> str:
        return by_key[key].value or absent

    text: str = _template(report.name, name).render(
        value=value,
        held=lambda key: not by_key[key].missing,
        part=lambda part: _Inert(f"{_MARK}{part}{_MARK}"),
        case=material.case,
        accounts=material.accounts,
        findings=material.findings,
        decision=material.decision,
        reason=material.reason,
        screened=material.screened,
        house=material.house,
        made_at=material.made_at[:10],
    )
    return text


class _Inert(str):
    """Text that is written as it is: the place of a part."""


@cache
def _template(report: str, name: str) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalized, autoescape=False
    )
    return environment.from_string((files("vedette.reports") / report / name).read_text("utf-8"))


def _finalized(value: object) -> str:
    return value if isinstance(value, _Inert) else markdown.escape("" if value is None else value)


def _placed(block: Block, parts: Mapping[str, Sequence[Block]]) -> Sequence[Block]:
    if not isinstance(block, Paragraph) or not block.text.startswith(_MARK):
        return (block,)
    names = [name.strip() for name in block.text.split(_MARK) if name.strip()]
    unknown = [name for name in names if name not in parts]
    if unknown:
        raise ReportError(f"the body places {unknown[0]!r}, which the report does not make", remedy="Name a part")
    return [each for name in names for each in parts[name]]


def _missing(fields: Sequence[Field], told: Words) -> list[Block]:
    """What was asked for and is not held; always said, also when nothing is missing."""
    empty = [item for item in fields if item.missing]
    if not fields:
        return []
    lines = [f"{item.label}{told.must if item.needed else ''}" for item in empty]
    listed: Block = Bullets(tuple(lines)) if lines else Paragraph(told.complete)
    return [Heading(told.missing), listed]
