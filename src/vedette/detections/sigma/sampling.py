"""Examples made from a rule itself: events that meet its condition, and events that do not, found by trying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from vedette.detections.sigma.matching import holds
from vedette.detections.sigma.model import (
    Correlation,
    Every,
    Joined,
    Kind,
    Not,
    RefusedSigma,
    Search,
    Some,
    Test,
    Tree,
    Wild,
)

_MOST_TRIED = 2_000
_START = "2026-01-05T09:00:00Z"
_SECOND = 1_000_000
Values = dict[str, str | None]


def meeting(tree: Tree) -> Values:
    """Values of columns that meet the condition. Raises RefusedSigma where none were found by trying."""
    for number, values in enumerate(_ways(tree, True)):
        if holds(tree, values):
            return values
        if number > _MOST_TRIED:
            break
    raise RefusedSigma(
        "no event was found that meets its condition, so that it has no example", remedy="Write it by hand"
    )


def missing(tree: Tree) -> Values | None:
    """Values that do not meet the condition; None where everything meets it."""
    for number, values in enumerate(_ways(tree, False)):
        if not holds(tree, values):
            return values
        if number > _MOST_TRIED:
            break
    return None


def _ways(tree: Tree, wanted: bool) -> Iterator[Values]:
    """Ways to give the columns values, likely ones first; some contradict themselves and are left to the caller."""
    if isinstance(tree, Test):
        yield from _values(tree, wanted)
    elif isinstance(tree, Not):
        yield from _ways(tree.part, not wanted)
    elif isinstance(tree, Every) is wanted:
        yield from _all_ways(tree.parts if isinstance(tree, Every | Some) else (), wanted)
    else:
        for part in tree.parts if isinstance(tree, Every | Some) else ():
            yield from _ways(part, wanted)


def _all_ways(parts: Sequence[Tree], wanted: bool) -> Iterator[Values]:
    if not parts:
        yield {}
        return
    for first in _ways(parts[0], wanted):
        for rest in _all_ways(parts[1:], wanted):
            yield _together(first, rest)


def _together(one: Values, two: Values) -> Values:
    """Both, and where both speak of one column, a text that holds both, which often meets two patterns."""
    found = {**one, **two}
    for name in one.keys() & two.keys():
        first, second = one[name], two[name]
        if first is not None and second is not None and first != second:
            found[name] = first if second in first else second if first in second else first + second
    return found


def _values(test: Test, wanted: bool) -> Iterator[Values]:
    if test.kind is Kind.ABSENT or test.kind is Kind.PRESENT:
        yield {test.column: None if (test.kind is Kind.ABSENT) is wanted else "other"}
    elif test.kind is Kind.SAME:
        yield {test.column: "same", test.other: "same" if wanted else "other"}
    elif wanted:
        yield {
            test.column: "".join("x" if part is Wild.ONE else "" if part is Wild.ANY else part for part in test.pattern)
        }
    else:
        yield {test.column: "other"}
        yield {test.column: None}


def search_examples(search: Search) -> list[dict[str, Any]]:
    """The cases of a rule about single events."""
    good, bad = meeting(search.tree), missing(search.tree)
    if bad is None:
        raise RefusedSigma("every event of the product meets its condition")
    nothing = dict.fromkeys(good)
    fires = holds(search.tree, nothing)
    event, other = _event(search, good, "e"), _event(search, bad, "f")
    return [
        _case("an event that meets the condition", "fires", [event], fires=True),
        _case("an event that does not", "quiet", [other], fires=False),
        _case("one of each", "boundary", [event, other], fires=True),
        _case("the event arrives late", "late", [other, {**event, "late": True}], fires=True),
        _case("nothing is told but the product", "nulls", [_event(search, nothing, "g")], fires=fires),
    ]


def joined_examples(joined: Joined) -> list[dict[str, Any]]:
    """The cases of a correlation: its events within the span, at its very edge, and one second past it."""
    events = list(_members(joined))
    last = len(events) - 1
    step = joined.span_us // _SECOND // last if last else 0
    near = [_at(event, number * step // 2) for number, event in enumerate(events)]
    edge = [_at(event, 0 if number < last else joined.span_us // _SECOND) for number, event in enumerate(events)]
    past = [_at(event, 0 if number < last else joined.span_us // _SECOND + 1) for number, event in enumerate(events)]
    nameless = [{**event, **dict.fromkeys(joined.keys[0])} for event in near]
    alone = last == 0
    return [
        _case("all its events within the span", "fires", near, fires=True),
        _case("one event too few", "quiet", [] if alone else near[:-1], fires=False),
        _case("the last event at the edge of the span", "boundary", edge, fires=True),
        _case("the last event a second too late", "boundary", past, fires=alone),
        _case("the first event arrives late", "late", [*near[1:], {**near[0], "late": True}], fires=True),
        _case("nobody is named to group by", "nulls", nameless, fires=False),
    ]


def _members(joined: Joined) -> Iterator[dict[str, Any]]:
    """Events that together meet the correlation, in order, in one group."""
    counted = joined.kind in (Correlation.EVENT_COUNT, Correlation.VALUE_COUNT)
    for number in range(joined.least if counted else len(joined.searches)):
        place = 0 if counted else number
        search, keys = joined.searches[place], joined.keys[place]
        values = {
            **dict.fromkeys(keys, "group"),
            **{name: value for name, value in meeting(search.tree).items() if value is not None},
        }
        if joined.kind is Correlation.VALUE_COUNT:
            values[joined.value[place]] = f"{values.get(joined.value[place]) or 'value'}-{number}"
        for at, key in enumerate(keys):
            # The group has one name whatever member an event is.
            values[key] = values[key] if len(joined.searches) == 1 or counted else _group(joined, at)
        if not holds(search.tree, values):
            raise RefusedSigma(
                "no events were found that meet it together, so that it has no example", remedy="Write it by hand"
            )
        yield _event(search, values, f"e{number}")


def _group(joined: Joined, at: int) -> str:
    """A name of the group that every member's condition allows."""
    wanted = [meeting(search.tree).get(keys[at]) for search, keys in zip(joined.searches, joined.keys, strict=True)]
    return next((value for value in wanted if value is not None), "group")


def _event(search: Search, values: Mapping[str, str | None], name: str) -> dict[str, Any]:
    return {
        "event_id": name,
        "account_id": "a-1",
        "time": _START,
        "product": search.product,
        "outcome": None,
        "ip_class": None,
        **values,
    }


def _at(event: dict[str, Any], seconds: int) -> dict[str, Any]:
    moment = datetime.fromisoformat(_START) + timedelta(seconds=seconds)
    return {**event, "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _case(name: str, shows: str, rows: list[dict[str, Any]], *, fires: bool) -> dict[str, Any]:
    then = {"then": [{"subject": "account:a-1"}]} if fires else {}
    return {"name": name, "shows": shows, "given": {"logs": rows}, **then}
