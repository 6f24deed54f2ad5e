"""Answers a whole file of sign-ups: one row for each customer, in order, with a fault in place of what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vedette.app.checks import Customer
from vedette.app.customers import CustomersError, Row
from vedette.app.verifications import decide_many
from vedette.app.verify import Desk, Verdict
from vedette.base import Json, Principal, VedetteError
from vedette.store import Store

_TOGETHER = 250


def answers(
    store: Store, desk: Desk, rows: Sequence[Row], *, key: str | None, principal: Principal
) -> Iterator[dict[str, Json]]:
    """A printed row for each row handed in. Decisions are stored, some hundred in one act, before they are told.

    With several customers, each gets the request key with its place, such as ``key/3``: the same file with the same key
    is answered as before.
    """
    numbered = [(row, _key(key, number, len(rows))) for number, row in enumerate(rows, start=1)]
    for start in range(0, len(numbered), _TOGETHER):
        chunk = numbered[start : start + _TOGETHER]
        asked = [(row, own) for row, own in chunk if isinstance(row, Customer)]
        decided = iter(decide_many(store, desk, asked, principal=principal))
        yield from (_printed(row, decided) for row, _ in chunk)


def share_refused(rows: Iterable[Row]) -> float:
    """The share of rows that cannot be read, 0..1."""
    faults = [isinstance(row, CustomersError) for row in rows]
    return sum(faults) / len(faults)


def _key(key: str | None, number: int, count: int) -> str | None:
    return key if key is None or count == 1 else f"{key}/{number}"


def _printed(row: Row, decided: Iterator[Verdict | VedetteError]) -> dict[str, Json]:
    if isinstance(row, CustomersError):
        return fault_row(f"line-{row.place.line}", row)
    answer = next(decided)
    return answer.as_json() if isinstance(answer, Verdict) else fault_row(row.query_id, answer)


def fault_row(query_id: str, fault: VedetteError) -> dict[str, Json]:
    """What stands in place of an answer: no outcome, so that nobody takes it for one, and what to do."""
    return {
        "query_id": query_id,
        "outcome": None,
        "human_required": True,
        "error": fault.problem,
        "place": str(fault.place),
        "remedy": fault.remedy,
    }
