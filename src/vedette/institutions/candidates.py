"""The organisations that a text may mean, each with the measured signs for and against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from math import log2

from vedette.institutions import near as likeness
from vedette.institutions.index import (
    ACRONYM,
    ACTIVE,
    COMPANY,
    EDUCATION,
    FACILITY,
    HEALTH,
    NAME,
    SHORT,
    SHOWN,
    Index,
    literal_mark,
)
from vedette.institutions.places import Mention, Places, find, speaks
from vedette.institutions.spans import Span, exact, inner
from vedette.institutions.words import Text, read

SIGNS = (
    *("bias", "shown name", "short name", "acronym", "near", "likeness", "likeness squared", "inner", "above"),
    *(
        "bits",
        "near bits",
        "one word",
        "one short word",
        "one of many words",
        "generic",
        "owners",
        "best owner",
        "tied owner",
    ),
    *("letter by letter", "larger than rivals", "smaller than rivals", "size"),
    *(
        "country agrees",
        "country differs",
        "region agrees",
        "region differs",
        "town agrees",
        "town in name",
        "town differs",
    ),
    *("acronym with place", "fills segment", "words before", "words after", "unit after", "unit before"),
    *("first name", "last name", "names", "other stronger", "university elsewhere", "part of university elsewhere"),
    *("is above another", "is below another", "inactive", "company", "education", "health", "facility"),
    "named twice",
)
_NOTHING = (0.0,) * len(SIGNS)
_MOST_OWNERS = 6
_TELLING = 8.0
_UNITS = frozenset(
    "department school faculty division hospital center institute laboratory college clinic group campus branch".split()
)


@dataclass(slots=True)
class Candidate:
    """One organisation at one place of the text; ``signs`` are the values of SIGNS."""

    organisation: int
    span: Span
    kind: int
    owners: int
    signs: list[float] = field(default_factory=list)
    above: bool = False
    twice: bool = False
    place: float = 0.0
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """A text with what was found in it."""

    text: Text
    places: Places
    spans: tuple[Span, ...]
    candidates: tuple[Candidate, ...]


def look(query: str, index: Index) -> Seen:
    """Find every organisation that the text may mean."""
    text = read(query)
    places = find(text, index)
    named = {(mention.start, mention.end) for mention in (*places.countries, *places.regions)}
    whole = [span for span in exact(text, index) if (span.start, span.end) not in named]
    inside = inner(text, index, whole)
    nearly = likeness.near(text, index, whole, {place for start, end in named for place in range(start, end)})
    found: dict[int, Candidate] = {}
    for span in (*whole, *inside, *nearly):
        for candidate in _owners(span, index, text, places):
            known = found.get(candidate.organisation)
            if known is not None:
                twice = known.twice or span.end <= known.span.start or span.start >= known.span.end
                known.twice = candidate.twice = twice
            if known is None or _better(candidate, known):
                found[candidate.organisation] = candidate
    chosen = list(found.values())
    _raise_parents(chosen, found, index)
    sums = tuple(accumulate(map(index.weight, text.tokens), initial=0.0))
    _measure(_Scene(text, places, tuple(whole), frozenset(inside), tuple(chosen), index, sums))
    return Seen(text, places, (*whole, *inside, *nearly), tuple(chosen))


def _better(one: Candidate, other: Candidate) -> bool:
    """Exact before near, then the longer name."""
    return (one.span.likeness, one.span.end - one.span.start) > (
        other.span.likeness,
        other.span.end - other.span.start,
    )


def _owners(span: Span, index: Index, text: Text, places: Places) -> list[Candidate]:
    """The organisations of a form, those whose place the text names first, and not too many of them."""
    owners = index.owners(span.form)
    found = []
    for organisation, kind in owners:
        if kind == ACRONYM and not text.capital[span.start] and span.end - span.start == 1:
            continue
        place = _place(organisation, span, index, places)
        found.append(Candidate(organisation, span, kind, len(owners), place=place))
    found.sort(key=lambda item: (-item.place, item.kind))
    return found[:_MOST_OWNERS]


def _place(organisation: int, span: Span, index: Index, places: Places) -> float:
    """How well the written places fit the organisation's seat."""
    country = index.countries[organisation]
    written = {code for mention in places.countries if not _within(mention, span) for code in mention.codes}
    cities = index.cities[organisation].split("|")
    fit = 2.0 * (country in written) - 2.0 * (bool(written - {"Korea"}) and country not in written)
    for mention in (*places.regions, *places.towns):
        fit += 0.5 * (country in mention.codes and not _within(mention, span))
    if any(mention.form in cities and not _within(mention, span) for mention in places.towns):
        fit += 1.5
    return fit


