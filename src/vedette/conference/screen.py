"""Screening of one submission under a policy: a row for each tie and service that asks for something, and never a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vedette.base import Evidence, Json
from vedette.conference.model import Action, Service
from vedette.conference.parts import KP
from vedette.conference.policy import Duty, Policy
from vedette.conference.potential import UNDETERMINED, Classifier, Potential, each_once
from vedette.conference.relations import Relation
from vedette.conference.ties import Bundle, Institutions, Tie, ties

_CIVILIAN = frozenset({"", "civil", "civilian", "none", "no", "peaceful", "academic", "research", "basic research"})
_DEFENCE_WORDS = (
    "milit",
    "defen",
    "weapon",
    "dual",
    "army",
    "navy",
    "warfare",
    "국방",
    "군사",
    "军",
    "国防",
    "軍",
    "防衛",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the answer about one submission, one institution (or None) and one service."""

    submission_id: str
    institution_id: str | None
    institution: str
    relation: str
    disclosed: bool | None
    lists: tuple[dict[str, Json], ...]
    potential: str
    phrases: tuple[str, ...]
    declared_use: str | None
    service: Service
    action: Action
    evidence: tuple[dict[str, Json], ...]
    law: tuple[dict[str, Json], ...]
    reasons: tuple[str, ...] = ()
    country: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The form on the wire; the contract of ``vedette conference screen``."""
        return {
            "submission_id": self.submission_id,
            "institution_id": self.institution_id,
            "institution": self.institution or None,
            "relation": self.relation or None,
            "disclosed": self.disclosed,
            "country": self.country,
            "lists": list(self.lists),
            "potential": self.potential,
            "phrases": list(self.phrases),
            "declared_use": self.declared_use,
            "service": self.service.value,
            "action": self.action.value,
            "reasons": list(self.reasons),
            "evidence": list(self.evidence),
            "law": list(self.law),
        }


@dataclass(frozen=True, slots=True)
class Lens:
    """What a submission is looked at with. ``gated`` says that decisions were announced: no paper is touched any more."""

    policy: Policy
    desk: Institutions
    classify: Classifier
    today: date
    gated: bool = False


@dataclass(frozen=True, slots=True)
class Screened:
    """The rows about one submission, and the countries of the institutions that its authors disclosed."""

    submission_id: str
    rows: tuple[Row, ...]
    countries: tuple[str, ...]

    @property
    def touched(self) -> bool:
        """Whether anything is asked at all."""
        return any(row.action is not Action.NONE for row in self.rows)

    @property
    def strictest(self) -> Action:
        """The strictest action of all rows."""
        return max((row.action for row in self.rows), key=lambda action: action.rank, default=Action.NONE)


def screen(bundle: Bundle, lens: Lens) -> Screened:
    """All rows about one submission, never none. Names, languages and the form's country field are not read."""
    submission = bundle.submission
    year = submission.year or lens.today.year
    potential = lens.classify(submission.title, submission.abstract)
    held = ties(bundle, lens.desk, year)
    rows = [row for tie in held if _worth_a_row(tie) for row in _of_tie(bundle, tie, potential, lens)]
    rows += _of_use(bundle, potential, lens)
    if not rows:
        rows.append(_row(bundle, None, potential, Service.PAPER, Action.NONE))
    return Screened(submission.submission_id, tuple(rows), _countries(held))


def _worth_a_row(tie: Tie) -> bool:
    return bool(tie.listed) or tie.country in (KP, "ambiguous") or not tie.disclosed


def _countries(held: tuple[Tie, ...]) -> tuple[str, ...]:
    own = {tie.country for tie in held if tie.disclosed and tie.relation is Relation.AFFILIATION and tie.country}
    return tuple(sorted(own - {"ambiguous"}))


def _of_tie(bundle: Bundle, tie: Tie, potential: Potential, lens: Lens) -> Iterator[Row]:
    asked = lens.policy.asked(lens.today, tie.country, tie.lists, tie.list_types)
    made = []
    stated = bundle.submission.statement is not None
    for service, (action, duties) in asked.items():
        reasons = [f"{duty.id}: {duty.services[service].value}" for duty in duties]
        action, more = _asked_of_all(action, tie, service, lens.policy, stated=stated)
        action, gate = _gate(action, service, lens)
        if action is not Action.NONE or gate:
            made.append(_row(bundle, tie, potential, service, action, duties, (*reasons, *more, *gate)))
    yield from made or [_row(bundle, tie, potential, Service.PAPER, Action.NONE, reasons=_why_none(tie, lens))]


