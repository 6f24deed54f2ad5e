"""Take names apart once and compare them over every channel in which both can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from vedette.names import explaining, organizations, persons
from vedette.names.calibration import crossing_score, korean_score, mandarin_score, words_score
from vedette.names.crossing.comparing import cross
from vedette.names.crossing.signs import SCRIPTS
from vedette.names.folding import clean, cut, fold, form
from vedette.names.glossary import full, generic
from vedette.names.han import japanese, mandarin
from vedette.names.han.characters import is_han, plain
from vedette.names.korean.model import syllable_model
from vedette.names.korean.reading import Reading, read
from vedette.names.korean.scoring import Agreement, best
from vedette.names.model import Analysed, Comparison, Kind
from vedette.names.scripts import VOWELLESS, script_of
from vedette.names.tokens import joined_likeness
from vedette.names.words import generation, person_tokens

_OTHER_GENERATION = 0.62
_ABDUL = re.compile(r"^abd[aeiou]l+$")


@lru_cache(maxsize=65536)
def analyse(text: str, kind: Kind = "unknown") -> Analysed:
    """Take a name apart; cached, and cheap to compare many times.

    >>> analyse("Kim Jong Un", "person").tokens
    ('kim', 'jong', 'un')
    """
    tidy = clean(text)
    tokens = person_tokens(text)
    script = script_of(tidy)
    words = None if kind == "person" else organizations.words_of(tidy)
    personal = kind != "organization" and len(tokens) <= 6
    han = "".join(char for char in plain(tidy) if is_han(char)) if script == "han" else ""
    return Analysed(
        text=text,
        kind=_kind(kind, tokens, words is not None and bool(words.forms or words.native)),
        folded=fold(text),
        form=form(text),
        tokens=tokens,
        script=script,
        korean=_korean(tidy, tokens) if personal else (),
        mandarin=_mandarin(script, han, tokens) if personal else (),
        han=han,
        words=words,
    )


def _kind(kind: Kind, tokens: tuple[str, ...], formed: bool) -> Kind:
    """An unknown name that holds a legal form or a word such as "bank" is taken as an organisation's."""
    if kind != "unknown":
        return kind
    return "organization" if formed or any(full(token) in generic() for token in tokens) else "unknown"


def _korean(text: str, tokens: tuple[str, ...]) -> tuple[Reading, ...]:
    """Korean readings with and without honorifics: "Hon" may be a title or a syllable."""
    found = read(syllable_model(), text)
    if len(fold(text).split()) == len(tokens):
        return found
    return tuple(dict.fromkeys((*read(syllable_model(), " ".join(tokens)), *found)))


