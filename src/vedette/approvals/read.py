"""Strict reading of the policy table that says what a second person must agree to."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from vedette.approvals.model import Action, Policy, UnknownAction
from vedette.base import ContentError, Record, read_record, unique


@cache
def policy() -> Policy:
    """The table that ships with the program, read once. Raises ContentError naming file and line."""
    return read_policy((files("vedette.approvals") / "actions.yml").read_text("utf-8"), "approvals/actions.yml")


def needs(action: str, *, count: int | None = None) -> int:
    """How many people other than the maker must agree; ``count`` is how many things the act touches, where it is known.

    Raises UnknownAction: an unlisted action is never free.
    """
    table = policy().actions
    if action not in table:
        raise UnknownAction(f"no approval policy for {action!r}", remedy=f"One of: {', '.join(sorted(table))}")
    found = table[action]
    return 0 if count is not None and count <= found.over else found.approvals


def read_policy(text: str, file: str) -> Policy:
    """Parse a table. Every action states its count, its reason and its citation."""
    record = read_record(text, file)
    record.take_text("caption")
    record.take_day("checked_on")
    record.take_text("why")
    found = [(_action(item), item.place()) for item in record.take_records("actions")]
    record.finish()
    unique(((action.id, place) for action, place in found), "action")
    return Policy({action.id: action for action, _ in found}, text, hashlib.sha256(text.encode()).hexdigest())


def _action(record: Record) -> Action:
    where = record.place("approvals")
    action = Action(
        id=record.take_text("id"),
        approvals=record.take_int("approvals"),
        why=record.take_text("why"),
        citation=record.take_texts("citation"),
        over=record.take_int("over", 0),
    )
    record.finish()
    if not 0 <= action.approvals <= 5:
        raise ContentError("'approvals' must lie between 0 and 5", place=where, remedy="Usually 1: a second person")
    if not 0 <= action.over <= 1_000:
        raise ContentError("'over' must lie between 0 and 1000", place=where, remedy="For example 25, or leave it out")
    return action
