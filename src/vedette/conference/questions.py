"""Neutral questions to all authors of a paper: made from sealed screenings, handed out as forms, answered and sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from vedette.audit import Act, writing
from vedette.base import Json, iso, stable_id
from vedette.conference.model import Action, ConferenceError, Service
from vedette.conference.potential import each_once
from vedette.conference.procedure import procedure
from vedette.conference.run import Office, policy_in_force
from vedette.conference.store import answers
from vedette.conference.store.answers import QUESTION
from vedette.conference.store.held import knows

_MOST_TEXT = 20_000
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question about one submission, in the words that go to its authors."""

    question_id: str
    submission_id: str
    form: str
    state: str
    made_at: str
    due_on: str
    title: str
    text: str
    rights: str
    answer: str = ""
    answered_at: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "question_id": self.question_id,
            "submission_id": self.submission_id,
            "form": self.form,
            "state": self.state,
            "made_at": self.made_at,
            "due_on": self.due_on,
            "title": self.title,
            "text": self.text,
            "your_rights": self.rights,
            "answer": self.answer or None,
            "answered_at": self.answered_at or None,
        }


def draft(office: Office) -> list[Question]:
    """Make the questions that the newest screening asks for; what was asked already is not asked again."""
    policy = policy_in_force(office)
    held = answers.screenings(office.store, office.venue)
    asked = [row for row in held if Action(row["strictest"]).rank >= Action.ASK.rank]
    due = office.clock.now() + timedelta(days=policy.question_days)
    until = iso(office.clock.now() + timedelta(days=policy.personal_days))
    with writing(office.store, office.principal, "conference.questions", clock=office.clock) as act:
        known = {row["question_id"] for row in answers.all_of(act.connection, QUESTION, venue=office.venue)}
        made = 0
        for screening in asked:
            for form, values in _wanted(answers.opened(office.store, screening)):
                made += _keep(
                    act, office, screening["submission_id"], (form, values), known, (due.date().isoformat(), until)
                )
        act.fact("venue", office.venue)
        act.fact("questions", made)
    return listed(office)


def _wanted(rows: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, str]]]:
    """One question a form: institutions and phrases are gathered."""
    asks = [row for row in rows if row["action"] == Action.ASK.value and row["service"] == "paper"]
    ties = [row["institution"] for row in asks if row["institution"] and row["country"] != "ambiguous"]
    unclear = [row["institution"] for row in asks if row["institution"] and row["country"] == "ambiguous"]
    use = [phrase for row in asks if not row["institution"] for phrase in row["phrases"]]
    if ties:
        yield "tie", {"institution": " and ".join(dict.fromkeys(ties))}
    if unclear:
        yield "address", {"institution": " and ".join(dict.fromkeys(unclear))}
    if use:
        yield "use", {"phrases": ", ".join(f"“{phrase}”" for phrase in each_once(use))}


def _keep(
    act: Act,
    office: Office,
    submission_id: str,
    wanted: tuple[str, Mapping[str, str]],
    known: set[str],
    times: tuple[str, str],
) -> int:
    form, values = wanted
    identity = stable_id("cqu", office.venue, submission_id, form, *values.values())
    if identity in known:
        return 0
    known.add(identity)
    answers.keep_sealed(
        act,
        office.store,
        QUESTION,
        {
            "question_id": identity,
            "venue": office.venue,
            "submission_id": submission_id,
            "form": form,
            "state": OPEN,
            "made_at": act.moment,
            "due_on": times[0],
            "answered_at": "",
            "expires_at": times[1],
        },
        {"values": dict(values), "answer": ""},
    )
    return 1


def ask(office: Office, submission_id: str, service: Service) -> Question:
    """Put the question before a decision about a service: what law may speak of, and the right to reply."""
    policy = policy_in_force(office)
    held = answers.screenings(office.store, office.venue, submission_id)
    if not held:
        with office.store.database.reading() as connection:
            if not knows(connection, office.venue, submission_id):
                raise ConferenceError(f"no such submission: {submission_id!r}", remedy="Import it first")
        raise ConferenceError(
            f"submission {submission_id!r} was not screened", remedy="Run `vedette conference screen`"
        )
    rows = [row for row in answers.opened(office.store, held[0]) if row["service"] == service.value]
    law = "; ".join(dict.fromkeys(item["title"] for row in rows for item in row["law"])) or "none that we know of"
    now = office.clock.now()
    times = (
        (now + timedelta(days=policy.question_days)).date().isoformat(),
        iso(now + timedelta(days=policy.personal_days)),
    )
    with writing(office.store, office.principal, "conference.ask", clock=office.clock) as act:
        known = {row["question_id"] for row in answers.all_of(act.connection, QUESTION, venue=office.venue)}
        _keep(act, office, submission_id, ("reply", {"service": service.value, "law": law}), known, times)
        act.fact("submission_id", submission_id)
    mine = [item for item in listed(office) if item.submission_id == submission_id and item.form == "reply"]
    return mine[-1]


def listed(office: Office) -> list[Question]:
    """Every question of the venue, oldest first; opens the vault."""
    days = policy_in_force(office).personal_days
    rows = answers.all_of(office.store, QUESTION, venue=office.venue)
    ordered = sorted(rows, key=lambda row: (row["made_at"], row["submission_id"], row["question_id"]))
    return [_question(office, row, days) for row in ordered]


def _question(office: Office, row: Mapping[str, Any], days: int) -> Question:
    words = procedure()
    form = words.forms[row["form"]]
    told = answers.sealed_of(office.store, QUESTION, row)
    return Question(
        question_id=row["question_id"],
        submission_id=row["submission_id"],
        form=row["form"],
        state=row["state"],
        made_at=row["made_at"],
        due_on=row["due_on"],
        title=_filled(form.title, told.get("values", {})),
        text=_filled(form.text, told.get("values", {})),
        rights=_filled(words.your_rights, {"due": row["due_on"], "days": str(days)}),
        answer=told.get("answer", ""),
        answered_at=row["answered_at"],
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Values put into braces as they are: no formatting language, so that no value can ask for more."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def answer(office: Office, question_id: str, text: str) -> Question:
    """Record what the authors answered; it is sealed. Raises ConferenceError for an unknown question or no text."""
    written = text.strip()
    if not written or len(written) > _MOST_TEXT:
        raise ConferenceError(
            f"an answer has a text of at most {_MOST_TEXT:,} characters", remedy="Give what was written"
        )
    with writing(office.store, office.principal, "conference.answer", clock=office.clock) as act:
        row = next((each for each in answers.all_of(act.connection, QUESTION, question_id=question_id)), None)
        if row is None or row["venue"] != office.venue:
            raise ConferenceError(f"no question {question_id!r}", remedy="See `vedette conference questions`")
        told = answers.sealed_of(office.store, QUESTION, row)
        changed = {key: value for key, value in row.items() if key != "sealed"}
        changed |= {"state": ANSWERED, "answered_at": act.moment}
        answers.keep_sealed(act, office.store, QUESTION, changed, {**told, "answer": written})
        act.fact("question_id", question_id)
    return _question(office, {**changed, "sealed": _sealed(office, question_id)}, policy_in_force(office).personal_days)


def _sealed(office: Office, question_id: str) -> bytes:
    return bytes(answers.all_of(office.store, QUESTION, question_id=question_id)[0]["sealed"])