def _mandarin(script: str, han: str, tokens: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    if script == "han":
        return mandarin.of_han(han)
    return mandarin.of_latin(tokens) if script == "latin" else ()


def compare(left: str | Analysed, right: str | Analysed, kind: Kind = "unknown") -> Comparison:
    """Say how much two written names speak for one bearer, over the channel that speaks best.

    >>> compare("김정은", "Kim Jong Un", "person").score > 0.7
    True
    """
    one = analyse(left, kind) if isinstance(left, str) else left
    two = analyse(right, kind) if isinstance(right, str) else right
    if (two.form, two.text) < (one.form, one.text):
        one, two = two, one  # both orders of a pair get one answer
    found = _compared(one, two)
    long = [name for name in (one, two) if cut(name.text)]
    return replace(found, explanation=(*found.explanation, *map(explaining.shortened, long))) if long else found


def _compared(one: Analysed, two: Analysed) -> Comparison:
    if not one.form or not two.form:
        return Comparison(0.0, 0.0, (explaining.nothing(one if not one.form else two),))
    if one.form == two.form:
        return _same(one, two)
    if "organization" in (one.kind, two.kind) and one.words and two.words:
        return _organizations(one, two)
    return _apart(one, two, _persons(one, two))


def _apart(one: Analysed, two: Analysed, found: Comparison) -> Comparison:
    """Junior and senior are two persons, whatever else agrees."""
    first, second = generation(one.text), generation(two.text)
    if not first or not second or first == second or found.score < _OTHER_GENERATION:
        return found
    return replace(
        found,
        score=_OTHER_GENERATION,
        bits=found.bits - 6.0,
        explanation=(*found.explanation, explaining.generations(first, second)),
    )


def _same(one: Analysed, two: Analysed) -> Comparison:
    found = _syllables(one, two)
    bits = found.bits if found else persons.compare_tokens(one.tokens, two.tokens).bits
    return Comparison(1.0, bits, explaining.same(one, two, bits), "same")


def _syllables(one: Analysed, two: Analysed) -> Agreement | None:
    return best(syllable_model(), one.korean, two.korean) if one.korean and two.korean else None


def _persons(one: Analysed, two: Analysed) -> Comparison:
    found = _syllables(one, two)
    syllables = (
        Comparison(korean_score(found), found.bits, explaining.korean(one, two, found), "korean") if found else None
    )
    if syllables and found and _settled(one, two, found):
        return syllables
    han = _han(one, two)
    options = [option for option in (syllables, han, _spelt(one, two, found, han)) if option]
    if not options:
        return Comparison(
            0.0, 0.0, (f"{explaining.quoted(one)} and {explaining.quoted(two)} cannot be read in one common script",)
        )
    return max(options, key=lambda option: option.score)


def _spelt(one: Analysed, two: Analysed, syllables: Agreement | None, han: Comparison | None) -> Comparison | None:
    """Word by word: through the channel of two scripts where there is one, else as folded."""
    if one.script in SCRIPTS and two.script == "latin":
        one, two = two, one
    if one.script != "latin" or two.script not in SCRIPTS:
        return None if one.han or two.han else _written(one, two, syllables)
    if two.han and len(one.tokens) > 1 and (syllables or han):
        return None  # a Latin name that reads as Korean, Mandarin or Japanese is compared as such
    native = tuple(two.form.split())
    found = cross(_bare(one.tokens) if two.script == "arabic" else one.tokens, native, two.script)
    if found is None:
        return None if two.han else _written(one, two, syllables)
    bits = min(found.bits, syllables.bits) if syllables and found.evidence > 0.0 else found.bits
    return Comparison(crossing_score(found.evidence), bits, explaining.tokens(one, two, found.alignment), "across")


def _settled(one: Analysed, two: Analysed, found: Agreement) -> bool:
    """Whether the Korean reading alone decides: both sides are plain Korean names in Latin, or one is in Hangul."""
    if "hangul" in (one.script, two.script):
        return True
    if one.script != "latin" or two.script != "latin" or "p" in found.left.family[0] + found.right.family[0]:
        return False
    return 2 in (len(found.left.given), len(found.right.given)) and sorted(one.tokens) != sorted(two.tokens)


def _han(one: Analysed, two: Analysed) -> Comparison | None:
    """Han writing against Han writing, or against its Mandarin or Japanese reading."""
    if one.han and two.han:
        same = one.han == two.han
        why = "the same characters, simplified and traditional" if same else "different characters"
        bits = 8.0 * len(one.han) if same else -8.0
        alike = 2.0 * sum(a == b for a, b in zip(one.han, two.han, strict=False)) / (len(one.han) + len(two.han))
        return Comparison(
            0.985 if same else 0.1 + 0.4 * alike,
            bits,
            (f"{explaining.quoted(one)} and {explaining.quoted(two)}: {why}",),
            "han",
        )
    options = [option for option in (_pinyin(one, two), _kanji(one, two), _kanji(two, one)) if option]
    return max(options, key=lambda option: option.score, default=None)


def _pinyin(one: Analysed, two: Analysed) -> Comparison | None:
    found = mandarin.agreement(one.mandarin, two.mandarin) if one.mandarin and two.mandarin else None
    if found is None:
        return None
    bits, first, second = found
    across = bool(one.han or two.han)
    score = mandarin_score(bits, len(first), across=across)
    return Comparison(score, bits, explaining.mandarin(one, two, first, second, bits), "han")


def _kanji(one: Analysed, two: Analysed) -> Comparison | None:
    if not one.han or two.script != "latin" or not 2 <= len(two.tokens) <= 3:
        return None
    for order in (two.tokens, two.tokens[::-1]):
        size = japanese.reads(one.han, "".join(order))
        if size >= 3:
            bits = 4.0 * size
            return Comparison(min(0.7 + 0.03 * size, 0.9), bits, explaining.japanese(one, two, bits), "han")
    return None


def _written(one: Analysed, two: Analysed, syllables: Agreement | None) -> Comparison:
    vowelless = one.script != two.script and bool({one.script, two.script} & VOWELLESS)
    first, second = one.tokens, two.tokens
    if vowelless:
        first, second = _bare(first), _bare(second)
    found = persons.compare_tokens(first, second, across=one.script != two.script, vowelless=vowelless)
    bits = min(found.bits, syllables.bits) if syllables and found.score > 0.9 else found.bits
    whole = joined_likeness(first, second) if vowelless else 0.0
    if whole > found.score:
        return Comparison(
            whole, max(bits, 12.0), (*explaining.tokens(one, two, found.alignment), explaining.CONSONANTS)
        )
    partial = bool(found.alignment.left_over or found.alignment.right_over)
    score = words_score(found.score, bits, across=one.script != two.script, partial=partial)
    return Comparison(score, bits, explaining.tokens(one, two, found.alignment, persons.worth))


def _bare(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Tokens for a comparison of consonants: without articles, "abdul" as "abd"."""
    kept = tuple("abd" if _ABDUL.match(token) else token for token in tokens if token not in ("al", "el", "ul"))
    return kept or tokens


def _organizations(one: Analysed, two: Analysed) -> Comparison:
    assert one.words and two.words
    score, found = organizations.compare_words(one.words, two.words)
    bits = organizations.bits(found)
    why = explaining.tokens(one, two, found, organizations.worth)
    why += tuple(explaining.translated(name) for name in (one, two) if name.words and name.words.translated)
    if one.words.forms != two.words.forms:
        why += (explaining.forms(one.words.forms, two.words.forms),)
    short = organizations.acronym(one.words, two.words)
    if short and score < 0.75:
        name = two if one.words.content == (short,) else one
        return Comparison(0.72, 3.0 * len(short) - 3.0, (why[0], explaining.acronym(short, name)), "organization")
    objection = organizations.objection(found, translated=one.words.translated or two.words.translated)
    why += (explaining.held(objection),) if objection and score < 0.7 else ()
    return Comparison(words_score(score, bits, across=one.script != two.script), bits, why, "organization")
