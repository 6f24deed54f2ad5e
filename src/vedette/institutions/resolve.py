"""Free-text affiliations resolved: which organisations are meant, which country, and why; or an abstention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vedette.institutions.candidates import SIGNS, Candidate, Seen, look
from vedette.institutions.country import SURE, decide
from vedette.institutions.index import ACRONYM, Index
from vedette.institutions.judge import Judge, shipped_judge
from vedette.institutions.model import Match, Relation, Resolution
from vedette.institutions.words import LIMIT

_CONSIDERED = 3
_WORTH_SHOWING = 0.05
_EXPLAINED = 4
_UNSURE_GAP = 0.02
#: A whole name behind "and" names a second affiliation as a rule, not a part or partner of the first.
_JOINED = 0.35
_AND = re.compile(r"(?:^|[\s,])(?:and|und|et|og|och|y|e|en)\s+(?:the\s+)?$|&\s*$|[与和及與]\s*$", re.I)
#: Against a written country that differs only a probable organisation is meant.
_ELSEWHERE = 0.5


Ranked = list[tuple[float, Candidate]]


@dataclass(frozen=True, slots=True)
class Found:
    """A string looked at and judged: the accepted candidates and the others, each with its probability."""

    query: str
    seen: Seen
    chosen: Ranked
    left: Ranked
    limit: float


def find(query: str, index: Index, *, strict: bool = False, judge: Judge | None = None) -> Found:
    """Look at a string and accept what is probable enough; strict mode accepts only what is very probable."""
    judge = judge or shipped_judge()
    seen = look(query, index)
    limit = judge.model.strict if strict else judge.model.threshold
    chosen, left = _chosen(_ranked(seen, judge), seen, limit, max(limit, judge.model.further))
    return Found(query, seen, chosen, left, limit)


def answer(found: Found, index: Index) -> Resolution:
    """The answer in words and numbers."""
    matches = tuple(_match(probability, candidate, found.seen, index) for probability, candidate in found.chosen)
    considered = tuple(
        _match(probability, candidate, found.seen, index)
        for probability, candidate in found.left[:_CONSIDERED]
        if probability >= _WORTH_SHOWING
    )
    inside = [(candidate.span.start, candidate.span.end) for _, candidate in found.chosen]
    return Resolution(
        query=found.query,
        matches=matches,
        country=decide(found.seen.text, found.seen.places, matches, inside, also=_also(found, index)),
        considered=considered,
        explanation=tuple(_explanation(found, index)),
    )


def _also(found: Found, index: Index) -> tuple[str, ...]:
    """Bodies of the DPRK that are written out and were not surely accepted: they are never outvoted in silence."""
    unsure = [
        candidate.organisation
        for probability, candidate in found.chosen
        if index.countries[candidate.organisation] == "KP" and probability < SURE
    ]
    return (*(index.names[organisation] for organisation in unsure), *_left_out(found, index))


def _left_out(found: Found, index: Index) -> Iterator[str]:
    return (
        index.names[candidate.organisation]
        for probability, candidate in found.left
        if index.countries[candidate.organisation] == "KP"
        and probability >= found.limit
        and candidate.span.likeness == 1
        and candidate.kind != ACRONYM
        and candidate.span.end - candidate.span.start > 1
        and not any(_overlap(candidate, other) for _, other in found.chosen)
    )


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def resolve(query: str, index: Index, *, strict: bool = False, judge: Judge | None = None) -> Resolution:
    """The organisations that the string means, with the country decision.

    Nothing is read from names of persons; a string of which nothing is known gives an abstention.
    """
    return answer(find(query, index, strict=strict, judge=judge), index)


def _ranked(seen: Seen, judge: Judge) -> list[tuple[float, Candidate]]:
    probabilities = judge.probabilities([candidate.signs for candidate in seen.candidates])
    pairs = zip(probabilities, seen.candidates, strict=True)
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1].organisation))


def _chosen(ranked: Ranked, seen: Seen, limit: float, further: float) -> tuple[Ranked, Ranked]:
    """The best at each place of the text, as long as they are probable enough; and the others.

    ``limit`` holds for the first of each affiliation (between semicolons), ``further`` for the next ones.
    """
    taken: list[tuple[int, int]] = []
    begun: set[int] = set()
    chosen: Ranked = []
    left: Ranked = []
    for probability, candidate in ranked:
        start, end = candidate.span.start, candidate.span.end
        part = seen.text.parts[start]
        free = all(end <= other_start or other_end <= start for other_start, other_end in taken)
        asked = further if part in begun else limit
        if part in begun and (_joined(candidate, seen) or any(_joins(other, candidate, seen) for _, other in chosen)):
            asked = max(limit, _JOINED)
        elif _contradicted(candidate):
            asked = max(asked, _ELSEWHERE)
        if free and probability >= asked:
            taken.append((start, end))
            begun.add(part)
            chosen.append((probability, candidate))
        else:
            left.append((probability, candidate))
    return chosen, left


def _joined(candidate: Candidate, seen: Seen) -> bool:
    """Whether a whole name, exactly written, stands behind an "and" or an ampersand."""
    span, text = candidate.span, seen.text
    if span.likeness < 1 or candidate.kind == ACRONYM or candidate.above or span.end - span.start < 2 or not span.start:
        return False
    return bool(_AND.search(text.clean[text.ends[span.start - 1] : text.starts[span.start]]))


def _joins(other: Candidate, candidate: Candidate, seen: Seen) -> bool:
    """Whether the chosen name stands behind an "and" that the candidate, a whole name too, stands before."""
    span = candidate.span
    exact = span.likeness == 1 and candidate.kind != ACRONYM and not candidate.above and span.end - span.start > 1
    return exact and span.end <= other.span.start and _joined(other, seen)


def _contradicted(candidate: Candidate) -> bool:
    return bool(dict(zip(SIGNS, candidate.signs, strict=True))["country differs"])


def _match(probability: float, candidate: Candidate, seen: Seen, index: Index) -> Match:
    organisation = candidate.organisation
    start, end = index.parent_starts[organisation], index.parent_starts[organisation + 1]
    return Match(
        id=index.ids[organisation],
        name=index.names[organisation],
        score=probability,
        relation=_relation(candidate, seen, index),
        written=seen.text.written(candidate.span.start, candidate.span.end),
        country=index.countries[organisation],
        parents=tuple(index.ids[parent] for parent in index.parents[start:end].tolist()),
    )


def _relation(candidate: Candidate, seen: Seen, index: Index) -> Relation:
    """Whether the text names a part: a unit or another town of the country follows, or the name stands inside a longer one."""
    signs = dict(zip(SIGNS, candidate.signs, strict=True))
    part = candidate.above or signs["inner"] or (signs["unit after"] and signs["words after"])
    return Relation.CHILD if part or _elsewhere(candidate, seen, index) else Relation.SAME


def _elsewhere(candidate: Candidate, seen: Seen, index: Index) -> bool:
    """Whether a town of the same country, but not the seat, follows the name at once, as in "Institute X, Shenzhen"."""
    cities = index.cities[candidate.organisation].split("|")
    country = index.countries[candidate.organisation]
    return any(
        mention.start == candidate.span.end and country in mention.codes and mention.form not in cities
        for mention in seen.places.towns
        if cities != [""]
    )


def _explanation(found: Found, index: Index) -> list[str]:
    chosen, left, seen = found.chosen, found.left, found.seen
    lines = [_line(probability, candidate, seen, index) for probability, candidate in chosen[:_EXPLAINED]]
    if not seen.candidates:
        lines.append("no name of a known institution, nor one like it, stands in the text")
    elif not chosen:
        best, candidate = left[0]
        likeliest = index.names[candidate.organisation]
        lines.append(f"abstained: the likeliest is {likeliest} with {best:.2f}, below {found.limit:.2f}")
        if len(left) > 1 and best - left[1][0] < _UNSURE_GAP and left[1][1].span == candidate.span:
            lines.append("several institutions bear this name, and the text does not tell which is meant")
    if len(found.query) > LIMIT:
        lines.append(f"only the first {LIMIT:,} characters were read")
    return lines


def _line(probability: float, candidate: Candidate, seen: Seen, index: Index) -> str:
    signs = dict(zip(SIGNS, candidate.signs, strict=True))
    written = seen.text.written(candidate.span.start, candidate.span.end)
    name = index.names[candidate.organisation]
    how = "is an acronym of" if candidate.kind == ACRONYM else "is a name of"
    if candidate.span.likeness < 1:
        how = f"is {candidate.span.likeness:.0%} like a name of"
    if candidate.above:
        how = "names a part of"
    source = index.sources[candidate.organisation]
    words = [f"{written!r} {how} {name} ({probability:.2f})"]
    words += [text for sign, text in _SAID if signs[sign]]
    words += [f"source: {source}"] if source else []
    return "; ".join(words)


_SAID: Sequence[tuple[str, str]] = (
    ("country agrees", "the country fits"),
    ("country differs", "the written country is another"),
    ("town agrees", "the town fits"),
    ("town differs", "the written town lies elsewhere"),
    ("best owner", "several institutions bear this name and the place decides"),
    ("inner", "it stands inside a longer name"),
    ("is above another", "a part of it is named too"),
    ("inactive", "the registry calls it inactive"),
)
