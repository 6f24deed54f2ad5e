"""Ties of a submission to institutions, told from what its authors disclose: only from the submission and the venue's profiles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from vedette.base import Evidence, Json
from vedette.conference.alike import alike
from vedette.conference.model import Author, Paper, Profile, Stay, Submission
from vedette.conference.parts import AMBIGUOUS, KP, SURE, judged
from vedette.conference.relations import Relation, clauses
from vedette.institutions import ListedName, Match, Resolution

_HOST = re.compile(r"@\s*((?:[\w-]+\.)+[A-Za-z]{2,})")
_ALUMNI = re.compile(r"(?:^|\.)(?:alum\w*|post|alumnos)\.", re.I)
_KP_HOST = re.compile(r"\.kp$", re.I)
_AUTHOR = re.compile(r"author \d+$")


class Institutions(Protocol):
    """What ties need of the room ``institutions``: strings resolved, domains looked up, parts told from wholes."""

    def resolve(self, text: str) -> Resolution:
        """What a string means."""
        ...

    def of_domain(self, host: str) -> Match | None:
        """The organisation that a mail domain belongs to."""
        ...

    def above(self, institution_id: str) -> frozenset[str]:
        """The organisations of which this one is a part."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One institution that a submission is tied to. ``disclosed`` says whether its authors named it to the venue."""

    institution_id: str
    name: str
    relation: Relation
    country: str | None = None
    disclosed: bool = True
    listed: tuple[ListedName, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that name it."""
        return tuple(dict.fromkeys(item.list_id for item in self.listed))

    @property
    def list_types(self) -> tuple[str, ...]:
        """The sorts of duty that these lists create."""
        return tuple(dict.fromkeys(item.duty for item in self.listed))


@dataclass(slots=True)
class Told:
    """What the authors disclosed: ids with all above them, and the words used."""

    ids: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    of_dprk: set[str] = field(default_factory=set)

    def add(self, text: str, found: Iterable[Match], desk: Institutions) -> None:
        """Take in one disclosed string. Its words speak only where no organisation is recognised in it."""
        sure = [match for match in found if match.score >= SURE]
        if not sure:
            self.words.append(text)
        for match in sure:
            self.ids.add(match.id)
            self.above |= desk.above(match.id)

    def covers(self, tie: Tie, desk: Institutions) -> bool:
        """Whether the tie's institution, a part or a whole of it was told, or is the same in other words.

        A mail domain speaks for the whole family: institutes of one society share it.
        """
        if tie.institution_id in self.ids or tie.institution_id in self.above or self._at_home(tie):
            return True
        if desk.above(tie.institution_id) & self.ids:
            return True
        if all(item.kind == "domain" for item in tie.evidence) and desk.above(tie.institution_id) & self.above:
            return True
        names = (tie.name, *(item.written for item in tie.listed), *(item.name for item in tie.listed))
        return any(alike(name, word) for name in names if name for word in self.words)

    def _at_home(self, tie: Tie) -> bool:
        """Whether it is a mail domain of the DPRK, and its author disclosed a place there; in a paper, any of the authors."""
        if not all(item.kind == "domain" and _KP_HOST.search(str(item.values.get("domain"))) for item in tie.evidence):
            return False
        author = _AUTHOR.search(tie.evidence[0].ref) if tie.evidence else None
        return bool(self.of_dprk) if author is None else author[0] in self.of_dprk


@dataclass(frozen=True, slots=True)
class Bundle:
    """A submission with the papers read for it and the profiles of its authors."""

    submission: Submission
    papers: tuple[Paper, ...] = ()
    profiles: tuple[Profile, ...] = ()


def ties(bundle: Bundle, desk: Institutions, year: int) -> tuple[Tie, ...]:
    """Every tie, disclosed and not, each institution once in each relation; ``year`` is that of the submission.

    Funding and partners count as undisclosed only where a statement was given; without one they are told by the paper alone.
    """
    disclosed = list(_disclosed(bundle, desk, year))
    told = _told(bundle, desk, disclosed, year)
    stated = bundle.submission.statement is not None
    found: dict[tuple[str, str], Tie] = {}
    for tie in disclosed:
        _fold(found, tie, disclosed=True)
    for tie in (*_from_papers(bundle, desk), *_from_mail(bundle, desk), *_from_profiles(bundle, desk, year)):
        covered = told.covers(tie, desk)
        open_question = tie.relation is Relation.AFFILIATION or stated
        if not covered and not open_question and not (tie.listed or tie.country == KP):
            continue
        _fold(found, tie, disclosed=covered)
    return tuple(found.values())


def _fold(found: dict[tuple[str, str], Tie], tie: Tie, *, disclosed: bool) -> None:
    """One row an institution and relation: disclosed wins, evidence is gathered."""
    key = (tie.institution_id, tie.relation.value)
    known = found.get(key)
    found[key] = Tie(
        institution_id=tie.institution_id,
        name=tie.name,
        relation=tie.relation,
        country=tie.country if known is None or known.country is None else known.country,
        disclosed=disclosed or (known is not None and known.disclosed),
        listed=tie.listed if known is None else tuple(dict.fromkeys((*known.listed, *tie.listed))),
        evidence=tie.evidence if known is None else tuple((*known.evidence, *tie.evidence))[:8],
    )


def _disclosed(bundle: Bundle, desk: Institutions, year: int) -> Iterator[Tie]:
    for place, author in enumerate(bundle.submission.authors, 1):
        if author.affiliation:
            yield from of_text(author.affiliation, desk, Relation.AFFILIATION, "form", f"author {place}")
            continue
        for stay in _current(bundle, author, year):
            yield from _of_stay(stay, desk, f"profile of author {place}")
    if not bundle.submission.authors:
        for paper in bundle.papers:
            for line in paper.affiliations:
                yield from of_text(line, desk, Relation.AFFILIATION, "paper", paper.file)


def _told(bundle: Bundle, desk: Institutions, disclosed: Sequence[Tie], year: int) -> Told:
    """All that the venue was told: the form, the statement, and what profiles say about the past."""
    told = Told()
    for author in bundle.submission.authors:
        told.add(author.affiliation, desk.resolve(author.affiliation[:2_000]).matches, desk)
    for tie in disclosed:
        told.ids.add(tie.institution_id)
        told.above |= desk.above(tie.institution_id)
        if tie.country == KP:
            told.of_dprk |= {each[0] for item in tie.evidence if (each := _AUTHOR.search(item.ref))}
    statement = bundle.submission.statement
    for name in (*statement.funders, *statement.partners) if statement else ():
        told.add(name, desk.resolve(name).matches, desk)
    for profile in bundle.profiles:
        for stay in profile.history:
            if not _lasts(stay, profile.history, year):
                match = desk.of_domain(stay.domain) if stay.domain else None
                told.add(stay.institution, [match] if match else desk.resolve(stay.institution).matches, desk)
    told.words = [word for word in told.words if word]
    return told


def _from_papers(bundle: Bundle, desk: Institutions) -> Iterator[Tie]:
    for paper in bundle.papers:
        for passage in paper.passages:
            for clause in clauses(passage):
                yield from of_text(
                    clause.text, desk, clause.relation, passage.kind.value, f"{paper.file}, {clause.where}"
                )
                if clause.relation is Relation.AFFILIATION:
                    yield from _of_hosts(_HOST.findall(clause.text), desk, f"{paper.file}, {clause.where}")


def _from_mail(bundle: Bundle, desk: Institutions) -> Iterator[Tie]:
    preferred = {profile.profile_id: profile.emails[0] for profile in bundle.profiles if profile.emails}
    for place, author in enumerate(bundle.submission.authors, 1):
        written = author.email or preferred.get(author.profile_id, "")
        yield from _of_hosts(_HOST.findall(written), desk, f"e-mail of author {place}")


def _from_profiles(bundle: Bundle, desk: Institutions, year: int) -> Iterator[Tie]:
    for place, author in enumerate(bundle.submission.authors, 1):
        for stay in _current(bundle, author, year):
            yield from _of_stay(stay, desk, f"profile of author {place}")


def _current(bundle: Bundle, author: Author, year: int) -> Iterator[Stay]:
    for profile in bundle.profiles:
        if profile.profile_id and profile.profile_id == author.profile_id:
            for stay in profile.history:
                if _lasts(stay, profile.history, year):
                    yield stay


def _lasts(stay: Stay, history: Collection[Stay], year: int) -> bool:
    """Whether a stay lasts for sure in the year: begun before its end, and not ending in it while another begins."""
    if stay.start is not None and stay.start > year:
        return False
    if stay.end is None:
        return stay.start is not None or len(history) == 1
    return stay.end > year or (stay.end == year and not any(other.start == year for other in history if other != stay))


def _of_stay(stay: Stay, desk: Institutions, where: str) -> Iterator[Tie]:
    match = desk.of_domain(stay.domain) if stay.domain else None
    found = list(of_text(stay.institution, desk, Relation.AFFILIATION, "profile", where))
    if not found and match is not None:
        found = [_of_match(match, Relation.AFFILIATION, Evidence("profile", where, {"domain": stay.domain}))]
    yield from found


def _of_hosts(hosts: Iterable[str], desk: Institutions, where: str) -> Iterator[Tie]:
    for host in dict.fromkeys(each.casefold() for each in hosts):
        if _ALUMNI.search(host):
            continue
        match = desk.of_domain(host)
        if match is not None:
            yield from _listed_match(match, desk, Evidence("domain", where, {"domain": host}))
        elif _KP_HOST.search(host):
            yield Tie(
                institution_id=f"domain:{host}",
                name=host,
                relation=Relation.AFFILIATION,
                country=KP,
                evidence=(Evidence("domain", where, {"domain": host}),),
            )


def _listed_match(match: Match, desk: Institutions, evidence: Evidence) -> Iterator[Tie]:
    """The organisation of a domain, with the lists that name it."""
    for tie in of_text(match.name, desk, Relation.AFFILIATION, evidence.kind, evidence.ref):
        if tie.institution_id == match.id:
            yield Tie(
                institution_id=match.id,
                name=match.name,
                relation=Relation.AFFILIATION,
                country=match.country or None,
                listed=tie.listed,
                evidence=(evidence,),
            )
            return
    yield _of_match(match, Relation.AFFILIATION, evidence)


def _of_match(match: Match, relation: Relation, evidence: Evidence) -> Tie:
    country = match.country or None
    return Tie(institution_id=match.id, name=match.name, relation=relation, country=country, evidence=(evidence,))


def of_text(text: str, desk: Institutions, relation: Relation, kind: str, where: str) -> Iterator[Tie]:
    """The institutions that a text names for sure, with their lists; an address in the DPRK where no institution is told."""
    if text.strip():
        for found in judged(text, desk):
            yield from _of_part(found, relation, kind, where)


def _of_part(found: Resolution, relation: Relation, kind: str, where: str) -> Iterator[Tie]:
    decision = found.country
    left = list(found.listed)
    sure = [match for match in found.matches if match.score >= SURE]
    for match in sure:
        own = [item for item in left if item.written in match.written or match.written in item.written]
        left = [item for item in left if item not in own]
        country = _country(match, decision.code)
        values: dict[str, Json] = {
            "written": match.written,
            "score": round(match.score, 2),
            "country": list(decision.evidence[:3]),
        }
        yield Tie(
            institution_id=match.id,
            name=match.name,
            relation=relation,
            country=country,
            listed=tuple(own),
            evidence=(Evidence(kind, where, values),),
        )
    for item in left:
        named: dict[str, Json] = {"written": item.written, "list": item.list_id}
        yield Tie(
            institution_id=f"{item.list_id}:{item.entity_id}",
            name=item.name,
            relation=relation,
            country=decision.code if decision.code != AMBIGUOUS else None,
            listed=(item,),
            evidence=(Evidence(kind, where, named),),
        )
    if decision.code == KP and not sure and not left:
        address: dict[str, Json] = {"country": list(decision.evidence[:3])}
        yield Tie(
            institution_id="country:KP",
            name="an address in the DPRK",
            relation=relation,
            country=KP,
            evidence=(Evidence(kind, where, address),),
        )


def _country(match: Match, decided: str | None) -> str | None:
    """The institution's own seat; the text's decision only where the registry tells none. A seat in the DPRK needs no
    contradiction: where the text points elsewhere the decision is "ambiguous" and nothing is claimed."""
    if match.country == KP:
        return KP if decided in (KP, None) else AMBIGUOUS
    if match.country:
        return match.country
    return decided if decided != AMBIGUOUS else None
