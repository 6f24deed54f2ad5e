"""Which change of state is allowed, and what it needs: read from ``states.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from vedette.accounts.verification.fields import Completeness
from vedette.accounts.verification.model import NotAllowed, Record, State
from vedette.accounts.verification.owners import presumed_foreign
from vedette.base import ContentError, Principal, PrincipalKind, read_record
from vedette.base import Record as Content

_NEEDS = ("reason", "person", "passed", "complete")
_PEOPLE = (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE)


@dataclass(frozen=True, slots=True)
class Change:
    """One state: what it means and permits, and what each state that may follow needs."""

    state: State
    means: str
    permits: str
    to: Mapping[State, tuple[str, ...]]


@cache
def states() -> Mapping[State, Change]:
    """Every state with its allowed changes. Raises ContentError where one is missing or cannot be read."""
    name = "states.yml"
    record = read_record((files("vedette.accounts.verification") / name).read_text("utf-8"), name)
    record.take_day("checked_on")
    record.take_texts("citation")
    found = [_change(item) for item in record.take_records("states")]
    record.finish()
    if [change.state for change in found] != list(State):
        raise ContentError("must describe every state once, in order", place=record.place("states"))
    return {change.state: change for change in found}


def _change(item: Content) -> Change:
    change = Change(
        state=State(item.take_choice("id", [state.value for state in State])),
        means=item.take_text("means"),
        permits=item.take_text("permits"),
        to=dict(_follower(each) for each in item.take_records("to")),
    )
    item.finish()
    return change


def _follower(item: Content) -> tuple[State, tuple[str, ...]]:
    state = State(item.take_choice("state", [state.value for state in State]))
    where = item.place("needs")
    needs = item.take_texts("needs")
    unknown = sorted(set(needs) - set(_NEEDS))
    if unknown:
        raise ContentError(f"unknown need {unknown[0]!r}", place=where, remedy=f"One of: {', '.join(_NEEDS)}")
    item.finish()
    return state, needs


def check_move(
    record: Record, to: State, *, reason: str, principal: Principal, held: Completeness, on: date
) -> tuple[str, ...]:
    """Raise NotAllowed, with everything that is missing, unless the account may go to that state now.

    Returns what the change needed.
    """
    current = record.standing.state
    allowed = states()[current].to
    if to not in allowed:
        follow = ", ".join(state.value for state in allowed)
        raise NotAllowed(f"{current.value} cannot become {to.value}", remedy=f"It may become: {follow}")
    needs = allowed[to]
    missing = [text for need in needs if (text := _missing(need, record, reason, principal, held, on))]
    if missing:
        raise NotAllowed(f"{to.value} needs {'; '.join(missing)}", remedy="See docs/how-to/verify-customers.md")
    return needs


def _missing(need: str, record: Record, reason: str, principal: Principal, held: Completeness, on: date) -> str:
    if need == "reason":
        return "" if reason.strip() else "a reason"
    if need == "person":
        return "" if principal.kind in _PEOPLE else f"a person: a {principal.kind.value} may not decide it"
    if need == "passed":
        return (
            ""
            if record.passed(on)
            else "evidence about the customer that passed, holds, and is not undone by a newer one"
        )
    if not presumed_foreign(record, on) or not held.missing:
        return ""
    return f"the fields {', '.join(held.missing)}"
