"""A slow reading of Sigma, straight from the YAML and without pySigma or SQL, against which the import is measured.

It follows the words of the specification: values are compared without regard to case, ``*`` and ``?`` stand for text, an
absent field meets nothing but ``null`` and ``exists: false``, and spans of time include both of their ends.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]


def meets(detection: Mapping[str, Any], event: Event) -> bool:
    """Whether an event, with fields as the product names them, meets a detection section."""
    names = [name for name in detection if name != "condition"]
    text = detection["condition"]
    text = re.sub(r"\b(all|1) of them\b", lambda m: f"({(' and ' if m[1] == 'all' else ' or ').join(names)})", text)

    def several(match: re.Match[str]) -> str:
        chosen = [name for name in names if name.startswith(match[2])]
        return "(" + (" and " if match[1] == "all" else " or ").join(chosen) + ")"

    text = re.sub(r"\b(all|1) of (\w+)\*", several, text)
    truth = {name: _section(detection[name], event) for name in names}
    return bool(eval(text, {"__builtins__": {}}, truth))  # noqa: S307  # words of this test's own making


def _section(section: Any, event: Event) -> bool:
    if isinstance(section, list):
        return any(_section(item, event) for item in section)
    return all(_item(key, value, event) for key, value in section.items())


def _item(key: str, value: Any, event: Event) -> bool:
    field, *modifiers = key.split("|")
    values = value if isinstance(value, list) else [value]
    every = "all" in modifiers
    found = [_value(event.get(field), one, [name for name in modifiers if name != "all"], event) for one in values]
    return all(found) if every else any(found)


def _value(held: Any, wanted: Any, modifiers: list[str], event: Event) -> bool:
    if modifiers == ["exists"]:
        return (held is not None) is wanted
    if wanted is None:
        return held is None
    if held is None:
        return False
    if modifiers == ["cidr"]:
        try:
            return ipaddress.ip_address(held) in ipaddress.ip_network(wanted)
        except ValueError:
            return False
    if modifiers == ["fieldref"]:
        other = event.get(wanted)
        return other is not None and other.lower() == held.lower()
    text = str(wanted)
    if "contains" in modifiers or "endswith" in modifiers:
        text = f"*{text}"
    if "contains" in modifiers or "startswith" in modifiers:
        text = f"{text}*"
    flags = re.DOTALL if "cased" in modifiers else re.DOTALL | re.IGNORECASE
    return re.fullmatch(_regular(text), str(held), flags) is not None


def _regular(text: str) -> str:
    found, at = "", 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and at + 1 < len(text) and text[at + 1] in "*?\\":
            found, at = found + re.escape(text[at + 1]), at + 2
            continue
        found += {"*": ".*", "?": "."}.get(letter, re.escape(letter))
        at += 1
    return found


def correlated(
    kind: str,
    members: Sequence[Mapping[str, Any]],
    events: Sequence[Event],
    *,
    by: Sequence[str],
    span: int,
    least: int,
    field: str = "",
) -> set[str]:
    """The ids of the events at which a correlation holds; ``time`` is in seconds, as is ``span``."""
    needed = [*by, *([field] if kind == "value_count" else [])]
    hits = [
        (event, place)
        for event in events
        for place, member in enumerate(members)
        if meets(member, event) and all(event.get(name) is not None for name in needed)
    ]
    found = set()
    for event, place in hits:
        group = [
            (other, at)
            for other, at in hits
            if all(other[name] == event[name] for name in by) and event["time"] - span <= other["time"] <= event["time"]
        ]
        if _holds(kind, group, (event, place), len(members), least, field):
            found.add(event["id"])
    return found


def _holds(
    kind: str, group: list[tuple[Event, int]], last: tuple[Event, int], members: int, least: int, field: str
) -> bool:
    if kind == "event_count":
        return len({event["id"] for event, _ in group}) >= least
    if kind == "value_count":
        return len({event[field] for event, _ in group if event.get(field) is not None}) >= least
    if kind == "temporal":
        return {place for _, place in group} == set(range(members))
    return last[1] == members - 1 and _chain(group, members - 1, last[0]["time"])


def _chain(group: list[tuple[Event, int]], place: int, until: int) -> bool:
    """Whether members up to ``place`` follow each other, the last of them no later than ``until``."""
    if place < 0:
        return True
    return any(
        at == place and event["time"] <= until and _chain(group, place - 1, event["time"]) for event, at in group
    )
