"""Briefs of one page: for chairs what was found, what law might apply and what was not checked; for authors what is asked and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vedette.conference.dry_run import DryRun, sentences
from vedette.conference.model import Action, ConferenceError, Service
from vedette.conference.policy import Policy
from vedette.conference.questions import Question
from vedette.conference.screen import lifts
from vedette.documents import Bullets, Document, Field, Fields, Heading, Paragraph, Table

NOT_CHECKED = (
    "Nothing outside the submissions, their files and the venue's own profiles was looked at.",
    "Names, nationality, language, birthplace and gender were not read; neither was the form's country field.",
    "Reviewers, chairs and attendees who are no authors were not screened.",
    "Institutions that no registry or list holds are not recognised; no finding never means that there is no tie.",
    "Whether a body owns or acts for another was not examined; nor was the content of code and data.",
)
_OPTIONS = (
    "Let paper and review go on: they are information, and no duty of this policy forbids them.",
    "Put the neutral question, wait for the answer, and correct the form.",
    "Ask counsel about attendance, money or computing time before a promise is made.",
    "Where a state must be told, send the draft to counsel and the state authority, early.",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a brief for chairs is made from."""

    venue: str
    policy: Policy
    rows: Sequence[Mapping[str, Any]]
    questions: Sequence[Question]
    report: DryRun
    deadline: date | None
    made_at: str
    announced: bool = False


def for_chairs(scene: Scene) -> Document:
    """One page: counts, law, options, deadline, disparity, and what was not checked."""
    rows = [_today(row) for row in scene.rows] if scene.announced else scene.rows
    papers = {row["submission_id"] for row in rows}
    touched = {row["submission_id"] for row in rows if row["action"] != Action.NONE.value}
    open_questions = sum(item.state == "open" for item in scene.questions)
    blocks = (
        Paragraph(
            f"{len(touched):,} of {len(papers):,} submissions need a look; {open_questions:,} questions are open. {_until(scene)}",
            note=True,
        ),
        _counts(rows),
        Heading("Law that might apply", 2),
        _law(rows),
        Heading("What you can do", 2),
        Bullets(_OPTIONS),
        Heading("Does it fall evenly?", 2),
        Paragraph(" ".join((*_why_other(scene.report, len(touched), len(papers)), *sentences(scene.report)))),
        Heading("What was not checked", 2),
        Bullets(NOT_CHECKED),
        Paragraph("This is no legal advice and names no author; the integrity officer holds the evidence under seal."),
    )
    return Document(title=f"Brief for the chairs of {scene.venue}", blocks=blocks, made_at=scene.made_at)


