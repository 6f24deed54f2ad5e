"""Decisions about one service for one submission: by a person, with a reason code, a second person where adverse, and an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from vedette import approvals
from vedette.audit import Act, writing
from vedette.base import Json, Principal, PrincipalKind, Subject, iso, parse_time, stable_id
from vedette.conference.model import ConferenceError, Service
from vedette.conference.procedure import Reason, procedure
from vedette.conference.questions import ANSWERED
from vedette.conference.run import Office, policy_in_force
from vedette.conference.store import answers, held
from vedette.conference.store import venue as standing
from vedette.conference.store.answers import APPEAL, DECISION, QUESTION

_ADVERSE = "conference.adverse"
_MOST_TEXT = 20_000
_PEOPLE = (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE)
_PAPERS = (Service.PAPER, Service.REVIEW)
_APPEALABLE = ("waiting", "effective")


class Outcome(StrEnum):
    """What is decided about a service: it is given, or it is withheld."""

    GIVEN = "given"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. ``state``: waiting for a second person, effective, rejected, overturned on appeal."""

    decision_id: str
    submission_id: str
    service: str
    outcome: str
    reason_code: str
    state: str
    policy_version: str
    decided_at: str
    decided_by: str
    request_id: str
    note: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {name: getattr(self, name) for name in self.__slots__}


def decide(
    office: Office, submission_id: str, service: Service, outcome: Outcome, *, reason: str, note: str = ""
) -> Decision:
    """Decide about one service. Withholding needs an adverse reason and a second person; silence is never a reason.

    Raises ConferenceError for a submission that the venue does not hold, where the authors were not asked first, where
    decisions were announced, and for machines.
    """
    code = _reason(reason, outcome)
    _require_person(office.principal)
    policy = policy_in_force(office)
    with writing(office.store, office.principal, "conference.decide", clock=office.clock) as act:
        _refuse_unknown(act, office, submission_id)
        _refuse_unfair(act, office, submission_id, service, outcome)
        count = len(answers.all_of(act.connection, DECISION, venue=office.venue, submission_id=submission_id))
        identity = stable_id("cde", office.venue, submission_id, service.value, str(count))
        request_id, state = _second_person(act, identity, code)
        row = {
            "decision_id": identity,
            "venue": office.venue,
            "submission_id": submission_id,
            "service": service.value,
            "outcome": outcome.value,
            "reason_code": code.id,
            "state": state,
            "policy_version": policy.version,
            "decided_at": act.moment,
            "decided_by": str(office.principal),
            "request_id": request_id,
            "expires_at": iso(parse_time(act.moment) + timedelta(days=policy.decision_days)),
        }
        answers.keep_sealed(act, office.store, DECISION, row, {"note": note.strip()[:_MOST_TEXT]})
        for name in ("decision_id", "submission_id", "service", "outcome", "reason_code"):
            act.fact(name, row[name])
    return _decision(row, note.strip())


def _reason(reason: str, outcome: Outcome) -> Reason:
    words = procedure()
    if reason in words.never_reasons:
        raise ConferenceError(f"{reason} is never a reason", remedy="Decide on cited law or on what was disclosed")
    code = words.reasons.get(reason)
    if code is None:
        raise ConferenceError(f"no reason {reason!r}", remedy=f"One of: {', '.join(sorted(words.reasons))}")
    if code.adverse != (outcome is Outcome.WITHHELD):
        raise ConferenceError(
            f"{reason} does not fit the outcome {outcome.value}",
            remedy="Withholding needs an adverse reason, giving one that is not",
        )
    return code


def _require_person(principal: Principal) -> None:
    if principal.kind not in _PEOPLE:
        raise ConferenceError(f"a {principal.kind.value} cannot decide", remedy="A person decides")


def _refuse_unknown(act: Act, office: Office, submission_id: str) -> None:
    if not held.knows(act.connection, office.venue, submission_id):
        raise ConferenceError(
            f"no such submission: {submission_id!r} at venue {office.venue!r}",
            remedy="Import it first, or see `vedette conference screen` for the ids",
        )


