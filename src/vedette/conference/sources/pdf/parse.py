"""Reads a paper's PDF in a process with limits of memory and time, and keeps the passages that speak of ties."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

from vedette.conference.fields import text
from vedette.conference.model import Paper, Passage, Reading, TextKind, refuse
from vedette.conference.passages import of_pages

_SECONDS = 20
_MOST_BYTES = 64 * 1024 * 1024
_HEADER = re.compile(rb"%PDF-\d")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def recognise(name: str, head: bytes) -> bool:
    """The PDF header within the first kilobyte."""
    return bool(_HEADER.search(head[:1024]))


def parse(name: str, data: bytes) -> Reading:
    """The paper's passages. Raises ConferenceError for what cannot be read within the limits."""
    if len(data) > _MOST_BYTES:
        raise refuse("is larger than 64 MB", name, remedy="Import the version without large figures")
    pages = [_CONTROL.sub(" ", page) for page in _pages(name, data)]
    if not any(page.strip() for page in pages):
        raise refuse("holds no text", name, remedy="It may be a scan; import its source or a table instead")
    title, passages = of_pages(pages)
    return Reading(
        papers=(
            Paper(
                stem=text(PurePosixPath(name).stem, "file", limit=300),
                title=title,
                passages=passages,
                affiliations=_block(passages),
                file=name,
            ),
        )
    )


def _block(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    return tuple(each.text for each in passages if each.kind is TextKind.AFFILIATION)


def _pages(name: str, data: bytes) -> list[str]:
    child = Path(__file__).with_name("child.py")
    command = [sys.executable, "-I", str(child), str(_SECONDS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS + 5, check=False, env={})
    except subprocess.TimeoutExpired:
        raise refuse("takes too long to read", name, remedy="Import its source or a table instead") from None
    if done.returncode != 0:
        raise refuse("cannot be read within the limits of memory and time", name, remedy="Import its source instead")
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise refuse(str(answer["problem"]), name, remedy="Print it anew, or import its source or a table instead")
    return [str(page) for page in answer["pages"]]
