"""The content of a report opened for somebody to read or to take along: customer data in the clear, so the log keeps who did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.documents import markdown
from vedette.reports import store as state
from vedette.reports.desk import document
from vedette.reports.export import written
from vedette.reports.model import Filed, ReportError, State
from vedette.store import Store

#: States in which a paper may leave the house.
LEAVING = (State.APPROVED, State.SENT, State.ACKNOWLEDGED, State.REFUSED)


def fields(store: Store, report: Filed) -> list[dict[str, Any]]:
    """Every field that the kind asks for: label, whether it is held, where it comes from, whether it is needed. No values."""
    try:
        held = state.content(store, report.report_id)["fields"]
    except ReportError:
        return []
    return [{**{name: value for name, value in item.items() if name != "value"}, "held": _held(item)} for item in held]


def _held(item: Mapping[str, Any]) -> bool:
    return item["value"] is not None


def opened(store: Store, principal: Principal, report: Filed, *, clock: Clock) -> tuple[dict[str, str], str]:
    """The fields' values by key, and the paper as text. Raises ReportError where the content was shredded."""
    held = state.content(store, report.report_id)["fields"]
    text = markdown.write(document(store, report.report_id))
    _note(store, principal, report, "page", clock)
    return {item["key"]: str(item["value"]) for item in held if _held(item)}, text


def taken(
    store: Store, principal: Principal, report: Filed, form: str, *, clock: Clock, outgoing: bool = False
) -> bytes:
    """The report as a file. ``outgoing`` gives only what two people have agreed to. Raises ReportError."""
    if outgoing and report.state not in LEAVING:
        raise ReportError("nobody has approved this report", remedy="A second person must agree before it leaves")
    made = written(store, report, form, clock=clock)
    _note(store, principal, report, form, clock)
    return made


def _note(store: Store, principal: Principal, report: Filed, form: str, clock: Clock) -> None:
    with writing(store, principal, "reports.shown", clock=clock) as act:
        act.fact("report_id", report.report_id)
        act.fact("form", form)