def _refuse_unfair(act: Act, office: Office, submission_id: str, service: Service, outcome: Outcome) -> None:
    if outcome is Outcome.GIVEN:
        return
    if service in _PAPERS and standing.of(act.connection, office.venue).announced_at:
        raise ConferenceError(
            "decisions were announced: no paper is withdrawn for a tie any more",
            remedy="Decide about attendance, money or compute; what law asks of an accepted paper is for counsel",
        )
    asked = answers.all_of(act.connection, QUESTION, venue=office.venue, submission_id=submission_id)
    if not asked:
        raise ConferenceError(
            "the authors were not asked yet", remedy="Put a question first: `vedette conference questions --ask ID`"
        )
    today = office.clock.now().date().isoformat()
    if any(row["state"] != ANSWERED and row["due_on"] > today for row in asked):
        raise ConferenceError("the authors may still answer", remedy="Wait for the answer or for its day")


def _second_person(act: Act, identity: str, code: Reason) -> tuple[str, str]:
    if not code.adverse:
        return "", "effective"
    request = approvals.request(act, _ADVERSE, Subject("conference_decision", identity), identity)
    return request.id, "waiting"


def approve(office: Office, decision_id: str, *, agree: bool = True) -> Decision:
    """A second person agrees or disagrees. Raises NotAllowed for the one who decided.

    Nobody agrees while an appeal is open: the authors are answered before anything is taken away. Disagreeing ends the appeal, too.
    """
    with writing(office.store, office.principal, "conference.approve", clock=office.clock) as act:
        row = _known(act, office, decision_id)
        if row["state"] != "waiting":
            raise ConferenceError(f"the decision is {row['state']}", remedy="Only waiting ones are approved")
        pending = _open_appeals(act, decision_id)
        if pending and agree:
            raise ConferenceError(
                f"the appeal {pending[0]['appeal_id']} against this decision is open",
                remedy="Answer it first: `vedette conference appeal ID --uphold` or `--overturn`, with --text",
            )
        request = (approvals.approve if agree else approvals.reject)(act, row["request_id"])
        state = {"approved": "effective", "rejected": "rejected"}.get(request.state.value, "waiting")
        row = _moved(act, office, row, state)
        for each in pending if state == "rejected" else ():
            _answered(act, office, each, "overturned", "The second person did not agree to the decision.")
    return _decision(row, answers.sealed_of(office.store, DECISION, row).get("note", ""))


def _moved(act: Act, office: Office, row: Mapping[str, Any], state: str) -> dict[str, Any]:
    act.upsert(DECISION, [{**row, "state": state}])
    act.fact("decision_id", row["decision_id"])
    act.fact("state", state)
    return {**row, "state": state}


def _known(act: Act, office: Office, decision_id: str) -> dict[str, Any]:
    found = answers.all_of(act.connection, DECISION, decision_id=decision_id)
    if not found or found[0]["venue"] != office.venue:
        raise ConferenceError(f"no decision {decision_id!r}", remedy="See `vedette conference decisions`")
    return found[0]


def decisions(office: Office) -> list[Decision]:
    """Every decision of the venue, oldest first."""
    rows = answers.all_of(office.store, DECISION, venue=office.venue)
    ordered = sorted(rows, key=lambda row: (row["decided_at"], row["decision_id"]))
    return [_decision(row, answers.sealed_of(office.store, DECISION, row).get("note", "")) for row in ordered]


def _decision(row: Mapping[str, Any], note: str) -> Decision:
    return Decision(**{name: row[name] for name in Decision.__slots__ if name != "note"}, note=note)


