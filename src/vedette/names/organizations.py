"""Compare names of organisations: legal forms aside, generic words light, abbreviations, acronyms, native words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from vedette.names.aligning import Alignment, align, join
from vedette.names.folding import fold
from vedette.names.glossary import FILLERS, expand, full, generic, mended, places
from vedette.names.legal import split_forms
from vedette.names.model import Words
from vedette.names.sounds import sound
from vedette.names.tokens import likeness
from vedette.names.translating import across, spread, translate

Tokens = tuple[str, ...]

MOST_WORDS = 24
_EASED = ((0.0, 0.0), (0.4, 0.45), (0.58, 0.71), (0.85, 0.9), (1.0, 1.0))
_GENERIC = 0.3
_CONTRADICTED = 1.25
_OMITTED = 0.6
_OTHER_NUMBER = 0.66
_OTHER_PLACE = 0.6
_OTHER_WORD = 0.68
_LETTERS = frozenset("alpha beta gamma delta epsilon".split())
_SINGLE = re.compile(r"(?<=[A-Za-z])-(?=[A-Za-z]\b)")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]\b\.?")
_BRACKETED = re.compile(r"[(\[]([A-Za-z][A-Za-z.&-]{1,9})[)\]]")
_PLACE = 0.5
_ARTICLES = frozenset({"al", "el", "ul"})
_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth",
    "- ii iii iv - vi vii viii ix",
)
_NUMBERS = {word: str(number) for row in _COUNTED for number, word in enumerate(row.split(), 1)}
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_NO_OWN_WORD = 0.6


def words_of(text: str) -> Words:
    """Take an organisation's name apart."""
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), _SINGLE.sub("", _without_acronym(text)))
    pieces = translate(text)
    tokens = tuple(map(mended, ([word for word, _ in pieces] if pieces else fold(text).split())[:MOST_WORDS]))
    bare, forms = split_forms(tokens)
    if bare[-1:] == ("i",) and len(bare) > 1:
        bare = (*bare[:-1], "1")
    kept = [(word, written) for words, written in expand(_run_together(bare)) for word in words if word not in FILLERS]
    if not kept:
        kept = [(token, token) for token in tokens if token not in FILLERS]
    content = tuple(_number(word) for word, _ in kept)
    natives = {full(word): native for word, native in pieces}
    written = tuple(natives.get(word, written) for word, written in kept)
    return Words(
        content,
        forms,
        _initials(tokens, bare),
        tuple(piece for piece in content if not piece.isascii()),
        written,
        bool(pieces),
    )


def _number(word: str) -> str:
    """A counted word as digits: "third", "iii" and "3rd" as "3"; other words unchanged."""
    return _NUMBERS.get(word) or _ORDINAL.sub(r"\1", word)


def _without_acronym(text: str) -> str:
    """The name without its own acronym in brackets: "Korea Computer Center (KCC)" without "(KCC)"."""
    found = _BRACKETED.search(text)
    if not found:
        return text
    rest = (text[: found.start()] + " " + text[found.end() :]).strip()
    initials = iter("".join(word[0] for word in fold(rest).split()))
    return rest if all(letter in initials for letter in found[1].lower() if letter.isalpha()) else text


def _run_together(tokens: Tokens) -> Tokens:
    """Single letters side by side as one word: "a b c trading" as "abc trading"."""
    found: list[str] = []
    single = False
    for token in tokens:
        letter = len(token) == 1 and token.isalpha() and token.isascii()
        if letter and single:
            found[-1] += token
        else:
            found.append(token)
        single = letter
    return tuple(found)


def _initials(tokens: Tokens, content: Tokens) -> Tokens:
    spoken = [token for token in tokens if token not in FILLERS]
    ways = (tokens, spoken, content, tuple(token for token in content if token not in FILLERS))
    return tuple(dict.fromkeys("".join(word[0] for word in way) for way in ways if len(way) >= 3))


