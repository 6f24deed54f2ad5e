"""The words of reports: a kind of paper and what it asks for, the material it is made from, and one report on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from vedette.base import Json, VedetteError
from vedette.documents import Block, Field


class ReportError(VedetteError):
    """A report that cannot be made, or cannot take the step that was asked for."""


class Scope(StrEnum):
    """What a kind of report is about: a case, one account, or the whole house."""

    CASE = "case"
    ACCOUNT = "account"
    HOUSE = "house"


class Audience(StrEnum):
    """Who reads it. Only a report to an authority needs a ground; only one to the customer must keep silent about some things."""

    AUTHORITY = "authority"
    CUSTOMER = "customer"
    OWN = "own"


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


#: Which state may follow which. What is amended or withdrawn stays so.
MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.REVIEW, State.WITHDRAWN}),
    State.REVIEW: frozenset({State.APPROVED, State.DRAFT, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.SENT, State.WITHDRAWN}),
    State.SENT: frozenset({State.ACKNOWLEDGED, State.REFUSED, State.AMENDED}),
    State.ACKNOWLEDGED: frozenset({State.AMENDED}),
    State.REFUSED: frozenset({State.AMENDED}),
    State.AMENDED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A value for a field and where it comes from: a finding, a list version, a customer record, a clock, a person."""

    value: str
    provenance: str


Row: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a report may be made from, read once. Personal data stand in it in the clear: it is never stored as it is.

    ``customers`` is by account; ``addresses`` are sign-in addresses with first and last use; ``screened`` is a screening
    made for this report; ``redress`` is the way to object; ``house`` are figures of the whole house; ``entered`` is what a person wrote by hand.
    """

    made_at: str
    home: str
    subject: str
    accounts: tuple[str, ...] = ()
    case: Row = field(default_factory=dict)
    findings: tuple[Row, ...] = ()
    decision: Row = field(default_factory=dict)
    reason: str = ""
    customers: Mapping[str, Row] = field(default_factory=dict)
    clocks: tuple[Row, ...] = ()
    freezes: tuple[Row, ...] = ()
    history: tuple[Row, ...] = ()
    addresses: tuple[Row, ...] = ()
    devices: tuple[Row, ...] = ()
    payments: tuple[Row, ...] = ()
    machines: tuple[Row, ...] = ()
    compute: tuple[Row, ...] = ()
    screened: Row = field(default_factory=dict)
    redress: Row = field(default_factory=dict)
    house: Row = field(default_factory=dict)
    entered: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One field that a kind of report asks for, and how it is found. A ``needed`` one must be there before review.

    ``needed_when`` makes it needed for some material only, such as a flag that was seen.
    """

    key: str
    label: str
    find: Callable[[Material], Held | None]
    needed: bool = False
    citation: str = ""
    needed_when: Callable[[Material], bool] | None = None


def nothing(_material: Material) -> Mapping[str, Sequence[Block]]:
    """No parts of its own."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A kind of report, as its folder declares it.

    ``titles`` are by language; ``parts`` makes tables and figures that the body places by name; ``policy`` are the rules
    it answers to: where one is only proposed, the paper says so by itself. ``actions`` are the decisions that call for it.
    """

    name: str
    version: str
    titles: Mapping[str, str]
    caption: str
    scope: Scope
    audience: Audience
    routes: tuple[str, ...]
    citation: tuple[str, ...]
    policy: tuple[str, ...]
    asks: tuple[Ask, ...]
    parts: Callable[[Material], Mapping[str, Sequence[Block]]] = nothing
    actions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The form shown in a list."""
        return {
            "name": self.name,
            "title": self.titles["en"],
            "about": self.scope.value,
            "reader": self.audience.value,
            "languages": sorted(self.titles),
            "routes": list(self.routes),
            "caption": self.caption,
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """Why customer records may go to an authority: compelled, an exception, or counsel; the rule, and the paper's number."""

    kind: str
    rule: str
    rule_version: str
    reference: str

    def as_json(self) -> dict[str, Json]:
        """The form kept and shown."""
        return {
            "kind": self.kind,
            "rule": self.rule,
            "rule_version": self.rule_version,
            "reference": self.reference,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One report on its way. The content is sealed and stands apart; ``sha256`` is its hash, ``missing`` the empty fields."""

    report_id: str
    name: str
    subject: str
    number: int
    language: str
    state: State
    sha256: str
    missing: tuple[str, ...]
    made_by: str
    made_at: str
    changed_at: str
    case_version: int | None = None
    decision_id: str | None = None
    route: str | None = None
    ground: Ground | None = None
    request_id: str | None = None
    receipt: str | None = None
    amends: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The form shown and exported."""
        return {
            "report_id": self.report_id,
            "report": self.name,
            "subject": self.subject,
            "number": self.number,
            "language": self.language,
            "state": self.state.value,
            "sha256": self.sha256,
            "missing": list(self.missing),
            "made_by": self.made_by,
            "made_at": self.made_at,
            "changed_at": self.changed_at,
            "case_version": self.case_version,
            "decision_id": self.decision_id,
            "route": self.route,
            "ground": self.ground.as_json() if self.ground else None,
            "request_id": self.request_id,
            "receipt": self.receipt,
            "amends": self.amends,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a report: who, when, and the leaf of the audit log that proves it."""

    number: int
    time: str
    principal: str
    verb: str
    facts: Mapping[str, Json]
    leaf: int

    def as_json(self) -> dict[str, Json]:
        """The form shown and exported."""
        return {
            "number": self.number,
            "time": self.time,
            "principal": self.principal,
            "verb": self.verb,
            "facts": dict(self.facts),
            "leaf": self.leaf,
        }


def answered(asks: Sequence[Ask], material: Material) -> tuple[Field, ...]:
    """Each field with what is held. What a person entered stands for what is held, and says so."""
    return tuple(_answer(ask, material) for ask in asks)


def _answer(ask: Ask, material: Material) -> Field:
    found = ask.find(material)
    entered = material.entered.get(ask.key)
    if entered is not None:
        instead = f"; instead of what is held ({found.provenance})" if found is not None and found.value.strip() else ""
        found = Held(entered.value, entered.provenance + instead)
    value = None if found is None or not found.value.strip() else found.value
    where = found.provenance if found is not None and value is not None else ""
    needed = ask.needed or (ask.needed_when is not None and ask.needed_when(material))
    return Field(ask.key, ask.label, value, where, needed=needed, citation=ask.citation)
