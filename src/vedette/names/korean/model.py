"""What a written syllable says about the Hangul syllable behind it: distributions learnt from counts and rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import log2

from vedette.names.edits import one_edit
from vedette.names.han.characters import table as characters
from vedette.names.korean.letters import compose, decompose, northern, southern
from vedette.names.korean.writing import Inverse, Table, cyrillic_tables, latin_tables
from vedette.names.tables import rows
from vedette.names.weighing import Weighed

Counts = Mapping[str, Mapping[str, int]]
Distribution = Mapping[str, float]

_PRIOR_WEIGHT = 120.0
_OWN_COUNTS = 4.0
_LEARNT = 0.8
_LAW = 0.12
_FLOORS = (-4.5, -4.5, -7.0, -9.0)
_FAMILY_FLOOR = -8.0
_SLIP_BITS = 13.0  # a slip at all, at this letter, to that letter
_SLIP_MOST = 4.0
_IN_USE = 5e-4
_SUREST = 0.97  # a spelling is never surer than the hand that wrote it


class SyllableModel:
    """Readings of signs. A sign is a script mark and a written syllable: ``l`` Latin, ``h`` Hangul, ``c`` Cyrillic,
    ``j`` Hanja read in Korean, ``p`` pinyin of Hanja; for example ``ljong``, ``h종``, ``j鐘``, ``pzhong``."""

    def __init__(self, surnames: Counts, given: Counts) -> None:
        self._counts = given
        self._prior = _prior(given)
        self._rules = Inverse(latin_tables())
        self._learnt = Inverse(_learnt_tables(given, latin_tables()))
        self._cyrillic = Inverse(cyrillic_tables())
        self._spelt: dict[str, dict[str, int]] = defaultdict(dict)
        for char, row in given.items():
            for spelling, number in row.items():
                self._spelt[spelling][char] = number
        self._family_counts = surnames
        self.families = _families()
        self._family_totals = {name: sum(surnames.get(name, {}).values()) for name in self.families}
        self._bearers = self._written_so()
        self._given: dict[str, Distribution] = {}
        self._family: dict[str, Distribution] = {}
        self._pairs: dict[tuple[str, str], Weighed] = {}
        self._family_pairs: dict[tuple[str, str], Weighed] = {}
        self._chances: dict[str, float] = {}
        self._family_chances: dict[str, float] = {}

    # -- given syllables ---------------------------------------------------------------------------------------------

    def prior(self, char: str) -> float:
        """P(syllable) in given names."""
        return self._prior.chance(char)

    def spelling_chances(self, piece: str) -> dict[str, float]:
        """Syllable -> P(Latin piece | syllable), learnt counts over letter rules."""
        rule, letters, counted = self._rules.syllables(piece), self._learnt.syllables(piece), self._spelt.get(piece, {})
        found: dict[str, float] = {}
        for char in {*rule, *letters, *counted}:
            own = self._counts.get(char, {})
            total = sum(own.values())
            learnt = (counted.get(char, 0) + _OWN_COUNTS * letters.get(char, 0.0)) / (total + _OWN_COUNTS)
            found[char] = _LEARNT * learnt + (1 - _LEARNT) * rule.get(char, 0.0)
        for char in tuple(found):
            for north in northern(char):
                found[north] = found.get(north, 0.0) + _LAW * found[char]
        return found

    def _chances_of(self, sign: str) -> Mapping[str, float]:
        mark, piece = sign[0], sign[1:]
        if mark == "l":
            return self.spelling_chances(piece)
        if mark == "c":
            return self._cyrillic.syllables(piece)
        if mark == "h":
            return {
                piece: 1.0,
                **{north: _LAW for north in northern(piece)},
                southern(piece): 1.0 if southern(piece) == piece else _LAW,
            }
        return _hanja_chances(piece) if mark == "j" else _pinyin_chances(piece)

    def given(self, sign: str) -> Distribution:
        """P(syllable | sign) in a given name; empty where the sign is no Korean syllable."""
        known = self._given.get(sign)
        if known is None:
            joint = {char: chance * self.prior(char) for char, chance in self._chances_of(sign).items()}
            total = sum(joint.values())
            self._chances[sign] = total
            known = {char: weight / total for char, weight in joint.items() if weight > total * 1e-5} if total else {}
            self._given[sign] = known
        return known

    def chance(self, sign: str) -> float:
        """P(sign) among given syllables of its script; 0 where it is none."""
        self.given(sign)
        return self._chances[sign]

    def agreement(self, left: str, right: str) -> Weighed:
        """Bits for "the same syllable" and the odds of it, both log2; a floor where two signs clash."""
        pair = (left, right)
        known = self._pairs.get(pair)
        if known is None:
            first, second = self.given(left), self.given(right)
            bits, same = _agreement(first, second, self.prior)
            bits = max(bits, _floor(first, second))
            if left[0] == right[0] == "l":
                bits = max(bits, slip_bits(left, right, self._chances[left], self._chances[right]))
            known = self._pairs[pair] = Weighed(bits, bits - log2(1.0 - min(same, _SUREST)))
        return known

    def bits(self, left: str, right: str) -> float:
        """log2 likelihood ratio of "the same syllable" for two signs of given syllables; a floor where they clash."""
        return self.agreement(left, right).bits

    # -- family names ------------------------------------------------------------------------------------------------

    def _written_so(self) -> Mapping[str, frozenset[int]]:
        """Which family names, by their place, a table gives for a script's mark and a written piece; ``f`` marks forms."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, (name, row) in enumerate(self.families.items()):
            pieces = {
                "l": {*row.latin, *self._family_counts.get(name, {})},
                "j": row.hanja,
                "p": row.pinyin,
                "f": row.forms,
            }
            for mark, written in pieces.items():
                for piece in written:
                    found[mark + piece].add(place)
        return {sign: frozenset(places) for sign, places in found.items()}

    def _family_chances_of(self, sign: str) -> Iterator[tuple[str, float]]:
        mark, piece = sign[0], sign[1:]
        ruled = self._rules.syllables(piece) if mark == "l" else self._cyrillic.syllables(piece) if mark == "c" else {}
        written = self._bearers.get("f" + piece if mark == "h" else sign, frozenset())
        names = tuple(self.families)
        for place in sorted(written.union(*(self._bearers.get("f" + form, ()) for form in ruled))):
            row = self.families[names[place]]
            chance = self._family_chance_of(names[place], mark, piece, max(ruled.get(form, 0.0) for form in row.forms))
            if chance:
                yield names[place], chance * row.share

    def _family_chance_of(self, name: str, mark: str, piece: str, by_rule: float) -> float:
        """P(piece | family name)."""
        row = self.families[name]
        if mark == "l":
            usual = row.latin.get(piece, 0.0)
            counted = (self._family_counts.get(name, {}).get(piece, 0) + 3.0 * usual) / (
                self._family_totals[name] + 3.0
            )
            return 0.45 * counted + 0.3 * usual + 0.25 * by_rule
        if mark == "h":
            return 1.0
        return by_rule if mark == "c" else row.hanja.get(piece, 0.0) if mark == "j" else row.pinyin.get(piece, 0.0)

    def family(self, sign: str) -> Distribution:
        """P(family name | sign), family names as the South writes them; empty where the sign is none."""
        known = self._family.get(sign)
        if known is None:
            joint = dict(self._family_chances_of(sign))
            total = self._family_chances[sign] = sum(joint.values())
            known = {name: weight / total for name, weight in joint.items() if weight > total * 1e-4} if total else {}
            self._family[sign] = known
        return known

    def family_chance(self, sign: str) -> float:
        """P(sign) among family names of its script; 0 where it is none."""
        self.family(sign)
        return self._family_chances[sign]

    def family_agreement(self, left: str, right: str) -> Weighed:
        """The same as ``agreement`` for family names."""
        pair = (left, right)
        known = self._family_pairs.get(pair)
        if known is None:
            bits, same = _agreement(self.family(left), self.family(right), self._share)
            bits = max(bits, _FAMILY_FLOOR)
            known = self._family_pairs[pair] = Weighed(bits, bits - log2(1.0 - min(same, _SUREST)))
        return known

    def family_bits(self, left: str, right: str) -> float:
        """The same as ``bits`` for family names."""
        return self.family_agreement(left, right).bits

    def _share(self, name: str) -> float:
        return self.families[name].share


