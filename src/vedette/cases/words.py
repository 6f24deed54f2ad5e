"""The words of the desk: what people place, remark and save beside what the rules found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placement:
    """An account that a person has placed in a case; ``apart_from`` is the case it was split from, never joined again."""

    account_id: str
    case_id: str
    apart_from: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Words that somebody left on a case without deciding it; kept sealed."""

    remark_id: str
    made_by: str
    made_at: str
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the queue that somebody saved under a name; ``query`` is its query string."""

    name: str
    query: str
    saved_at: str