@lru_cache(maxsize=131_072)
def weight(word: str) -> float:
    """How much a word tells: generic words little, the own words of a name most."""
    if word in generic():
        return _GENERIC
    if word in _ARTICLES:
        return 0.15
    if word.isdigit():
        return 1.0
    return _PLACE if len(word) == 1 or word in places() else 1.0


@lru_cache(maxsize=100_000)
def _like(left: str, right: str) -> float:
    return 0.0 if left.isdigit() != right.isdigit() else likeness(left, right)


def compare_words(left: Words, right: Words) -> tuple[float, Alignment]:
    """Score 0..1 before calibration, and the alignment that explains it."""
    translated = left.translated or right.translated
    found = _crossing(left, right) if translated else _alike(left, right)
    score = min(_eased(_agreed(found)), _meaning(found)) if translated else min(_agreed(found), _ceiling(found))
    return score - _form_loss(left.forms, right.forms) - (0.02 if found.crossed and not translated else 0.0), found


def _eased(score: float) -> float:
    """The score of a translation: one word has several translations, so .58 says as much as .7 within one script."""
    (low, at), (high, to) = next(pair for pair in pairwise(_EASED) if score <= pair[1][0])
    return at + (to - at) * (score - low) / (high - low)


def _alike(left: Words, right: Words) -> Alignment:
    """Pairs of words in one script."""
    one, two = _together(left, right), _together(right, left)
    return align(join(one, two), join(two, one), _like)


def _crossing(left: Words, right: Words) -> Alignment:
    """Pairs of words of which one side, or both, is translated; a word that does not pair in English is read by its sound."""
    one, two = left.content, right.content
    found = _paired(one, two)
    again = _paired(_sounded(left, found.left_over), _sounded(right, found.right_over))
    return max((found, again), key=_agreed)


def _paired(one: Tokens, two: Tokens) -> Alignment:
    one, two = spread(one, two)
    two, one = spread(two, one)
    return align(join(one, two), join(two, one), across)


def _sounded(words: Words, over: Tokens) -> Tokens:
    """The content with words that found no counterpart as written in their own script."""
    taken = [written for word, written in zip(words.content, words.written, strict=True) if word not in over]
    found: list[str] = []
    for word, written in zip(words.content, words.written, strict=True):
        native = not written.isascii() and written not in taken
        if not native:
            found.append(word)
        elif found[-1:] != [written]:
            found.append(written)
    return tuple(found)


def _together(words: Words, other: Words) -> Tokens:
    """The content with neighbours joined that the other side writes as one word: "parto system" against "partosystem"."""
    if len(words.written) != len(words.content) or len(words.content) < 2:
        return words.content
    whole = {sound(token) for token in other.written if len(token) > 3}
    found: list[str] = []
    at = 0
    while at < len(words.content):
        pair = "".join(words.written[at : at + 2])
        joined = at + 1 < len(words.content) and len(pair) > 3 and sound(pair) in whole
        found.append(full(pair) if joined else words.content[at])
        at += 2 if joined else 1
    return tuple(found)


def _agreed(found: Alignment) -> float:
    both = agreed = own = 0.0
    for one, two, like in found.pairs:
        together = weight(one) + weight(two)
        both += together
        agreed += like * together
        own = max(own, min(weight(one), weight(two)) * like)
    over_left, over_right = sum(map(weight, found.left_over)), sum(map(weight, found.right_over))
    clash, omitted = min(over_left, over_right), abs(over_left - over_right)
    whole = both + 2 * _CONTRADICTED * clash + _OMITTED * omitted
    score = agreed / whole if whole else 0.0
    if own < 0.45:
        score = min(score, 0.9 if _wholly(found) else _NO_OWN_WORD)
    return score


def _wholly(found: Alignment) -> bool:
    """Whether every word of two names without own words has its counterpart."""
    return (
        not found.left_over
        and not found.right_over
        and bool(found.pairs)
        and min(like for *_, like in found.pairs) >= 0.8
    )


