"""The words of imported rules: a condition as a small tree of tests on columns, and where a rule comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from vedette.base import VedetteError


class RefusedSigma(VedetteError):
    """A Sigma rule, or a part of one, that cannot be expressed exactly here."""


class Wild(Enum):
    """What stands for other text in a pattern."""

    ANY = "any"
    ONE = "one"


Pattern = tuple[str | Wild, ...]


class Kind(StrEnum):
    """How a column is asked. Every test is true or false, never unknown: on an absent value only ABSENT is true."""

    TEXT = "text"
    SAME = "same"
    ABSENT = "absent"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Test:
    """One question to one column. ``cased`` says whether upper and lower case differ; ``other`` names a second column."""

    column: str
    kind: Kind
    pattern: Pattern = ()
    cased: bool = False
    other: str = ""


@dataclass(frozen=True, slots=True)
class Every:
    """True where all parts are."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """True where one part is."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: Tree


Tree = Test | Every | Some | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One Sigma rule: events of one product that meet a condition."""

    name: str
    product: str
    tree: Tree


class Correlation(StrEnum):
    """The kinds of correlation that are accepted."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A correlation of searches within a span of time (microseconds, both ends included).

    ``keys`` gives for each search the columns to group by, in the same order; ``value`` the column counted by each.
    """

    kind: Correlation
    searches: tuple[Search, ...]
    keys: tuple[tuple[str, ...], ...]
    span_us: int
    least: int = 1
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose rule it is. Author and licence stay with the rule."""

    id: str
    title: str
    author: str
    licence: str
    level: str
    status: str
    date: str
    references: tuple[str, ...]
    false_positives: tuple[str, ...]
    description: str


def columns_of(tree: Tree) -> tuple[str, ...]:
    """The columns that a condition asks, sorted."""
    if isinstance(tree, Test):
        return tuple(sorted({tree.column, *([tree.other] if tree.other else [])}))
    parts: tuple[Tree, ...] = (tree.part,) if isinstance(tree, Not) else tree.parts
    return tuple(sorted({column for part in parts for column in columns_of(part)}))


Row = Mapping[str, object]
