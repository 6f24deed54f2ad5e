"""Cases as the measurement needs them: their accounts, and since when their evidence would have sufficed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vedette import cases
from vedette.app import store as state
from vedette.app.evaluate import Evaluation, JudgedCase, Truth, measure
from vedette.base import SystemClock
from vedette.cases import Case
from vedette.cases.open import weigh
from vedette.findings import StoredFinding, by_ids
from vedette.store import Store


def evaluation(store: Store, truth: Sequence[Truth], days: float | None = None) -> Evaluation:
    """Measure every case of the workspace, whatever its status, against truth."""
    found = [judged(store, case) for case in cases.list_cases(store, now=SystemClock().now())]
    return measure(truth, found, days if days is not None else state.span_days(store))


def judged(store: Store, case: Case) -> JudgedCase:
    """One case with the first moment at which its findings, taken in the order they began, sufficed to open it."""
    standing = sorted(by_ids(store, case.findings), key=lambda item: item.finding.first_seen)
    return JudgedCase(case.case_id, case.accounts, supported_since(standing))


def supported_since(standing: Sequence[StoredFinding]) -> datetime | None:
    """When the opening rule was first met, or None where it is not."""
    rule = cases.opening_rule()
    for number, item in enumerate(standing, start=1):
        weighing = weigh([before.brief for before in standing[:number]], rule)
        if weighing.qualifies:
            return item.finding.first_seen
    return None
