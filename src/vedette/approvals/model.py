"""The words of approvals: an action that needs a second person, a request for one, and where that request stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Json, Subject, VedetteError


class UnknownAction(VedetteError):
    """An action that the policy table does not name: counting it as free would be a way around the second person."""


class UnknownRequest(VedetteError):
    """No request of that id."""


class NotAllowed(VedetteError):
    """This principal may not give this answer: the maker, a repeated voice, or no person."""


class RequestState(StrEnum):
    """Where a request stands. Only ``waiting`` takes answers; the others are final."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of the policy table: how many approvals, by people other than the maker, an action needs and why.

    ``over`` is the number of things up to which an act that touches several needs none; 0 means that it always does.
    """

    id: str
    approvals: int
    why: str
    citation: tuple[str, ...]
    over: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole table, its text, and the text's SHA-256, which a decision keeps as the version in force."""

    actions: Mapping[str, Action]
    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person answered to a request, and when."""

    person: str
    verdict: RequestState
    answered_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A maker's request about a subject. ``reference`` is the maker's own id, such as a decision's."""

    id: str
    action: str
    subject: Subject
    reference: str
    needed: int
    state: RequestState
    requested_by: str
    requested_at: str
    answers: tuple[Answer, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The form shown and exported."""
        return {
            "id": self.id,
            "action": self.action,
            "subject": {"kind": self.subject.kind, "id": self.subject.id},
            "reference": self.reference,
            "needed": self.needed,
            "state": self.state.value,
            "requested_by": self.requested_by,
            "requested_at": self.requested_at,
            "answers": [
                {"person": item.person, "verdict": item.verdict.value, "answered_at": item.answered_at}
                for item in self.answers
            ],
        }