def appeal(office: Office, decision_id: str, text: str) -> dict[str, Json]:
    """Take in the authors' appeal; its text is sealed, and somebody else answers.

    A decision that waits for its second person can be appealed and then waits for the answer. Raises ConferenceError where the
    decision has fallen, or an appeal is open.
    """
    if not text.strip() or len(text) > _MOST_TEXT:
        raise ConferenceError("an appeal has a text", remedy="Give what the authors wrote")
    with writing(office.store, office.principal, "conference.appeal", clock=office.clock) as act:
        state = _known(act, office, decision_id)["state"]
        if state not in _APPEALABLE:
            raise ConferenceError(f"the decision is {state}", remedy="It has no effect, so there is nothing to appeal")
        earlier = answers.all_of(act.connection, APPEAL, decision_id=decision_id)
        if _open_appeals(act, decision_id):
            raise ConferenceError("an appeal against this decision is open", remedy="Answer it first")
        due = parse_time(act.moment) + timedelta(days=procedure().appeal_days)
        row = {
            "appeal_id": stable_id("cap", decision_id, str(len(earlier))),
            "venue": office.venue,
            "decision_id": decision_id,
            "state": "open",
            "filed_at": act.moment,
            "due_on": due.date().isoformat(),
            "answered_at": "",
            "answered_by": "",
            "expires_at": iso(due + timedelta(days=policy_in_force(office).decision_days)),
        }
        answers.keep_sealed(act, office.store, APPEAL, row, {"text": text.strip(), "answer": ""})
        act.fact("appeal_id", row["appeal_id"])
    return {key: value for key, value in row.items() if key not in ("sealed", "expires_at")}


def _open_appeals(act: Act, decision_id: str) -> list[dict[str, Any]]:
    return answers.all_of(act.connection, APPEAL, decision_id=decision_id, state="open")


def answer_appeal(office: Office, appeal_id: str, *, overturn: bool, text: str) -> dict[str, Json]:
    """Answer an appeal, by somebody who did not decide. Overturning undoes the decision at once, waiting or effective."""
    _require_person(office.principal)
    with writing(office.store, office.principal, "conference.appeal_answer", clock=office.clock) as act:
        found = answers.all_of(act.connection, APPEAL, appeal_id=appeal_id)
        if not found or found[0]["state"] != "open":
            raise ConferenceError(f"no open appeal {appeal_id!r}", remedy="See `vedette conference decisions`")
        decision = _known(act, office, found[0]["decision_id"])
        if str(decision["decided_by"]).partition(":")[2].casefold() == office.principal.id.casefold():
            raise ConferenceError("who decided does not answer the appeal", remedy="Let somebody else answer")
        row = _answered(act, office, found[0], "overturned" if overturn else "upheld", text)
        if overturn:
            if decision["state"] == "waiting":
                approvals.reject(act, decision["request_id"])
            _moved(act, office, decision, "overturned")
    return {key: value for key, value in row.items() if key != "expires_at"}


def _answered(act: Act, office: Office, found: Mapping[str, Any], state: str, text: str) -> dict[str, Any]:
    told = answers.sealed_of(office.store, APPEAL, found)
    row = {key: value for key, value in found.items() if key != "sealed"}
    row |= {"state": state, "answered_at": act.moment, "answered_by": str(office.principal)}
    answers.keep_sealed(act, office.store, APPEAL, row, {**told, "answer": text.strip()[:_MOST_TEXT]})
    act.fact("appeal_id", row["appeal_id"])
    return row


def appeals(office: Office) -> list[dict[str, Json]]:
    """Every appeal of the venue without its text."""
    rows = answers.all_of(office.store, APPEAL, venue=office.venue)
    return [{key: value for key, value in row.items() if key not in ("sealed", "expires_at")} for row in rows]


def purge(office: Office) -> dict[str, int]:
    """Delete what has been kept long enough; open matters stay. Returns how many rows, by table."""
    with writing(office.store, office.principal, "conference.purge", clock=office.clock) as act:
        gone = answers.delete(act, answers.due(act.connection, act.moment))
        for name, count in gone.items():
            act.fact(name, count)
    return gone
