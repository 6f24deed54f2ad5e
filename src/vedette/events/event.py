"""One thing an account did, as a log tells it, in OCSF's words; and the row of operations that a product's table gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vedette.base import ContentError, Place, VedetteError
from vedette.events.vocabulary import OTHER_ACTIVITY, OTHER_CLASS, check


class Unreadable(VedetteError):
    """A record that is no event of its product: refused with the field and the remedy."""


@dataclass(slots=True)
class Event:
    """One event. ``time_us`` is UTC microseconds; ``principals`` are (kind, external id) candidates, best first.

    ``known`` is false where the operation is not in the product's table; its class is then ``other``.
    """

    event_id: str
    time_us: int
    operation: str
    service: str
    class_name: str
    activity: str
    principals: tuple[tuple[str, str], ...]
    ip: str | None = None
    user_agent: str | None = None
    outcome: str | None = None
    resource: str | None = None

    @property
    def known(self) -> bool:
        """Whether the vocabulary has a word for it."""
        return self.class_name != OTHER_CLASS


@dataclass(frozen=True, slots=True)
class Operations:
    """A product's table of operations: exact names first, then the longest prefix."""

    exact: dict[tuple[str, str], tuple[str, str]]
    prefixes: tuple[tuple[str, str, tuple[str, str]], ...]

    @classmethod
    def read(cls, text: str, file: str) -> Operations:
        """Parse lines "service<TAB>operation<TAB>class<TAB>activity"; ``*`` ends a prefix, a lone ``*`` is any service.

        Raises ContentError naming file and line for anything outside the vocabulary.
        """
        exact, prefixes = {}, []
        for number, line in enumerate(text.splitlines(), start=1):
            if not line or line.startswith("#"):
                continue
            service, operation, meaning = _operation(line, Place(file, number))
            if operation.endswith("*"):
                prefixes.append((service, operation[:-1], meaning))
            else:
                exact[(service, operation)] = meaning
        prefixes.sort(key=lambda row: (-len(row[1]), row[0] == "*"))
        return cls(exact, tuple(prefixes))

    def meaning(self, service: str, operation: str) -> tuple[str, str]:
        """(class, activity) of an operation, or ``other`` twice."""
        for key in ((service, operation), ("*", operation)):
            if key in self.exact:
                return self.exact[key]
        for of, prefix, meaning in self.prefixes:
            if of in (service, "*") and operation.startswith(prefix):
                return meaning
        return OTHER_CLASS, OTHER_ACTIVITY


def _operation(line: str, place: Place) -> tuple[str, str, tuple[str, str]]:
    cells = line.split("\t")
    if len(cells) != 4:
        raise ContentError(
            f"has {len(cells)} cells", place=place, remedy="service, operation, class, activity, tabs between"
        )
    service, operation, class_name, activity = cells
    try:
        check(class_name, activity)
    except ContentError as fault:
        raise ContentError(fault.problem, place=place, remedy=fault.remedy) from None
    return service, operation, (class_name, activity)


def first_text(values: Iterable[object]) -> str | None:
    """The first non-empty text among values."""
    return next((value for value in values if isinstance(value, str) and value), None)
