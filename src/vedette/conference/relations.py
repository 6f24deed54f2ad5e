"""What a sentence of a paper says about an institution: the authors belong to it, it paid, it took part, or none of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vedette.conference.model import Passage, TextKind


class Relation(StrEnum):
    """How an institution is tied to a paper."""

    AFFILIATION = "affiliation"
    FUNDER = "funder"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of text whose institutions stand in one relation to the paper, and where it stands."""

    relation: Relation
    text: str
    where: str


_SENTENCE = re.compile(r"(?<=[.;。])\s+(?=[A-Z0-9∗*†‡§¶(\[가-힣\u4e00-\u9fff])")
_NOT_NOW = re.compile(
    r"\b(?:former(?:ly)?|previous(?:ly)?|past affiliation|alum(?:ni|nus|na)?|graduated|received (?:his|her|their|the|a) "
    r"|before joining|prior to joining|until (?:19|20)\d\d|emerit|retired|was (?:then )?(?:with|at) |were (?:then )?(?:with|at) "
    r"|left )",
    re.I,
)
_STAY = re.compile(
    r"\b(?:intern(?:s|ed|ing|ship|ships)?|visit(?:s|ed|ing|or|ors)?|sabbatical|secondment|summer school"
    r"|work (?:was )?(?:partially |mostly )?(?:done|performed|conducted|completed) (?:while|during|when))\b",
    re.I,
)
_PAID = re.compile(
    r"\b(?:(?:support|fund|financ|sponsor)(?:ed|s)?(?: in part| partially| jointly| financially)? (?:by|from|through|under)"
    r"|(?:financial |generous )?(?:support|funding|sponsorship|grants?|fellowships?|scholarships?|gifts?|donations?) "
    r"(?:from|of|by|provided by|through)"
    r"|(?:comput(?:e|ing|ational) (?:resources|time|power|facilities)|gpu(?:s| time| hours)?|hardware|equipment|facilities) "
    r"(?:were |was |are |is )?(?:kindly )?(?:provided|donated|supplied|granted) by"
    r"|(?:under|with) (?:contract|grant)s? (?:\S+ ){0,4}?(?:from|of|with)|acknowledges? (?:the )?(?:financial )?support (?:from|of|by)"
    r"|for (?:financial |generous )?(?:support|funding))\b",
    re.I,
)
_PASSIVE_PAID = re.compile(
    r"\b(?:supported|funded|sponsored|financed) (?:this|the|our|his|her|their|part)\b|\bfor (?:funding|financial support|computing|providing (?:gpu|comput))",
    re.I,
)
_TOOK_PART = re.compile(
    r"\b(?:in (?:close )?(?:collaboration|cooperation|co-operation|partnership) with|joint(?:ly)? (?:project|programme|program|laboratory) (?:with|of)"
    r"|joint work with|partner(?:ed)? with|under (?:a |the )?(?:agreement|cooperation) with|commissioned by)\b",
    re.I,
)
_BELONGS = re.compile(
    r"\b(?:(?:is|are) (?:also |jointly |currently |now )*(?:with|at|affiliated with|affiliated to|employed (?:by|at)|on the faculty (?:of|at)|a member of)"
    r"|also (?:with|at|affiliated with|affiliated to|holds? (?:a|an) [a-z ]{0,30}(?:position|appointment|chair|professorship) (?:with|at|in))"
    r"|(?:joint|dual|second(?:ary)?|additional|part-time|adjunct|concurrent) (?:affiliation|appointment|position|professor)[a-z]*\s*(?:with|at|in|:)"
    r"|holds? (?:a|an) (?:joint |dual |second |adjunct |part-time |concurrent )?[a-z ]{0,30}(?:position|appointment|chair|professorship) (?:with|at|in)"
    r"|now (?:with|at)|(?:additional|second) affiliation:)",
    re.I,
)
_THANKS = re.compile(r"\b(?:thanks?|grateful|gratitude|appreciate|indebted|acknowledge)\b", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset("of the and for at in on de la le du des di da del y e et und für der".split())
_MARKS = re.compile(r"^[\s*∗†‡§¶♯⋆‖()\[\]\d,]+")


def clauses(passage: Passage) -> Iterator[Clause]:
    """The clauses of a passage that tell a tie. Former places, stays, thanks to colleagues and mere mentions tell none."""
    if passage.kind is TextKind.AFFILIATION:
        if not _NOT_NOW.search(passage.text):
            yield Clause(Relation.AFFILIATION, passage.text, passage.where)
        return
    for sentence in _SENTENCE.split(passage.text):
        yield from _of_sentence(sentence, passage)


def _of_sentence(sentence: str, passage: Passage) -> Iterator[Clause]:
    paid, took_part, belongs = (
        _PAID.search(sentence) or _PASSIVE_PAID.search(sentence),
        _TOOK_PART.search(sentence),
        _BELONGS.search(sentence),
    )
    if paid is not None:
        yield Clause(Relation.FUNDER, _around(sentence, paid), passage.where)
    elif took_part is not None and not _NOT_NOW.search(sentence):
        yield Clause(Relation.PARTNER, sentence[took_part.end() :], passage.where)
    elif _NOT_NOW.search(sentence) or _STAY.search(sentence):
        return
    elif belongs is not None:
        yield Clause(Relation.AFFILIATION, sentence[belongs.end() :], passage.where)
    elif passage.kind is TextKind.FUNDING and not _THANKS.search(sentence):
        yield Clause(Relation.FUNDER, sentence, passage.where)
    elif passage.kind is TextKind.FOOTNOTE and _names_only(sentence):
        yield Clause(Relation.AFFILIATION, _MARKS.sub("", sentence), passage.where)


def _names_only(sentence: str) -> bool:
    """Whether a note is an address and no sentence: every word begins large or belongs to names."""
    return all(word in _SMALL or not word[0].islower() for word in _WORD.findall(sentence))


def _around(sentence: str, found: re.Match[str]) -> str:
    """After "supported by ..." what follows; before "... supported this work" and "thank ... for funding" what precedes."""
    word = found[0].casefold()
    return (
        sentence[: found.start()] if word.startswith("for ") or _PASSIVE_PAID.match(word) else sentence[found.end() :]
    )
