"""The closed vocabulary of events: OCSF 1.8 classes and their activities. What is not in it is ``other``, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vedette.base import ContentError, read_record

OTHER_CLASS = "other"
OTHER_ACTIVITY = "other"


@dataclass(frozen=True, slots=True)
class EventClass:
    """One OCSF class: number, name as used in the lake, and the activities it knows."""

    uid: int
    name: str
    activities: frozenset[str]


@cache
def classes() -> dict[str, EventClass]:
    """Every class by name, as ``data/vocabulary.yml`` gives them."""
    text = (files("vedette.events") / "data" / "vocabulary.yml").read_text(encoding="utf-8")
    record = read_record(text, "vocabulary.yml")
    record.take_text("source")
    found = {}
    for item in record.take_records("classes"):
        entry = EventClass(item.take_int("uid"), item.take_text("name"), frozenset(item.take_texts("activities")))
        item.finish()
        found[entry.name] = entry
    record.finish()
    return found


def check(class_name: str, activity: str) -> int:
    """The class number of a pair, or 0 for ``other``. Raises ContentError for a word outside the vocabulary."""
    if class_name == OTHER_CLASS:
        return 0
    entry = classes().get(class_name)
    if entry is None:
        raise ContentError(f"no event class {class_name!r}", remedy=f"One of: {', '.join(sorted(classes()))}")
    if activity not in entry.activities:
        raise ContentError(
            f"class {class_name} has no activity {activity!r}", remedy=f"One of: {', '.join(sorted(entry.activities))}"
        )
    return entry.uid