def _within(mention: Mention, span: Span) -> bool:
    """Whether a place is only a word of the name."""
    return span.start <= mention.start and mention.end <= span.end


def _raise_parents(chosen: list[Candidate], found: dict[int, Candidate], index: Index) -> None:
    """The organisations right above an exactly named one are considered too: a text that names a part may mean the whole."""
    for candidate in list(chosen):
        if candidate.span.likeness < 1 or candidate.kind == ACRONYM or candidate.span.end - candidate.span.start < 2:
            continue
        start, end = index.parent_starts[candidate.organisation], index.parent_starts[candidate.organisation + 1]
        for parent in index.parents[start:end].tolist():
            if parent not in found:
                found[parent] = Candidate(parent, candidate.span, NAME, 1, above=True, place=candidate.place)
                chosen.append(found[parent])


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that the signs of one candidate are measured against."""

    text: Text
    places: Places
    whole: tuple[Span, ...]
    inside: frozenset[Span]
    chosen: tuple[Candidate, ...]
    index: Index
    sums: tuple[float, ...]

    def bits(self, span: Span) -> float:
        """How much the written words of a span tell."""
        return self.sums[span.end] - self.sums[span.start]


Signs = dict[str, float]


def _measure(scene: _Scene) -> None:
    """Give every candidate its signs."""
    index = scene.index
    telling = [span for span in scene.whole if scene.bits(span) > _TELLING]
    strong = [
        c
        for c in scene.chosen
        if c.span.likeness == 1 and not c.above and c.span.end - c.span.start > 1 and c.place >= 0
    ]
    above = {c.organisation: index.ancestors(c.organisation) for c in scene.chosen}
    peers: dict[tuple[int, int], list[Candidate]] = {}
    for c in scene.chosen:
        if not c.above:
            peers.setdefault((c.span.start, c.span.end), []).append(c)
    for c in scene.chosen:
        signs: Signs = {"bias": 1.0}
        _name_signs(scene, c, signs)
        _peer_signs(scene, c, peers.get((c.span.start, c.span.end), []), signs)
        _place_signs(scene, c, signs)
        _stretch_signs(scene.text, c.span, signs)
        _other_signs(c, telling, strong, above, index, signs)
        _kind_signs(c, index, signs)
        signs["named twice"] = float(c.twice)
        signs["acronym with place"] = float(c.kind == ACRONYM and c.place > 0)
        c.signs = list(map(signs.get, SIGNS, _NOTHING))


def _name_signs(scene: _Scene, c: Candidate, signs: Signs) -> None:
    span, index = c.span, scene.index
    bits = min(scene.bits(span), 40) / 10
    near = float(span.likeness < 1)
    one = span.end - span.start == 1
    signs["shown name"] = float(c.kind == SHOWN)
    signs["short name"] = float(c.kind == SHORT)
    signs["acronym"] = float(c.kind == ACRONYM)
    signs["near"] = near
    signs["likeness"] = (1 - span.likeness) * 5
    signs["likeness squared"] = signs["likeness"] ** 2
    signs["inner"] = float(span in scene.inside)
    signs["above"] = float(c.above)
    signs["bits"] = bits
    signs["near bits"] = near * bits
    signs["one word"] = float(one)
    signs["one short word"] = float(one and len(scene.text.tokens[span.start]) <= 4)
    signs["generic"] = max(0.0, 9 - index.telling(span.form)) / 3
    written = scene.text.written(span.start, span.end)
    signs["letter by letter"] = float(literal_mark(written, c.organisation) in index.literal)


def _peer_signs(scene: _Scene, c: Candidate, peers: list[Candidate], signs: Signs) -> None:
    """Against the other organisations of the same words: who fits the places, who is the larger."""
    own = [p for p in peers if p.span.form == c.span.form]
    best = max((p.place for p in own), default=c.place)
    size = scene.index.size
    rivals = [int(size[p.organisation]) for p in peers if p.organisation != c.organisation and p.place >= c.place]
    mine = int(size[c.organisation])
    signs["owners"] = log2(c.owners)
    signs["best owner"] = float(len(own) > 1 and c.place == best and sum(p.place == best for p in own) == 1)
    signs["tied owner"] = log2(max(1, sum(p.place == best for p in own))) if c.place == best else 3.0
    signs["larger than rivals"] = float(bool(rivals) and mine > max(rivals))
    signs["smaller than rivals"] = log2((max(rivals) + 1) / (mine + 1)) if rivals and max(rivals) > mine else 0.0
    signs["size"] = log2(1 + mine) / 3


def _place_signs(scene: _Scene, c: Candidate, signs: Signs) -> None:
    index, places = scene.index, scene.places
    country = index.countries[c.organisation]
    codes = {code for m in places.countries if not _within(m, c.span) for code in m.codes}
    regions = {code for m in places.regions if not _within(m, c.span) for code in m.codes}
    cities = set(index.cities[c.organisation].split("|"))
    outer = [m for m in places.towns if not _within(m, c.span)]
    agrees = any(m.form in cities for m in outer)
    spoken = {speaks(m) for m in outer} - {""}
    signs["country agrees"] = float(country in codes)
    signs["country differs"] = float(bool(codes - {"Korea"}) and country not in codes)
    signs["region agrees"] = float(country in regions)
    signs["region differs"] = float(bool(regions) and country not in regions and country not in codes)
    signs["town agrees"] = float(agrees)
    signs["town in name"] = float(any(m.form in cities for m in places.towns if _within(m, c.span)))
    signs["town differs"] = float(bool(spoken) and country not in spoken and not agrees)


def _stretch_signs(text: Text, span: Span, signs: Signs) -> None:
    """What stands beside the name between the same commas; numbers aside."""
    segment = text.segments
    before = [
        text.tokens[place]
        for place in range(max(0, span.start - 8), span.start)
        if segment[place] == segment[span.start] and not text.tokens[place].isdigit()
    ]
    after = [
        text.tokens[place]
        for place in range(span.end, min(len(segment), span.end + 8))
        if segment[place] == segment[span.end - 1] and not text.tokens[place].isdigit()
    ]
    signs["fills segment"] = float(not before and not after)
    signs["words before"] = min(len(before), 6) / 3
    signs["words after"] = min(len(after), 6) / 3
    signs["unit before"] = float(not _UNITS.isdisjoint(before))
    signs["unit after"] = float(not _UNITS.isdisjoint(after))
    signs["one of many words"] = float(span.end - span.start == 1 and len(before) + len(after) >= 2)


def _other_signs(
    c: Candidate, telling: list[Span], strong: list[Candidate], above: dict[int, set[int]], index: Index, signs: Signs
) -> None:
    span = c.span
    others = [other for other in telling if other.end <= span.start or other.start >= span.end]
    rivals = [other for other in strong if other.organisation != c.organisation]
    apart = [other for other in rivals if other.span.end <= span.start or other.span.start >= span.end]
    university = any(index.flags[other.organisation] & EDUCATION for other in apart)
    signs["first name"] = float(not any(other.start < span.start for other in others))
    signs["last name"] = float(not any(other.start > span.start for other in others))
    signs["names"] = min(len(others), 4) / 2
    signs["other stronger"] = float(bool(apart) and (span.likeness < 1 or span.end - span.start == 1))
    signs["university elsewhere"] = float(university)
    signs["part of university elsewhere"] = float(university and not index.flags[c.organisation] & EDUCATION)
    signs["is above another"] = float(any(c.organisation in above[other.organisation] for other in rivals))
    signs["is below another"] = float(any(other.organisation in above[c.organisation] for other in rivals))


def _kind_signs(c: Candidate, index: Index, signs: Signs) -> None:
    flags = int(index.flags[c.organisation])
    signs["inactive"] = float(not flags & ACTIVE)
    signs["company"] = float(bool(flags & COMPANY))
    signs["education"] = float(bool(flags & EDUCATION))
    signs["health"] = float(bool(flags & HEALTH))
    signs["facility"] = float(bool(flags & FACILITY))
