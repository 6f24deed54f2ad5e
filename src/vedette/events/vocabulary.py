"""The closed vocabulary of what can be done, and the tables that say which operation of a product is which of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vedette.base import ContentError, Place

OTHER = "other"
_DATA = Path(__file__).with_name("data")
_READS = frozenset({"read", "list", "query", "search"})
_WRITES = frozenset({"create", "update", "delete", "write"})
_PATTERN = re.compile(r"^(\*?[^*\t]*|[^*\t]+\*)$")
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Word:
    """One class and activity of OCSF: ``authentication.logon`` is class 3002, activity 1."""

    text: str
    class_uid: int
    category_uid: int
    activity_id: int

    @property
    def class_name(self) -> str:
        """The class alone, such as ``authentication``."""
        return self.text.partition(".")[0]

    @property
    def activity(self) -> str:
        """The activity alone, such as ``logon``."""
        return self.text.partition(".")[2] or OTHER


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Word]:
    """Every word by its text."""
    found = {}
    for _, cells in table_rows(_DATA / "ocsf.tsv", 4):
        found[cells[0]] = Word(cells[0], int(cells[1]), int(cells[2]), int(cells[3]))
    return found


def table_rows(path: Path, width: int) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a tab-separated content file without comments. Raises ContentError on another width."""
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) != width:
            raise ContentError(
                f"has {len(cells)} cells", place=Place(path.as_posix(), line), remedy=f"Write {width}, tabs between"
            )
        yield line, cells


class Actions:
    """Which operation of which service is which word. Exact names first, then the longest beginning that fits.

    Rows are ``service``, ``operation``, ``word``; ``*`` stands for any service, a trailing ``*`` for any ending, a leading
    one for any beginning. A row for any service is a rule of naming: it counts only where the record's own read-only
    flag does not contradict it.
    """

    def __init__(self, path: Path) -> None:
        self._exact: dict[tuple[str, str], str] = {}
        self._begins: dict[str, list[tuple[str, str]]] = {}
        self._ends: dict[str, list[tuple[str, str]]] = {}
        self._seen: dict[tuple[str, str], tuple[str, bool]] = {}
        for line, (service, operation, word) in table_rows(path, 3):
            self._take(Place(path.as_posix(), line), service, operation, word)
        for rules in (*self._begins.values(), *self._ends.values()):
            rules.sort(key=lambda rule: -len(rule[0]))

    def _take(self, place: Place, service: str, operation: str, word: str) -> None:
        if word not in vocabulary():
            raise ContentError(f"{word!r} is no word of the vocabulary", place=place, remedy="See data/ocsf.tsv")
        if not _PATTERN.match(operation):
            raise ContentError(f"{operation!r} is no pattern", place=place, remedy="One * at the beginning or the end")
        if operation.endswith("*"):
            self._begins.setdefault(service, []).append((operation[:-1], word))
        elif operation.startswith("*"):
            self._ends.setdefault(service, []).append((operation[1:], word))
        elif (service, operation) in self._exact:
            raise ContentError(f"{service} {operation} stands twice", place=place, remedy="Keep one")
        else:
            self._exact[service, operation] = word

    def word(self, service: str, operation: str, read_only: bool | None = None) -> str:
        """The word for one operation; ``other`` where the table does not know it."""
        key = (service, operation)
        found = self._seen.get(key)
        if found is None:
            found = self._find(service, operation)
            if len(self._seen) < _MOST_REMEMBERED:
                self._seen[key] = found
        word, general = found
        return OTHER if general and read_only is not None and _contradicts(word, read_only) else word

    def _find(self, service: str, operation: str) -> tuple[str, bool]:
        for name, general in ((service, False), ("*", True)):
            word = self._exact.get((name, operation)) or self._fitting(name, operation)
            if word:
                return word, general
        return OTHER, False

    def _fitting(self, service: str, operation: str) -> str:
        begins = (word for text, word in self._begins.get(service, ()) if operation.startswith(text))
        ends = (word for text, word in self._ends.get(service, ()) if operation.endswith(text))
        return next(begins, "") or next(ends, "")


def _contradicts(word: str, read_only: bool) -> bool:
    activity = word.rpartition(".")[2]
    return activity in (_WRITES if read_only else _READS)
