"""Why a case is open, in words with the numbers: evidence by strength, what is not known, what to look at, what would close it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vedette import approvals
from vedette.audit import proofs, writing
from vedette.base import Clock, Json, Principal
from vedette.cases import store as state
from vedette.cases.model import Case, CaseError, CaseStatus, Event, Weighing
from vedette.cases.read import guidance, reasons
from vedette.findings import StoredFinding, by_ids
from vedette.store import Store


def explain(
    store: Store, case_id: str, *, clock: Clock, next_steps: Callable[[str], str | None] = lambda _check: None
) -> dict[str, Any]:
    """Everything a reviewer needs to judge a case, as plain data; holds no name of a customer.

    ``next_steps`` gives a check's own advice on what to look at next, where the caller knows it. Raises CaseError.
    """
    case = state.get(store, case_id)
    found = _by_strength(by_ids(store, case.findings))
    return {
        "kind": "case",
        **case.row(clock.now()),
        "why": why(case, found),
        "weighing": case.weighing.as_json(),
        "what_if": what_if(case.weighing),
        "evidence": [item.as_json() for item in found],
        "blind_spots": _once(item.finding.blind_spots for item in found),
        "look_next": _look_next(found, next_steps),
        "would_close": _once(guidance(family).closes for family in case.families),
        "neighbours": _neighbours(store, case, found),
        "decisions": [_told(store, item.as_json()) for item in state.decisions(store, case_id)],
        "history": [entry.as_json() for entry in state.history(store, case_id)],
    }


def why(case: Case, found: Sequence[StoredFinding]) -> list[str]:
    """The opening rule in words, with this case's numbers."""
    weighing = case.weighing
    stops = [item.finding.summary for item in found if item.finding.id in weighing.stops]
    told = [f"A stop stands, which opens a case at once and asks for a person: {text}" for text in stops]
    parts = ", ".join(_source(item.source, item.found, item.counted) for item in weighing.sources) or "nothing"
    verdict = "enough" if weighing.corroborated else "not enough"
    told.append(
        f"Independent sources: {parts}. Together {weighing.bits:g} bits from {weighing.independent}; without a stop a case "
        f"needs {weighing.needed} sources and {weighing.threshold:g} bits: {verdict}."
    )
    if len(case.accounts) > 1:
        told.append(
            f"{len(case.accounts)} accounts stand in one case because findings about what they share name them."
        )
    if not case.supported:
        told.append("No longer supported: the findings that still stand would not open it. Only a person closes it.")
    if case.human_required:
        told.append("On hold until a person decides; when the hold runs out it escalates, it never clears by itself.")
    return told


def what_if(weighing: Weighing) -> list[dict[str, Json]]:
    """For each source: what would be left without it, and whether that would still open a case."""
    answers: list[dict[str, Json]] = []
    for gone in weighing.sources:
        rest = tuple(item for item in weighing.sources if item is not gone)
        left = Weighing(rest, (), weighing.threshold, weighing.needed)
        answers.append({"without": gone.source, "bits": left.bits, "corroborated": left.corroborated})
    return answers


def revealed(
    store: Store,
    principal: Principal,
    case_id: str,
    reveal: Callable[[str], Mapping[str, Any]],
    *,
    clock: Clock,
) -> dict[str, dict[str, Any]]:
    """Customer data of a case's accounts, by account. A leaf says who looked at whose data before anything is shown."""
    case = state.get(store, case_id)
    with writing(store, principal, "cases.reveal", clock=clock) as act:
        act.fact("case_id", case_id)
        act.fact("accounts", len(case.accounts))
        state.keep(act, case, [Event("revealed", {"accounts": list(case.accounts)})])
    return {account: dict(reveal(account)) for account in case.accounts}


def export(store: Store, case_id: str, *, clock: Clock) -> dict[str, Any]:
    """A case with findings, decisions, approvals and history, and the proofs of its leaves of the audit log.

    Notes stay sealed. ``proofs`` verify against their common checkpoint with RFC 6962 and the log's public key.
    """
    told = explain(store, case_id, clock=clock)
    leaves = sorted({entry.leaf for entry in state.history(store, case_id)})
    asked = [item.request_id for item in state.decisions(store, case_id) if item.request_id]
    told["approvals"] = [approvals.get(store, request_id).as_json() for request_id in asked]
    told["proofs"] = proofs(store, leaves)
    return {**told, "kind": "vedette-case", "v": 1}


def find(store: Store, reference: str) -> Case:
    """The case of a case id, a unique beginning of one, or an account id. A merged case leads to its survivor."""
    case = state.of_account(store, reference) or _by_beginning(store, reference)
    while case.status is CaseStatus.MERGED and case.merged_into:
        case = state.get(store, case.merged_into)
    return case


def _by_beginning(store: Store, text: str) -> Case:
    ids = state.ids_beginning(store, text)
    if len(ids) > 1 and text not in ids:
        raise CaseError(f"{len(ids)} cases begin with {text!r}", remedy="Write more of the id")
    return state.get(store, text if text in ids or not ids else ids[0])


def _by_strength(found: Sequence[StoredFinding]) -> list[StoredFinding]:
    def order(item: StoredFinding) -> tuple[int, float, str]:
        return item.finding.strength.rank, -(item.finding.bits or 0.0), item.finding.id

    return sorted(found, key=order)


def _source(name: str, found: float, counted: float) -> str:
    return f"{name} {counted:g} bits" if found == counted else f"{name} {counted:g} bits (of {found:g} found, capped)"


def _look_next(found: Sequence[StoredFinding], next_steps: Callable[[str], str | None]) -> list[str]:
    own = [next_steps(item.finding.check) for item in found]
    general = [guidance(item.finding.family).look_next for item in found]
    return _once([*(text for text in own if text), *general])


def _once(texts: Any) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _neighbours(store: Store, case: Case, found: Sequence[StoredFinding]) -> list[dict[str, Json]]:
    """Accounts that share something with the case without belonging to it, and what they share."""
    shared: dict[str, list[str]] = {}
    for item in found:
        if item.finding.subject.kind != "account":
            for account in set(item.finding.accounts) - set(case.accounts):
                shared.setdefault(account, []).append(item.finding.id)
    return [{"account_id": account, "findings": list(shared[account])} for account in sorted(shared)]


def _told(store: Store, decision: dict[str, Json]) -> dict[str, Json]:
    known = reasons().get(str(decision["reason_code"]))
    return {**decision, "reason": known.text if known else ""}
