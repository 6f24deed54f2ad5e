"""A small, strict part of Markdown: what templates write and people read, with every value made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vedette.documents.model import Block, Bullets, Document, Fields, Figure, Heading, Paragraph, Table
from vedette.documents.visible import visible

_MARKUP = re.compile(r"[\\`*\[\]<>|&~]|(?<!\w)_|_(?!\w)")
_LEADING = re.compile(r"^(?:[#=]|[+-](?=[\s+-]|$)|\d+(?=[.)](?:\s|$)))")
_HEADING = re.compile(r"(#{1,3}) +(.+)")
_ESCAPED = re.compile(r"\\(.)")
_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def escape(value: object) -> str:
    """A value as inert text of one line: nothing in it can become a heading, a link, a table or HTML."""
    text = " ".join(visible(str(value)).split())
    text = _MARKUP.sub(lambda found: "\\" + found.group(), text)
    return _LEADING.sub(_guard, text)


def _guard(found: re.Match[str]) -> str:
    # A digit cannot be escaped in Markdown, but the point or bracket behind it can.
    return found.group() + "\\" if found.group()[0].isdigit() else "\\" + found.group()


def unescape(text: str) -> str:
    """The text behind an escaped one."""
    return _ESCAPED.sub(r"\1", text)


def read(text: str) -> tuple[Block, ...]:
    """Blocks of a text: headings ``#`` to ``###``, paragraphs, notes ``>``, bullets ``-`` and tables ``|``."""
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or _kind(stripped) != (_kind(groups[-1][0]) if groups[-1] else _kind(stripped)):
            groups.append([])
        if stripped:
            groups[-1].append(stripped)
    return tuple(block for group in groups if group for block in _blocks(group))


def _kind(line: str) -> str:
    return line[0] if line[0] in "#>|" or line.startswith("- ") else "text"


def _blocks(lines: Sequence[str]) -> Iterable[Block]:
    kind = _kind(lines[0])
    if kind == "#":
        for line in lines:
            found = _HEADING.fullmatch(line)
            yield Heading(unescape(found[2]), len(found[1])) if found else Paragraph(unescape(line))
    elif kind == ">":
        yield Paragraph(unescape(" ".join(line[1:].strip() for line in lines)), note=True)
    elif kind == "-":
        yield Bullets(tuple(unescape(line[2:].strip()) for line in lines))
    elif kind == "|":
        yield _table(lines)
    else:
        yield Paragraph(unescape(" ".join(" ".join(lines).split())))


def _table(lines: Sequence[str]) -> Table:
    ruled = len(lines) > 1 and set(lines[1]) <= set("|-: ")
    return Table(_cells(lines[0]), tuple(_cells(line) for line in lines[2 if ruled else 1 :]))


def _cells(line: str) -> tuple[str, ...]:
    parts = _PIPE.sub("\\1\0", line).split("\0")[1:-1]
    return tuple(unescape(part.strip()) for part in parts)


def write(document: Document) -> str:
    """The document as Markdown; figures become their numbers."""
    parts = [f"# {escape(document.title)}", *(_told(block) for block in document.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _told(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * min(block.level + 1, 6)} {escape(block.text)}"
        case Paragraph():
            return f"> {escape(block.text)}" if block.note else escape(block.text)
        case Bullets():
            return "\n".join(f"- {escape(item)}" for item in block.items)
        case Table():
            return _written(block)
        case Figure():
            return f"{escape(block.description)}\n\n{_written(block.table())}"
        case Fields():
            return _written(block.table())


def _written(table: Table) -> str:
    lines = [_line(table.columns), "|" + " --- |" * len(table.columns), *(_line(row) for row in table.rows)]
    return "\n".join([*([escape(table.caption), ""] if table.caption else []), *lines])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"
