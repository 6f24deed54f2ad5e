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
    """A phrase of names whose institutions stand in one relation to the paper, and where it stands."""

    relation: Relation
    text: str
    where: str


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(parts)})", re.I)


# Initials and titles end no sentence.
_SENTENCE = re.compile(
    r"(?<=[.;。])(?<!\b[A-Z]\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bNo\.)(?<!\bProf\.)(?<!\bUniv\.)(?<!\bInst\.)(?<!\bDept\.)"
    r"\s+(?=[A-Z0-9∗*†‡§¶(\[가-힣\u4e00-\u9fff])"
)
_PAST = _words(
    r"former",
    r"previous",
    r"past\b",
    r"alum",
    r"emerit",
    r"retired",
    r"graduated?\b",
    r"(?:received|earned|obtained|completed|holds?|took|got) (?:(?:his|her|their|the|a|an|both) )?(?:[\w.,]+ ){0,3}?"
    r"(?:ph\.? ?d|doctora|degree|diploma|b\.? ?sc|m\.? ?sc|master|bachelor)",
    r"(?:before|prior to|until|since leaving)\b",
    r"(?:was|were|had been) (?:then |first |once )?(?:with|at|an?)\b",
    r"(?:was|were|had been) (?:\w+ ){0,2}?(?:employed|affiliated|based|enrolled)\b",
    r"(?:held|left|worked|studied|served|taught|trained)\b",
)
_STAY = _words(
    r"intern(?:s|ed|ing|ship|ships)?\b",
    r"visit",
    r"guest",
    r"sabbatical",
    r"secondment",
    r"summer school",
    r"exchange\b",
    r"hosted by",
    r"(?:during|while)\b",
)
_ABOUT_THINGS = _words(
    r"data(?:set|sets|base|bases)?\b",
    r"images?\b",
    r"corp(?:us|ora)\b",
    r"benchmark",
    r"annotat",
    r"codes?\b",
    r"software",
    r"librar(?:y|ies)\b",
    r"repositor",
    r"released",
    r"published",
    r"download",
    r"protocol",
    r"courtesy",
    r"according",
    r"compare",
    r"checkpoint",
    r"workshop",
    r"licen[sc]e",
    r"trademark",
    r"reviewed by",
    r"approved by",
)
_PAID = _words(
    r"(?:support|fund|financ|sponsor|subsid)(?:ed|ing|ized|ised)\b",
    r"(?:support|funding|sponsorship|assistance|aid|grants?|awards?|fellowships?|scholarships?|stipends?|gifts?|donations?|contracts?) "
    r"(?:\S+ ){0,3}?(?:from|of|by|with|under|through)\b",
    r"funds? of\b",
    r"(?:funds?|money|means) (?:\S+ ){0,5}?(?:from|by)\b",
    r"(?:support|fund|financ|sponsor)(?:s|es)\b",
    r"for (?:(?:its|their|the|financial|generous|partial) )*(?:support|funding|sponsorship)\b",
)
_MACHINES = _words(
    r"comput", r"gpus?\b", r"cluster", r"hardware", r"equipment", r"facilit", r"laboratory time", r"materials?\b"
)
_GIVEN = _words(
    r"provid",
    r"donat",
    r"suppl(?:y|ied)",
    r"grant",
    r"courtesy",
    r"lent\b",
    r"access to",
    r"made available",
    r"allocat",
)
_TOOK_PART = _words(
    r"collaborat",
    r"co-?operat",
    r"partner",
    r"joint(?:ly)? (?:\w+ )?(?:with|between|of|by)\b",
    r"together with",
    r"commissioned",
    r"consortium",
    r"on behalf of",
)
_BELONGS = _words(
    r"affiliat",
    r"appoint",
    r"employ",
    r"(?:is|are) (?:\w+ ){0,2}?(?:with|at)\b",
    r"(?:also|now|currently|jointly) (?:with|at|of)\b",
    r"works? (?:\S+ ){0,2}?(?:at|for|with)\b",
    r"(?:professor|lecturer|fellow|scientist|researcher|engineer|member|staff|faculty|student|candidate|employee|director|head|chair)"
    r"(?:s|ship)? (?:\S+ )?(?:of|at|with|in)\b",
    r"(?:position|post|chair|professorship|contract|role|office|lab|group)s? (?:\S+ )?(?:at|with|in)\b",
    r"(?:present|current|permanent|second|additional|other) address",
    r"(?:divides?|shares?|splits?) (?:\S+ )?time",
    r"(?:leads?|heads?|directs?|runs?|represents?)\b",
    r"on leave from",
    r"based (?:at|in)\b",
    r"belongs? to",
)
_TALKS = (r"discussion", r"conversation", r"comments?\b", r"feedback", r"advice", r"suggestion", r"proofread")
_THANKS = _words(r"thank", r"grateful", r"gratitude", r"appreciate", r"indebted", r"acknowledge", *_TALKS)
_MARKS = re.compile(r"^[\s*∗†‡§¶♯⋆‖()\[\]\d,]+")
# A footnote's letter stands before the name without a gap, as in "aBrunham Institute".
_RAISED = re.compile(r"[a-h][A-Z][a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "of the and for at in on de la le du des di da del y e et und für der dagger ddagger ast star".split()
)