def _agreement(first: Distribution, second: Distribution, prior: Callable[[str], float]) -> tuple[float, float]:
    """log2 likelihood ratio of one origin against two chosen by chance, and the chance that both are one and the same."""
    if len(second) < len(first):
        first, second = second, first
    ratio = same = 0.0
    for char, chance in first.items():
        if char in second:
            both = chance * second[char]
            same += both
            ratio += both / prior(char)
    return (log2(ratio) if ratio > 0 else -99.0), same


class _prior:
    """P(syllable) in given names: counts over the product of letter frequencies."""

    def __init__(self, given: Counts) -> None:
        self._counts = {char: sum(row.values()) for char, row in given.items()}
        self._total = sum(self._counts.values())
        letters: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
        for char, number in self._counts.items():
            for place, letter in zip(letters, decompose(char), strict=True):
                place[letter] += number
        self._letters = letters
        self._sizes = (19, 21, 28)

    def chance(self, char: str) -> float:
        """Never zero."""
        backoff = 1.0
        for place, letter, size in zip(self._letters, decompose(char), self._sizes, strict=True):
            backoff *= (place[letter] + 2.0) / (self._total + 2.0 * size)
        return (self._counts.get(char, 0) + _PRIOR_WEIGHT * backoff) / (self._total + _PRIOR_WEIGHT)


