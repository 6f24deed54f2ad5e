"""Strict reading of content: take each field out of a YAML record, then complain about what is left, with the line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from vedette.base.errors import ContentError, Place

if TYPE_CHECKING:
    import yaml

_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)


@dataclass(slots=True)
class Record:
    """One YAML mapping whose keys know their lines. Every ``take_*`` removes the key; ``finish`` refuses leftovers."""

    file: str
    line: int
    _values: dict[str, tuple[Any, int]] = field(default_factory=dict)
    _known: list[str] = field(default_factory=list)

    def place(self, key: str | None = None) -> Place:
        """Where the key stands, or the record itself."""
        line = self._values[key][1] if key in self._values and key is not None else self.line
        return Place(self.file, line, key)

    def has(self, key: str) -> bool:
        """Whether the key is there and not yet taken."""
        return key in self._values

    def _pop(self, key: str, kind: type | tuple[type, ...], what: str, remedy: str = "") -> Any:
        self._known.append(key)
        if key not in self._values:
            raise ContentError(
                f"missing key {key!r}", place=Place(self.file, self.line, key), remedy=remedy or f"Add {key}: ({what})"
            )
        value, line = self._values.pop(key)
        wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or wrong_bool:
            raise ContentError(f"{key!r} must be {what}", place=Place(self.file, line, key), remedy=remedy)
        return value

    def take_text(self, key: str, default: str | None = None, remedy: str = "") -> str:
        """A non-empty string, stripped. Dates and numbers in YAML must be quoted to count as text."""
        if default is not None and not self.has(key):
            self._known.append(key)
            return default
        where = self.place(key)
        value: str = self._pop(key, str, "a text", remedy)
        if not value.strip():
            raise ContentError(f"{key!r} is empty", place=where, remedy=remedy or f"Say what {key} is")
        return value.strip()

    def take_choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of a closed set of words."""
        allowed = sorted(choices)
        where = self.place(key)
        value = self.take_text(key, default, remedy=f"One of: {', '.join(allowed)}")
        if value not in allowed:
            raise ContentError(f"{key!r} is {value!r}", place=where, remedy=f"One of: {', '.join(allowed)}")
        return value

    def take_int(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        if default is not None and not self.has(key):
            self._known.append(key)
            return default
        value: int = self._pop(key, int, "a whole number")
        return value

    def take_number(self, key: str, default: float | None = None) -> float:
        """A number."""
        if default is not None and not self.has(key):
            self._known.append(key)
            return default
        return float(self._pop(key, (int, float), "a number"))

    def take_bool(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        if default is not None and not self.has(key):
            self._known.append(key)
            return default
        value: bool = self._pop(key, bool, "true or false")
        return value

    def take_day(self, key: str, *, optional: bool = False) -> date | None:
        """A calendar day; None where optional and absent or null."""
        if optional and (not self.has(key) or self._values[key][0] is None):
            self._known.append(key)
            self._values.pop(key, None)
            return None
        value: date = self._pop(key, date, "a day such as 2026-01-31")
        return value

    def take_texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of texts, non-empty unless optional."""
        if optional and not self.has(key):
            self._known.append(key)
            return ()
        where = self.place(key)
        value = self._pop(key, list, "a list of texts")
        if not value and not optional:
            raise ContentError(f"{key!r} is an empty list", place=where, remedy=f"Name at least one {key}")
        if not all(isinstance(item, str) and item.strip() for item in value):
            raise ContentError(f"{key!r} must hold texts only", place=where, remedy="Quote numbers and dates")
        return tuple(item.strip() for item in value)

    def take_record(self, key: str) -> Record:
        """One nested mapping, strict in its turn: take its keys, then ``finish`` it."""
        value: Record = self._pop(key, Record, "a mapping of keys")
        return value

    def take_records(self, key: str, *, optional: bool = False) -> tuple[Record, ...]:
        """A list of mappings, each strict in its turn."""
        if optional and not self.has(key):
            self._known.append(key)
            return ()
        where = self.place(key)
        value = self._pop(key, list, "a list of mappings")
        if not all(isinstance(item, Record) for item in value):
            raise ContentError(f"{key!r} must hold mappings only", place=where)
        return tuple(value)

    def take_plain(self, key: str, *, optional: bool = False) -> Any:
        """Any value, with nested records turned into plain dictionaries: for free-form data such as example rows."""
        if optional and not self.has(key):
            self._known.append(key)
            return None
        self._known.append(key)
        if key not in self._values:
            raise ContentError(f"missing key {key!r}", place=Place(self.file, self.line, key))
        value, _ = self._values.pop(key)
        return plain(value)

    def finish(self) -> None:
        """Refuse whatever was not taken: a misspelt optional key must never just do nothing."""
        for key, (_, line) in self._values.items():
            known = ", ".join(sorted(set(self._known)))
            raise ContentError(f"unknown key {key!r}", place=Place(self.file, line, key), remedy=f"Known keys: {known}")


def plain(value: Any) -> Any:
    """Nested records and lists as dictionaries and lists."""
    if isinstance(value, Record):
        return {key: plain(item) for key, (item, _) in value._values.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def read_record(text: str, file: str) -> Record:
    """Parse YAML text whose top is a mapping. Raises ContentError naming file and line."""
    import yaml

    try:
        node = yaml.compose(text, Loader=_loader())
    except RecursionError:
        raise ContentError("is nested too deeply", place=Place(file, 1), remedy="Write it flatter") from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(fault, "problem", None) or "not YAML"
        raise ContentError(f"cannot be read as YAML: {problem}", place=Place(file, line)) from None
    if not isinstance(node, yaml.MappingNode):
        raise ContentError("must be a mapping of keys", place=Place(file, 1))
    value = _build(node, file)
    assert isinstance(value, Record)
    return value


@cache
def _loader() -> type[yaml.SafeLoader]:
    """SafeLoader that refuses aliases, so that a small file cannot expand into a large one.

    Made at first use: importing YAML costs more than the whole help page.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.events.AliasEvent):
                event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it untyped
                raise yaml.composer.ComposerError(None, None, "aliases are not allowed", event.start_mark)
            return super().compose_node(parent, index)

    return Loader


def _build(node: yaml.Node, file: str) -> Any:
    import yaml

    if node.tag not in _TAGS:
        raise ContentError(f"the tag {node.tag!r} is not allowed", place=Place(file, node.start_mark.line + 1))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, file) for item in node.value]
    constructor = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    except (yaml.YAMLError, ValueError) as fault:
        raise ContentError(f"value cannot be read: {fault}", place=Place(file, node.start_mark.line + 1)) from None


def _mapping(node: yaml.MappingNode, file: str) -> Record:
    import yaml

    record = Record(file, node.start_mark.line + 1)
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ContentError("keys must be texts", place=Place(file, line))
        if key.value in record._values:
            raise ContentError(f"key {key.value!r} stands twice", place=Place(file, line, key.value))
        record._values[key.value] = (_build(value, file), line)
    return record


def unique(items: Iterable[tuple[str, Place]], what: str) -> None:
    """Refuse the second bearer of an id, naming both places."""
    seen: dict[str, Place] = {}
    for name, where in items:
        if name in seen:
            raise ContentError(f"{what} {name!r} is already taken by {seen[name]}", place=where, remedy="Rename one")
        seen[name] = where
