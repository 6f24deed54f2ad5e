"""The passages of a paper that speak of ties, cut out of its running text: affiliation block, footnotes, acknowledgements, funding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vedette.conference.model import Passage, TextKind

_MOST_BLOCK_LINES = 60
_MOST_PASSAGE = 8_000
_FOOT_SHARE = 0.5
_ABSTRACT = re.compile(r"^\s*(?:abstract|summary|초\s*록|摘\s*要)\b", re.I)
_SECTION = re.compile(
    r"^\s*(?:\d+\.?\s+|[A-Z]\.?\s+)?(?P<name>acknowledge?ments?|thanks|funding(?:\s+(?:statement|sources?|information|disclosure))?"
    r"|(?:disclosure|statement)\s+of\s+funding|author\s+affiliations?)\s*(?P<run>[.:—-]\s*)?(?P<rest>.*)$",
    re.I,
)
_ENDS = re.compile(
    r"^\s*(?:\d+\.?\s+|[A-Z]\.?\s+)?(?:references|bibliography|appendix|appendices|supplementary|conflicts?\s+of\s+interest"
    r"|competing\s+interests|data\s+availability|ethics|author\s+contributions?|introduction|broader\s+impact|limitations)\b",
    re.I,
)
_MARKER = re.compile(r"^\s*(?:[*∗†‡§¶♯♮⋆‖]+|\d{1,2}(?=[A-Z]|\s+[A-Z])|\(\d\))\s*\S")
_PHRASE = re.compile(
    r"^\s*(?:work (?:done|was done|partially)|this (?:work|research|project) (?:was|is)|corresponding author|equal contribution"
    r"|the authors? (?:is|are|was|were)|supported by|partially supported|also (?:with|at)|now (?:with|at))",
    re.I,
)


def of_pages(pages: Sequence[str]) -> tuple[str, tuple[Passage, ...]]:
    """The title line and the passages of a paper's pages, in order."""
    if not pages:
        return "", ()
    first = pages[0].splitlines()
    cut = next((place for place, line in enumerate(first) if _ABSTRACT.match(line)), min(len(first), 25))
    head = [line.strip() for line in first[: min(cut, _MOST_BLOCK_LINES)] if line.strip()]
    found = [Passage(TextKind.AFFILIATION, line[:_MOST_PASSAGE], "page 1") for line in head[1:]]
    found += list(_footnotes(first[max(cut, int(len(first) * _FOOT_SHARE)) :]))
    for number, page in enumerate(pages, 1):
        found += _sections(page.splitlines(), f"page {number}", pages[number] if number < len(pages) else "")
    return (head[0][:1_000] if head else ""), tuple(found)


def of_text(text: str, where: str) -> tuple[Passage, ...]:
    """The sections of thanks and funding in plain text."""
    return tuple(_sections(text.splitlines(), where, ""))


def _footnotes(lines: Sequence[str]) -> Iterator[Passage]:
    """Notes at the foot of the first page: from a marker or a set phrase to the next one."""
    current: list[str] = []
    for line in lines:
        if _SECTION.match(line) and not _PHRASE.match(line):
            break
        if _MARKER.match(line) or _PHRASE.match(line):
            yield from _passage(TextKind.FOOTNOTE, current, "page 1")
            current = [line]
        elif current:
            current.append(line)
    yield from _passage(TextKind.FOOTNOTE, current, "page 1")


def _sections(lines: Sequence[str], where: str, following: str) -> Iterator[Passage]:
    place = 0
    while place < len(lines):
        opened = _SECTION.match(lines[place])
        if opened is None or (opened["rest"] and not opened["run"]):
            place += 1
            continue
        kind = TextKind.FUNDING if opened["name"].casefold().endswith(("funding", "sources")) else _kind(opened["name"])
        body, place, ended = _body(lines, place + 1)
        if not ended and following:
            body += _body(following.splitlines(), 0)[0][:20]
        yield from _passage(kind, [opened["rest"], *body], where)


def _kind(name: str) -> TextKind:
    folded = name.casefold()
    if "funding" in folded:
        return TextKind.FUNDING
    return TextKind.AFFILIATION if "affiliation" in folded else TextKind.ACKNOWLEDGEMENT


def _body(lines: Sequence[str], place: int) -> tuple[list[str], int, bool]:
    body: list[str] = []
    while place < len(lines):
        opened = _SECTION.match(lines[place])
        if _ENDS.match(lines[place]) or (opened is not None and (opened["run"] or not opened["rest"])):
            return body, place, True
        body.append(lines[place])
        place += 1
    return body, place, False


def _passage(kind: TextKind, lines: Sequence[str], where: str) -> Iterator[Passage]:
    """Lines joined to running text, words parted at line ends made whole."""
    joined = ""
    for line in (line.strip() for line in lines):
        if joined.endswith("-") and line[:1].islower():
            joined = joined[:-1] + line
        elif line:
            joined = f"{joined} {line}" if joined else line
    if joined.strip():
        yield Passage(kind, joined.strip()[:_MOST_PASSAGE], where)