class Family:
    """One family name: the Hangul forms that the initial-sound law merges, its share, its spellings and Hanja."""

    __slots__ = ("forms", "hanja", "latin", "pinyin", "share")

    def __init__(self, name: str, bearers: int, latin: list[str], hanja: list[str]) -> None:
        self.forms = (name, *northern(name)) if len(name) == 1 else (name,)
        self.share = bearers / 10_500
        self.latin = _ranked(latin)
        self.hanja = _ranked(hanja)
        pinyin: Counter[str] = Counter()
        for text, weight in _ranked(hanja).items():
            known = [characters()[char] for char in text if char in characters()]
            pinyin["".join(char.pinyin[0] for char in known)] += weight  # type: ignore[assignment]  # weights are shares
            simple = "".join(char.plain for char in known)
            self.hanja.setdefault(simple, weight)
        self.pinyin = dict(pinyin)


def _ranked(items: list[str]) -> dict[str, float]:
    """Weights that fall with rank and sum to one."""
    raw = {item: 0.5**rank for rank, item in enumerate(items)}
    total = sum(raw.values()) or 1.0
    return {item: weight / total for item, weight in raw.items()}


@lru_cache(maxsize=1)
def _families() -> dict[str, Family]:
    return {
        name: Family(name, int(number), latin.split(), hanja.split())
        for name, number, latin, hanja in rows("korean_surnames.tsv")
    }


def _learnt_tables(given: Counts, rules: tuple[Table, Table, Table, Table]) -> tuple[Table, Table, Table, Table]:
    """Letter tables with counts learnt from syllables, the rules as pseudo-counts."""
    seen: tuple[defaultdict[str, Counter[str]], ...] = tuple(defaultdict(Counter) for _ in range(4))
    for char, row in given.items():
        initial, vowel, final = decompose(char)
        for spelling, number in row.items():
            cut = _parse(spelling)
            if cut:
                seen[0][initial][cut[0]] += number
                seen[2 if initial == "ㅇ" else 1][vowel][cut[1]] += number
                seen[3][final][cut[2]] += number
    return tuple(_smoothed(counts, rule) for counts, rule in zip(seen, rules, strict=True))  # type: ignore[return-value]


def _smoothed(counts: Mapping[str, Counter[str]], rule: Table) -> Table:
    table = {}
    for letter, row in rule.items():
        own = counts.get(letter, Counter())
        total = sum(own.values()) + 20.0
        names = {*row, *(name for name, number in own.items() if number >= 5)}
        table[letter] = {name: (own.get(name, 0) + 20.0 * row.get(name, 0.0)) / total for name in names}
    return table


def _parse(spelling: str) -> tuple[str, str, str] | None:
    start = 0
    while start < len(spelling) and spelling[start] not in "aeiouwyŏŭ":
        start += 1
    end = start
    while end < len(spelling) and spelling[end] in "aeiouwyŏŭ":
        end += 1
    return (spelling[:start], spelling[start:end], spelling[end:]) if end > start else None


def slip_bits(left: str, right: str, one: float, two: float) -> float:
    """Bits where a Latin syllable in use may be the other with one slip of the keyboard, being hardly a syllable itself."""
    if not one or not two or max(one, two) < _IN_USE or not one_edit(left, right):
        return _FLOORS[3]
    return min(-_SLIP_BITS - log2(min(one, two)), _SLIP_MOST)


def _floor(first: Distribution, second: Distribution) -> float:
    """Bits for clashing syllables: a slip in one letter costs less than another syllable."""
    if not first or not second:
        return _FLOORS[3]
    one, two = decompose(max(first, key=first.__getitem__)), decompose(max(second, key=second.__getitem__))
    return _FLOORS[sum(a != b for a, b in zip(one, two, strict=True))]


@lru_cache(maxsize=1)
def _named() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """How many characters of Korean names a Hangul syllable has, and how many of them a pinyin syllable has."""
    sizes: Counter[str] = Counter()
    shared: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for char in characters().values():
        if char.named and char.hangul and char.pinyin and char.plain == char.char:
            sizes[char.hangul[0]] += 1 + char.frequency
            shared[char.pinyin[0]][char.hangul[0]] += 1 + char.frequency
    return dict(sizes), {pinyin: dict(row) for pinyin, row in shared.items()}


def _pinyin_chances(piece: str) -> dict[str, float]:
    sizes, shared = _named()
    return {char: number / sizes[char] for char, number in shared.get(piece, {}).items()}


def _hanja_chances(piece: str) -> dict[str, float]:
    entry = characters().get(piece)
    found: dict[str, float] = {}
    for char in entry.hangul if entry else ():
        for form in (char, southern(char), *northern(char)):
            found[form] = max(found.get(form, 0.0), 1.0 if form == char else 0.3)
    return found


@lru_cache(maxsize=1)
def syllable_model() -> SyllableModel:
    """The model learnt from data/korean_spellings.tsv."""
    counts: dict[str, dict[str, dict[str, int]]] = {"s": {}, "g": {}}
    for mark, char, cells in rows("korean_spellings.tsv"):
        counts[mark][char] = {cell.rsplit(":", 1)[0]: int(cell.rsplit(":", 1)[1]) for cell in cells.split()}
    return SyllableModel(counts["s"], counts["g"])


__all__ = ["SyllableModel", "compose", "syllable_model"]