def _asked_of_all(
    action: Action, tie: Tie, service: Service, policy: Policy, *, stated: bool
) -> tuple[Action, tuple[str, ...]]:
    """The question that follows from a gap in what was disclosed, whoever the institution is."""
    if service is not Service.PAPER:
        return action, ()
    if tie.country == "ambiguous" and action is Action.NONE:
        return policy.undisclosed_tie, ("the address and the institution point to different countries",)
    if tie.disclosed:
        return action, ()
    wanted = policy.undisclosed_tie if tie.relation is Relation.AFFILIATION else policy.contradiction
    if tie.relation is not Relation.AFFILIATION and not stated:
        return action, ("the paper names it; no statement was asked for yet",)
    what = {
        Relation.AFFILIATION: "a tie that the form does not name",
        Relation.FUNDER: "support that the statement does not name",
        Relation.PARTNER: "a partner that the statement does not name",
    }[tie.relation]
    return max(action, wanted, key=lambda each: each.rank), (what,)


def _gate(action: Action, service: Service, lens: Lens) -> tuple[Action, tuple[str, ...]]:
    """After decisions were announced a paper is no longer held or questioned for where its authors work."""
    if not lens.gated or not lifts(action, service):
        return action, ()
    return Action.NONE, ("decisions were announced: the paper is not touched any more",)


def lifts(action: Action, service: Service) -> bool:
    """Whether the announcement of decisions ends what is asked of a service."""
    return service in (Service.PAPER, Service.REVIEW) and action.rank > Action.INFORM.rank


def _why_none(tie: Tie, lens: Lens) -> tuple[str, ...]:
    if tie.lists:
        return ("the policy asks nothing for these lists",)
    return () if tie.disclosed else ("the policy asks no question about it",)


def _of_use(bundle: Bundle, potential: Potential, lens: Lens) -> Iterator[Row]:
    """Phrases of military significance without a declared use that fits: one question to all authors, never more."""
    if not potential.military or _declares_defence(declared_use(bundle)):
        return
    told = bundle.submission.statement is not None
    wanted = lens.policy.contradiction if told else lens.policy.undeclared_potential
    action, gate = _gate(wanted, Service.PAPER, lens)
    why = "the statement does not name the use that the text writes out" if told else "no use was declared yet"
    yield _row(bundle, None, potential, Service.PAPER, action, reasons=(why, *gate))


def declared_use(bundle: Bundle) -> str | None:
    """The use that the authors stated; None where no statement was given."""
    statement = bundle.submission.statement
    return None if statement is None else statement.intended_use


def _declares_defence(use: str | None) -> bool:
    folded = (use or "").casefold().strip(" .")
    return folded not in _CIVILIAN and any(word in folded for word in _DEFENCE_WORDS)


def _row(
    bundle: Bundle,
    tie: Tie | None,
    potential: Potential,
    service: Service,
    action: Action,
    duties: tuple[Duty, ...] = (),
    reasons: tuple[str, ...] = (),
) -> Row:
    evidence = () if tie is None else tie.evidence
    return Row(
        submission_id=bundle.submission.submission_id,
        institution_id=None if tie is None else tie.institution_id,
        institution="" if tie is None else tie.name,
        relation="" if tie is None else tie.relation.value,
        disclosed=None if tie is None else tie.disclosed,
        country=None if tie is None else tie.country,
        lists=() if tie is None else tuple(item.as_json() for item in tie.listed),
        potential=potential.potential or UNDETERMINED,
        phrases=each_once(potential.phrases),
        declared_use=declared_use(bundle),
        service=service,
        action=action,
        evidence=tuple(_told(item) for item in evidence),
        law=tuple(duty.as_json() for duty in duties),
        reasons=reasons,
    )


def _told(item: Evidence) -> dict[str, Json]:
    return item.as_json()
