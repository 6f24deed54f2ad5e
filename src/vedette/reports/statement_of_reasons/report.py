"""What a customer is told about a decision: the facts, the ground, what was automated, and the way back; in two languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vedette.documents import Block, Bullets
from vedette.reports import held
from vedette.reports.model import Ask, Audience, Held, Material, Report, Scope


def _reason(material: Material) -> Held | None:
    if not material.reason or material.decision.get("state") != "final":
        return None
    return Held(material.reason, "reason of the decision")


def _action(material: Material) -> Held | None:
    made = material.decision
    return Held(str(made["action"]), "the decision") if made.get("state") == "final" else None


def _automated(_material: Material) -> Held | None:
    return Held("found by software, decided by people", "the way this provider decides")


def _days(material: Material) -> Held | None:
    days = material.redress.get("answer_days")
    return None if days is None else Held(str(days), "rules of appeal")


def _parts(material: Material) -> Mapping[str, Sequence[Block]]:
    told = material.redress.get("correctable", ())
    return {"correctable": (Bullets(tuple(f"{item['data']}: {item['how']}" for item in told)),)}


REPORT = Report(
    name="statement_of_reasons",
    version="1",
    titles={"en": "Statement of reasons", "ko": "결정 이유서"},
    caption="Facts, ground, use of automated means and redress, for the customer, silent about what may not be told.",
    scope=Scope.CASE,
    audience=Audience.CUSTOMER,
    routes=("customer",),
    citation=("PR-03", "PR-04", "PR-08"),
    policy=("eu_statement_of_reasons", "eu_automated_decision"),
    actions=("restrict", "suspend", "reject", "block-property", "unblock", "ask", "none"),
    parts=_parts,
    asks=(
        Ask(key="customer", label="Customer", find=held.customer("name", "name_native"), citation="PR-08"),
        Ask(key="account", label="Account", find=held.accounts, needed=True, citation="PR-08"),
        Ask(key="measure", label="Measure", find=_action, needed=True, citation="PR-08"),
        Ask(
            key="since",
            label="Since",
            find=held.decided("restrict", "suspend", "reject", "block-property", "unblock", "ask", "none"),
            needed=True,
            citation="PR-08",
        ),
        Ask(key="reason", label="Reason", find=_reason, needed=True, citation="PR-08"),
        Ask(key="facts", label="Facts, in words for the customer", find=held.by_hand, needed=True, citation="PR-08"),
        Ask(key="ground", label="Ground in law or in the terms", find=held.by_hand, needed=True, citation="PR-08"),
        Ask(key="scope", label="Territory and duration", find=held.by_hand, citation="PR-08"),
        Ask(key="automated", label="Automated means", find=_automated, needed=True, citation="PR-03"),
        Ask(key="days", label="Days until an appeal is answered", find=_days, needed=True, citation="PR-08"),
        Ask(key="contact", label="Where to appeal", find=held.by_hand, needed=True, citation="PR-08"),
        Ask(key="outside", label="Body outside the provider", find=held.by_hand, citation="PR-08"),
    ),
)
