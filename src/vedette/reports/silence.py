"""What a paper to a customer may never tell: data with the law behind it, checked against the finished text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vedette import policy
from vedette.base import ContentError, Record, read_record
from vedette.documents import Document, markdown


@dataclass(frozen=True, slots=True)
class Silence:
    """One thing that is not told, the words that would tell it, and the rules that forbid it."""

    topic: str
    terms: tuple[str, ...]
    rules: tuple[str, ...]


@cache
def silences() -> tuple[Silence, ...]:
    """What ships with the program."""
    return read_silences((files("vedette.reports") / "silence.yml").read_text("utf-8"), "reports/silence.yml")


def read_silences(text: str, file: str) -> tuple[Silence, ...]:
    """Parse strictly. Raises ContentError naming file and line, also for a rule that is not in the register."""
    record = read_record(text, file)
    record.take_text("caption")
    record.take_text("why")
    record.take_day("checked_on")
    found = tuple(_silence(item) for item in record.take_records("never"))
    record.finish()
    return found


def _silence(record: Record) -> Silence:
    where = record.place("rules")
    made = Silence(record.take_text("topic"), record.take_texts("terms"), record.take_texts("rules"))
    record.finish()
    unknown = set(made.rules) - {rule.id for rule in policy.rules()}
    if unknown:
        raise ContentError(f"no policy rule {sorted(unknown)[0]!r}", place=where, remedy="Name one of policy/rules")
    return made


def breaches(document: Document, *, own: Iterable[str] = ()) -> list[str]:
    """What the paper tells that it must not, one sentence a topic; empty when it keeps silent.

    ``own`` are the customer's own name and account: whoever is called by one of the terms is still answered.
    """
    text = _plain(markdown.unescape(markdown.write(document)))
    for each in sorted(map(_plain, own), key=len, reverse=True):
        text = text.replace(each, " ") if each.strip() else text
    found = []
    for item in silences():
        told = [term for term in item.terms if _says(text, term)]
        if told:
            found.append(f"{item.topic} (the text says {told[0]!r}; {', '.join(item.rules)})")
    return found


def _says(text: str, term: str) -> bool:
    wanted = _plain(term).strip()
    if not wanted.isascii():
        return wanted.replace(" ", "") in text.replace(" ", "")
    return f" {wanted} " in text


def _plain(text: str) -> str:
    """Words parted by single spaces, so that case, width and punctuation hide nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " " + " ".join("".join(c if c.isalnum() else " " for c in folded).split()) + " "