def clauses(passage: Passage) -> Iterator[Clause]:
    """The sentences of a passage that tell a tie. Former places, stays, thanks to colleagues and mere mentions tell none."""
    if passage.kind is TextKind.AFFILIATION:
        if not _PAST.search(passage.text):
            yield Clause(Relation.AFFILIATION, passage.text, passage.where)
        return
    for sentence in _SENTENCE.split(passage.text):
        relation = _relation(sentence, passage.kind)
        if relation is not None:
            for phrase in _names(_before_stay(sentence) if relation is Relation.FUNDER else sentence):
                yield Clause(relation, phrase, passage.where)


def _relation(sentence: str, kind: TextKind) -> Relation | None:
    """Money first, then joint work, then belonging; what speaks of the past, of a stay or of things is no belonging."""
    if _PAID.search(sentence) or (_MACHINES.search(sentence) and _GIVEN.search(sentence)):
        return Relation.FUNDER
    if _PAST.search(sentence) or _STAY.search(sentence):
        return None
    if _TOOK_PART.search(sentence) and not _THANKS.search(sentence):
        return Relation.PARTNER
    if _ABOUT_THINGS.search(sentence) or _THANKS.search(sentence):
        return None
    if kind is TextKind.FUNDING:
        return Relation.FUNDER
    return Relation.AFFILIATION if _BELONGS.search(sentence) or _names_only(sentence, kind) else None


def _before_stay(sentence: str) -> str:
    """Without what is told of a stay: "supported by us during a stay at X" says nothing of X's money."""
    stay = _STAY.search(sentence)
    paid = _PAID.search(sentence)
    return sentence[: stay.start()] if stay and paid and stay.start() > paid.end() else sentence


def _names(sentence: str) -> Iterator[str]:
    """The runs of a sentence that could be names and addresses: words that begin large, with the small ones between them."""
    if not any(sign.isascii() and sign.isalpha() for sign in sentence):
        yield sentence
        return
    run: list[str] = []
    for token in [*sentence.split(), "end"]:
        word = token.strip("().,;:\"'“”*∗†‡§¶$^{}[]")
        large = bool(word) and (not word[0].islower() or bool(_RAISED.match(word)))
        between = bool(run) and word.casefold() in _SMALL and not token.endswith((";", "."))
        if large or between:
            run.append(token)
        else:
            while run and run[-1].strip(",").casefold() in _SMALL:
                run.pop()
            if run:
                yield _MARKS.sub("", " ".join(run))
            run = []


def _names_only(sentence: str, kind: TextKind) -> bool:
    """Whether a note is an address or "Also at ..." and no sentence: every word begins large or belongs to names."""
    words = _WORD.findall(sentence.partition(";")[0])
    return kind is TextKind.FOOTNOTE and all(
        word in _SMALL or not word[0].islower() or _RAISED.match(word) for word in words
    )