def _ceiling(found: Alignment) -> float:
    """What contradictions leave at most: another number, another place or branch, another own word."""
    left, right = ({_sort(word) for word in side} for side in (found.left_over, found.right_over))
    if "number" in left & right:
        return 0.5
    if "number" in left | right:
        return _OTHER_NUMBER
    if "place" in left & right:
        return _OTHER_PLACE
    if "own" in left & right:
        return _OTHER_WORD
    return _OTHER_WORD if len(found.pairs) <= 2 and "generic" in left & right else 1.0


def _meaning(found: Alignment) -> float:
    """The same where one side is translated: only where no own word agrees does a word of known meaning contradict another."""
    ceiling = _ceiling(found)
    if ceiling < _OTHER_WORD:
        return ceiling
    left, right = (
        [word for word in side if _sort(word) in ("own", "generic")] for side in (found.left_over, found.right_over)
    )
    known = all(word.isascii() for word in (*left, *right))
    named = any(_sort(one) == _sort(two) == "own" for one, two, _ in found.pairs)
    return _OTHER_WORD if left and right and known and not named else 1.0


def _sort(word: str) -> str:
    if word.isdigit() or word in _LETTERS:
        return "number"
    if word in _ARTICLES or len(word) == 1:
        return "letter"
    return "generic" if word in generic() else "place" if word in places() else "own"


def _form_loss(left: frozenset[str], right: frozenset[str]) -> float:
    """What differing legal forms cost: little where one is left out, more where both are written and clash."""
    if left == right:
        return 0.0
    return 0.04 if left and right and not left & right else 0.015


def acronym(left: Words, right: Words) -> str:
    """The acronym by which one name stands for the other, or an empty text."""
    for short, long in ((left, right), (right, left)):
        word = short.content[0] if len(short.content) == 1 else ""
        fits = 3 <= len(word) <= 8 and word.isascii() and len(long.content) >= 3
        if fits and (word in long.initials or (len(word) >= 5 and _chunks(word, long.content))):
            return word
    return ""


def _chunks(word: str, content: Tokens) -> bool:
    """Whether a coined word is made of heads of successive words, as KOMID of KOrea MIning Development."""
    ends = {(0, 0)}
    for token in content:
        more = {
            (at + size, used + 1)
            for at, used in ends
            for size in (1, 2, 3, 4)
            if token[:size] == word[at : at + size] and at + size <= len(word)
        }
        ends = more | {(at, used) for at, used in ends if at}
    return any(at == len(word) and used >= 3 for at, used in ends)


def worth(one: str, two: str, like: float) -> float:
    """Bits of one pair of words: 11 for a word of its own, 4 for others, less what unlike spelling costs."""
    return (11.0 if weight(one) == 1.0 else 4.0) - 14.0 * (1.0 - like)


def bits(found: Alignment) -> float:
    """log2 likelihood ratio: what the pairs of words are worth; clashes and omissions count against."""
    clashes = min(len(found.left_over), len(found.right_over))
    return sum(worth(*pair) for pair in found.pairs) - 6.0 * clashes - abs(len(found.left_over) - len(found.right_over))


def objection(found: Alignment, *, translated: bool) -> str:
    """In words, what keeps the score below the alert; an empty text where nothing does."""
    if not found.pairs:
        return ""
    left, right = ({_sort(word) for word in side} for side in (found.left_over, found.right_over))
    if "number" in left | right:
        return "the numbers differ" if "number" in left & right else "only one name has a number"
    if "place" in left & right:
        return "they name different places"
    if (_meaning if translated else _ceiling)(found) < 1.0:
        return "both have a word that the other lacks"
    return "" if any(weight(one) == 1.0 for one, _, _ in found.pairs) or _wholly(found) else "only general words agree"
