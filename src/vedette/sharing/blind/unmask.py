"""From a blind hit to people: the asker's question to the relay, and the holder's own case, opened by two people."""

from __future__ import annotations

from dataclasses import dataclass

from vedette import approvals
from vedette.audit import writing
from vedette.base import Clock, Json, Principal, Subject, VedetteError
from vedette.sharing.blind import store as state
from vedette.sharing.blind.publish import case_of
from vedette.sharing.blind.store import Own
from vedette.sharing.blind.transport import Line, Transport
from vedette.store import Store


class UnknownQuestion(VedetteError):
    """No hit or question of this id."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """Where the opening of a question stands; the case is told only once a second person has agreed."""

    question: str
    asker: str
    state: str
    request: str
    case_id: str | None

    def as_json(self) -> dict[str, Json]:
        """The form printed."""
        return {name: getattr(self, name) for name in self.__slots__}


def ask(store: Store, principal: Principal, own: Own, hit: str, transport: Transport, *, clock: Clock) -> None:
    """Ask through the relay about a hit. Whoever holds it is not told by the answer. Raises UnknownQuestion."""
    found = next((item for item in state.hits(store, own.epoch_id) if item["hit_id"] == hit), None)
    if found is None or found["withdrawn_at"]:
        raise UnknownQuestion("no standing hit of this id", remedy="See `vedette share match hits`")
    line = Line(store, own, transport, clock)
    line.ask(line.epoch.relay, "ask", {"tag": found["tag"]})
    with writing(store, principal, "sharing.blind.asked", clock=clock) as act:
        act.fact("epoch", own.epoch_id)
        act.fact("hit", hit)


def fetch_questions(store: Store, principal: Principal, own: Own, transport: Transport, *, clock: Clock) -> int:
    """Fetch from the relay what others ask about one's own tags. Returns how many are new."""
    line = Line(store, own, transport, clock)
    body = line.ask(line.epoch.relay, "asked", {})
    known = {item["question_id"] for item in state.questions(store) if item["role"] == "mine"}
    given = body.get("questions")
    fresh = [item for item in (given if isinstance(given, list) else []) if _fits(item, known)]
    with writing(store, principal, "sharing.blind.questions", clock=clock) as act:
        for item in fresh:
            row = {
                "question_id": f"{item['question_id']}-mine",
                "epoch_id": own.epoch_id,
                "asker": item["asker"],
                "role": "mine",
                "state": "open",
            }
            state.keep_question(act, store, row, bytes.fromhex(item["tag"]))
        if fresh:
            act.fact("epoch", own.epoch_id)
            act.fact("questions", len(fresh))
    return len(fresh)


def questions(store: Store) -> list[dict[str, Json]]:
    """What others have asked about one's own tags: who, when, and how far the opening has come; never which identifier."""
    return [
        {
            "question": item["question_id"],
            "epoch": item["epoch_id"],
            "asker": item["asker"],
            "asked_at": item["asked_at"],
            "state": item["state"],
        }
        for item in state.questions(store)
        if item["role"] == "mine"
    ]


def unmask(store: Store, principal: Principal, own: Own, question: str, *, clock: Clock) -> Unmasked:
    """Open a question to the case behind it. The first call asks for a second person; called once that person has agreed,
    it tells the case. What is then told to the asker goes by named disclosure. Raises UnknownQuestion.
    """
    found = _mine(store, question)
    case = case_of(store, own, found["tag"])
    if case is None:
        raise UnknownQuestion("the finding behind this question no longer stands", remedy="Tell the asker so")
    with writing(store, principal, "sharing.blind.unmask", clock=clock) as act:
        request = approvals.request(act, "share.unmask", Subject("blind_question", question), question)
        row = {name: found[name] for name in ("question_id", "epoch_id", "asker", "role", "asked_at")}
        opened = request.state is approvals.RequestState.APPROVED
        row |= {"state": "unmasked" if opened else request.state.value, "case_id": case if opened else ""}
        state.keep_question(act, store, {**row, "request_id": request.id}, bytes.fromhex(found["tag"]))
        act.fact("question", question)
        act.fact("state", str(row["state"]))
    return Unmasked(question, found["asker"], str(row["state"]), request.id, case if opened else None)


def agree(store: Store, principal: Principal, question: str, *, yes: bool, clock: Clock) -> approvals.Request:
    """Answer as the second person. Never the one who asked for it."""
    found = _mine(store, question)
    if not found["request_id"]:
        raise UnknownQuestion("nobody has asked to open this question", remedy="Begin with `share match unmask`")
    with writing(store, principal, "sharing.blind.unmask.answer", clock=clock) as act:
        answered = (approvals.approve if yes else approvals.reject)(act, found["request_id"])
        act.fact("question", question)
        act.fact("state", answered.state.value)
    return answered


def _mine(store: Store, question: str) -> dict[str, str]:
    found = (item for item in state.questions(store) if item["question_id"] == question and item["role"] == "mine")
    first = next(found, None)
    if first is None:
        raise UnknownQuestion("no question of this id", remedy="See `vedette share match asked`")
    return first


def _fits(item: object, known: set[str]) -> bool:
    if not isinstance(item, dict) or set(item) != {"question_id", "asker", "tag"}:
        return False
    texts = all(isinstance(text, str) and len(text) <= 100 and text.isprintable() for text in item.values())
    return (
        texts
        and len(item["tag"]) == 32
        and not set(item["tag"]) - set("0123456789abcdef")
        and f"{item['question_id']}-mine" not in known
    )