def _today(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row sealed before the announcement as it stands after it: the paper is not touched any more."""
    lifted = lifts(Action(row["action"]), Service(row["service"]))
    return {**row, "action": Action.NONE.value} if lifted else row


def _until(scene: Scene) -> str:
    if scene.announced:
        return "Decisions were announced: no paper is touched any more; attendance, money and computing time still are."
    day = f"by {scene.deadline.isoformat()}" if scene.deadline else "before reviews are assigned"
    return f"Decide {day}: after decisions are announced no paper is touched any more."


def _why_other(report: DryRun, touched: int, papers: int) -> tuple[str, ...]:
    """Which count is which, where the sealed screening and today's count are not the same."""
    if (report.touched, report.papers) == (touched, papers):
        return ()
    return (
        f"The counts above are those of the sealed screening ({touched:,} of {papers:,}); this paragraph counts anew what is held "
        "today, with today's policy and lists. Screen again to bring them together.",
    )


def _counts(rows: Sequence[Mapping[str, Any]]) -> Table:
    seen: Counter[tuple[str, str]] = Counter()
    for key in {(row["submission_id"], row["service"], row["action"]) for row in rows}:
        seen[key[1], key[2]] += 1
    actions = [action.value for action in Action if action is not Action.NONE]
    body = tuple(
        (
            service.value,
            *(f"{seen[service.value, action]:,}" if seen[service.value, action] else "-" for action in actions),
        )
        for service in Service
    )
    return Table(("Service", *actions), body, "Submissions by service and by what is asked")


def _law(rows: Sequence[Mapping[str, Any]]) -> Table | Paragraph:
    found: dict[str, tuple[Mapping[str, Any], set[str]]] = {}
    for row in rows:
        for item in row["law"]:
            found.setdefault(item["duty"], (item, set()))[1].add(row["submission_id"])
    if not found:
        return Paragraph("None of the duties in this policy touches a submission.")
    body = tuple(
        (
            item["title"],
            f"{item['jurisdiction']}, {item['status']}" + ("" if item["required"] else " (nothing requires it)"),
            f"{len(papers):,}",
        )
        for item, papers in found.values()
    )
    return Table(("Law", "Whose, and its standing", "Papers"), body, weights=(5.0, 2.5, 1.0))


def for_authors(venue: str, question: Question, days: int, made_at: str) -> Document:
    """The form that goes to the authors of one paper: what is asked, why, until when, and their rights."""
    facts = (
        Field("submission", "Submission", question.submission_id),
        Field("due", "Please answer by", question.due_on),
        Field("reader", "Who reads the answer", "the integrity officer only; reviewers see nothing of it"),
        Field("kept", "How long it is kept", f"{days} days after import"),
    )
    blocks = (
        Fields(facts, words=("", "", "")),
        Heading(question.title, 2),
        Paragraph(question.text),
        Heading("Your rights", 2),
        Paragraph(question.rights),
        Heading("Why anybody is asked", 2),
        Paragraph(
            "Knowledge that reaches a sanctioned weapons programme without goods crossing a border is called intangible transfer of "
            "technology. Conferences ask every author the same questions, so that openness can be kept and nobody is judged by name or "
            "passport."
        ),
    )
    return Document(title=f"A question about your submission to {venue}", blocks=blocks, made_at=made_at)


def notification(
    venue: str, submission_id: str, rows: Sequence[Mapping[str, Any]], field: str, service: Service, made_at: str
) -> Document:
    """A draft for the state authority under paragraph 11 of resolution 2321; a person completes and signs it.

    ``field`` is medical, listed (nuclear, aerospace and aeronautical, advanced manufacturing) or other.
    """
    touched = [row for row in rows if any(item["duty"] == "un_2321_cooperation" for item in row["law"])]
    if not touched:
        raise ConferenceError(
            f"paragraph 11 does not speak of submission {submission_id!r}", remedy="See its rows in the screening"
        )
    branch = _BRANCHES.get(field)
    if branch is None:
        raise ConferenceError(f"no field {field!r}", remedy=f"One of: {', '.join(_BRANCHES)}")
    institutions = tuple(dict.fromkeys(str(row["institution"]) for row in touched))
    facts = (
        Field("event", "Conference", venue),
        Field("submission", "Submission", submission_id),
        Field("service", "Service in question", service.value),
        Field(
            "institution",
            "Institution as disclosed",
            "; ".join(institutions),
            "screening, country by address or institution",
        ),
        Field(
            "sponsored", "Officially sponsored by or representing the DPRK", None, "to be told by a person", needed=True
        ),
        Field("contact", "Who answers for the conference", None, "to be told by a person", needed=True),
    )
    missing = Bullets(tuple(f"{item.label}: {item.provenance}" for item in facts if item.missing))
    blocks = (
        Paragraph("DRAFT. Not sent. It is completed and signed by a person, after counsel has read it.", note=True),
        Fields(facts),
        Heading("To be completed", 2),
        missing,
        Heading("Which branch of paragraph 11", 2),
        Paragraph(branch),
        Heading("What is asked of the authority", 2),
        Paragraph(
            "Whether the cooperation described above is suspended, exempt, or may go on after the Committee was notified; and until "
            "when an answer can be expected. No answer is taken as consent."
        ),
        Paragraph(
            "Practice: in 2024 the Committee could not agree on a request about a meeting of an international organisation. Promise no "
            "approval, and ask early."
        ),
    )
    return Document(
        title="Security Council resolution 2321, paragraph 11: draft notification", blocks=blocks, made_at=made_at
    )


_BRANCHES = {
    "medical": "Medical exchange: paragraph 11 does not suspend it. Keep the record of why it is medical.",
    "listed": (
        "Nuclear science and technology, aerospace and aeronautical engineering, or advanced manufacturing: the Committee decides case by "
        "case, before anything happens, on a request of the state."
    ),
    "other": (
        "Any other field: the state determines that the activity will not contribute to the programmes, and notifies the Committee before "
        "it takes place."
    ),
}
