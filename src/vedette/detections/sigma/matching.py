"""Whether an event meets a condition, in plain Python: slow and obvious, for making examples."""

from __future__ import annotations

import re

from vedette.detections.sigma.model import Every, Kind, Not, Pattern, Row, Some, Test, Tree, Wild

_WILD = {Wild.ANY: ".*", Wild.ONE: "."}


def holds(tree: Tree, row: Row) -> bool:
    """Whether the row meets the condition. An absent value meets no test but that for absence."""
    if isinstance(tree, Every):
        return all(holds(part, row) for part in tree.parts)
    if isinstance(tree, Some):
        return any(holds(part, row) for part in tree.parts)
    if isinstance(tree, Not):
        return not holds(tree.part, row)
    value = row.get(tree.column)
    if tree.kind is Kind.ABSENT:
        return value is None
    return value is not None and _asked(tree, value, row)


def _asked(test: Test, value: object, row: Row) -> bool:
    if test.kind is Kind.PRESENT:
        return True
    if test.kind is Kind.SAME:
        other = row.get(test.other)
        return other is not None and str(value).lower() == str(other).lower()
    flags = re.DOTALL if test.cased else re.DOTALL | re.IGNORECASE
    return re.fullmatch(regular(test.pattern), str(value), flags) is not None


def regular(pattern: Pattern) -> str:
    """The pattern as a regular expression."""
    return "".join(_WILD[part] if isinstance(part, Wild) else re.escape(part) for part in pattern)
