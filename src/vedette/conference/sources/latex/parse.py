"""Reads LaTeX source with a scanner of its own, or a zip of it; nothing is executed, and no file beside the given ones is opened."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from vedette.conference.fields import decode, text
from vedette.conference.model import ConferenceError, Paper, Passage, Reading, TextKind, refuse
from vedette.conference.sources.latex.scan import Found, scan

_MOST_FILE = 8 * 1024 * 1024
_MOST_MEMBERS = 3_000
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_RATIO = 200
_SIGNS = (b"\\documentclass", b"\\documentstyle", b"\\begin{document}")
_INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}\\]{1,200})\}")
_DEEPEST = 8
_KINDS = {
    **dict.fromkeys(("author", "affil", "affiliation", "institute", "address", "institution"), TextKind.AFFILIATION),
    **dict.fromkeys(("icmlaffiliation", "ieeeauthorblocka", "orgname"), TextKind.AFFILIATION),
    **dict.fromkeys(("thanks", "footnote", "footnotetext", "authornote", "tnotetext", "blfootnote"), TextKind.FOOTNOTE),
    **dict.fromkeys(("funding", "grantsponsor", "support", "fundinginfo"), TextKind.FUNDING),
    **dict.fromkeys(("acks", "ack", "acknowledgements", "acknowledgments", "acknowledgement", "acknowledgment"), None),
}


def recognise(name: str, head: bytes) -> bool:
    """A .tex file or text with a document class; a zip that holds such a file."""
    if head.startswith(b"PK\x03\x04"):
        return any(member.casefold().endswith(".tex") for member in _names(head))
    return name.casefold().endswith(".tex") or any(sign in head[:200_000] for sign in _SIGNS)


def parse(name: str, data: bytes) -> Reading:
    """The paper's passages. Raises ConferenceError for what is refused whole."""
    parts = _unpacked(name, data) if data.startswith(b"PK\x03\x04") else {PurePosixPath(name).name: _read(name, data)}
    whole = _joined(parts, _main(name, parts), set(), 0)
    found = list(scan(whole))
    passages = tuple(_passages(found))
    title = next((item.text for item in found if item.name == "title"), "")
    return Reading(
        papers=(
            Paper(
                stem=text(PurePosixPath(name).stem, "file", limit=300),
                title=title[:1_000],
                passages=passages,
                affiliations=tuple(each.text for each in passages if each.kind is TextKind.AFFILIATION),
                file=name,
            ),
        )
    )


def _passages(found: list[Found]) -> Iterator[Passage]:
    for item in found:
        # What stands first among a person's lines is the name, which is read by no check.
        written = item.text.partition(",")[2].strip() if item.name == "author" else item.text
        if item.name in _KINDS and written:
            kind = _KINDS[item.name] or TextKind.ACKNOWLEDGEMENT
            yield Passage(kind, written[:8_000], f"\\{item.name}, line {item.line}")


def _read(name: str, data: bytes) -> str:
    if len(data) > _MOST_FILE:
        raise refuse("is larger than 8 MB", name, remedy="Import the text without data")
    try:
        return decode(data, name)
    except ConferenceError as fault:
        if "\x00" in data[:4096].decode("latin-1"):
            raise fault from None
        return data.decode("latin-1")


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.namelist()[:_MOST_MEMBERS]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error):
        return []


def _unpacked(name: str, data: bytes) -> dict[str, str]:
    """The .tex files of a zip by their path, read in memory; nothing is written, so a path leads nowhere."""
    parts: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            _guard(name, members)
            for member in members:
                if member.filename.casefold().endswith((".tex", ".ltx")) and not member.is_dir():
                    parts[str(PurePosixPath(member.filename))] = _read(member.filename[:200], packed.read(member))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error) as fault:
        raise refuse(f"is no readable zip: {type(fault).__name__}", name, remedy="Pack it again") from None
    return parts


def _guard(name: str, members: list[zipfile.ZipInfo]) -> None:
    wanted = [each for each in members if each.filename.casefold().endswith((".tex", ".ltx"))]
    if len(members) > _MOST_MEMBERS or sum(each.file_size for each in wanted) > _MOST_UNPACKED:
        raise refuse("unpacks to more than is believable", name, remedy="Pack the source alone")
    for each in wanted:
        if each.file_size > 1_000_000 and each.file_size > _MOST_RATIO * max(1, each.compress_size):
            raise refuse("is packed like a bomb", name, field=each.filename[:80], remedy="Pack it again")


def _main(name: str, parts: Mapping[str, str]) -> str:
    found = [path for path, body in parts.items() if "\\documentclass" in body or "\\documentstyle" in body]
    if found:
        return min(found, key=lambda path: (path.count("/"), path))
    if not parts:
        raise refuse("holds no LaTeX source", name, remedy="Pack the .tex files")
    return min(parts, key=lambda path: (path.count("/"), path))


def _joined(parts: Mapping[str, str], path: str, seen: set[str], depth: int) -> str:
    """The file with the given ones put where it names them; anything else it names stays unopened."""
    seen.add(path)

    def put(match: re.Match[str]) -> str:
        wanted = str(PurePosixPath(match[1].strip()))
        inner = next((each for each in (wanted, f"{wanted}.tex") if each in parts and each not in seen), None)
        return _joined(parts, inner, seen, depth + 1) if inner is not None and depth < _DEEPEST else " "

    return _INPUT.sub(put, parts[path])
