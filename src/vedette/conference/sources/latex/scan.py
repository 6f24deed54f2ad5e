"""A bounded scanner for LaTeX: the arguments of named commands and environments as plain text. It expands no macro."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_ARGUMENT = 20_000
_MOST_FOUND = 5_000
_BRACE = re.compile(r"\\.|[{}]", re.S)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_WANTED = (
    "title|author|affil|affiliation|institute|institution|address|orgname|IEEEauthorblockA|icmlaffiliation|thanks|footnote"
    "|footnotetext|blfootnote|authornote|tnotetext|funding|fundinginfo|grantsponsor|support|acks|ack"
)
_COMMAND = re.compile(rf"\\(?P<name>{_WANTED})\*?\s*(?P<optional>(?:\[[^\[\]]{{0,500}}\]\s*){{0,3}})\{{")
_ENVIRONMENT = re.compile(r"\\begin\s*\{(?P<name>acks|ack|acknowledge?ments?|funding)\*?\}", re.I)
_SECTION = re.compile(
    r"\\(?:section|subsection|paragraph|chapter)\*?\s*\{\s*(?P<name>acknowledge?ments?|funding)[^{}]{0,60}\}", re.I
)
_NEXT = re.compile(r"\\(?:section|chapter|bibliography|begin\s*\{thebibliography\}|appendix|end\s*\{document\})")
_ACCENT = re.compile(r"\\(?:[`'^\"~=.]\s*\{?|[cHukvbdrt](?:\s+|\s*\{))([A-Za-z])\}?")
_INNER = re.compile(
    r"\\(?:thanks|footnote|footnotemark|inst|textsuperscript|orcidID|orcid|fnref|corref|cite\w*|ref|label)\*?"
    r"\s*(?:\[[^\[\]]{0,200}\])?\s*\{[^{}]{0,2000}\}"
)
_NAME = re.compile(r"\\[A-Za-z@]+\*?\s*(?:\[[^\[\]]{0,200}\])?")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Found:
    """One command or environment: its name in small letters, its plain text, and its line."""

    name: str
    text: str
    line: int


def scan(source: str) -> Iterator[Found]:
    """Every wanted command, environment and section, in the order of the text."""
    clean = _COMMENT.sub("", source)
    found = [*_commands(clean), *_environments(clean), *_sections(clean)]
    for place, name, body in sorted(found)[:_MOST_FOUND]:
        line = clean.count("\n", 0, place) + 1
        for part in re.split(r"\\and\b|\\And\b|\\AND\b", body) if name == "author" else (body,):
            written = plain(part)
            if written:
                yield Found(name, written, line)


def _commands(clean: str) -> Iterator[tuple[int, str, str]]:
    closes = _braces(clean)
    for match in _COMMAND.finditer(clean):
        end = closes.get(match.end() - 1)
        if end is not None and end - match.end() <= _MOST_ARGUMENT:
            yield match.start(), match["name"].casefold(), clean[match.end() : end]


def _environments(clean: str) -> Iterator[tuple[int, str, str]]:
    for match in _ENVIRONMENT.finditer(clean):
        end = clean.find("\\end", match.end(), match.end() + _MOST_ARGUMENT)
        if end > 0:
            yield match.start(), match["name"].casefold(), clean[match.end() : end]


def _sections(clean: str) -> Iterator[tuple[int, str, str]]:
    for match in _SECTION.finditer(clean):
        limit = match.end() + _MOST_ARGUMENT
        ended = _NEXT.search(clean, match.end(), limit)
        yield match.start(), match["name"].casefold(), clean[match.end() : ended.start() if ended else limit]


def _braces(clean: str) -> dict[int, int]:
    """Where each opening brace closes, found in one pass so that endless nesting costs no more than its length."""
    closes: dict[int, int] = {}
    waiting: list[int] = []
    for brace in _BRACE.finditer(clean):
        if brace[0] == "{":
            waiting.append(brace.start())
        elif brace[0] == "}" and waiting:
            closes[waiting.pop()] = brace.start()
    return closes


def plain(body: str) -> str:
    """Text without markup: notes and marks inside are left out, accents are their letters' plain forms."""
    written = body.replace("\\\\", ", ").replace("~", " ").replace("\\&", "&")
    for _ in range(4):
        written, count = _INNER.subn(" ", written)
        if not count:
            break
    written = _ACCENT.sub(r"\1", written)
    written = _NAME.sub(" ", written)
    written = re.sub(r"[{}$^_]|\\.", " ", written)
    return _SPACES.sub(" ", written).replace(" ,", ",").strip(" ,;")
