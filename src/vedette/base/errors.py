"""The root of every anticipated error: what is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in somebody's input a fault stands; every part may be unknown."""

    file: str = ""
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        text = self.file
        if self.line is not None:
            text = f"{text}:{self.line}" if text else f"line {self.line}"
        if self.field:
            text = f"{text} [{self.field}]" if text else self.field
        return text


class VedetteError(Exception):
    """An anticipated fault. Doors turn it into exit 1 or problem details; anything else keeps its traceback."""

    def __init__(self, problem: str, *, place: Place | None = None, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place or Place()
        self.remedy = remedy

    def __str__(self) -> str:
        where = str(self.place)
        text = f"{where}: {self.problem}" if where else self.problem
        return f"{text}. {self.remedy}" if self.remedy else text


class ContentError(VedetteError):
    """A rule, source, policy or other content file that the loader refuses."""
