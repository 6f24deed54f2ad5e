"""Sentences for a compliance officer: which two strings, how they were read, what agrees, and how common the name is."""

from __future__ import annotations

from collections.abc import Callable

from vedette.names.aligning import Alignment
from vedette.names.familiar import familiar, variant
from vedette.names.folding import LIMIT
from vedette.names.korean.scoring import Agreement
from vedette.names.model import Analysed
from vedette.names.sounds import sound
from vedette.names.translating import kin

_COMMON = 17.0
Worth = Callable[[str, str, float], float]
CONSONANTS = "Read as one run of consonants, because one script leaves vowels out, the two names agree"


def quoted(name: Analysed) -> str:
    """The string as given, cut to a readable length."""
    text = " ".join(name.text.split())
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"


def korean(left: Analysed, right: Analysed, found: Agreement) -> tuple[str, ...]:
    """How two names agree as Korean syllables."""
    one, two = spoken(found.left.family, found.left.given), spoken(found.right.family, found.right.given)
    agreeing = sum(bits > 0 for bits in (found.family, *found.given))
    size = 1 + len(found.given)
    lines = [
        f"{quoted(left)} read as {one}, {quoted(right)} read as {two}; syllables {agreeing} of {size} agree, {found.bits:.1f} bits"
    ]
    clashes = [
        f"{one_sign[1:]} against {two_sign[1:]}"
        for one_sign, two_sign, bits in zip(
            (found.left.family, *found.left.given),
            (found.right.family, *found.right.given),
            (found.family, *found.given),
            strict=False,
        )
        if bits <= 0
    ]
    if clashes:
        lines.append(f"different syllables: {', '.join(clashes)}: one clashing syllable makes another name")
    if found.left.family[0] == "p" or found.right.family[0] == "p":
        lines.append("One side is taken as the Chinese reading of the Hanja behind a Korean name")
    if agreeing == size:
        lines.append(how_common(found.bits))
    return tuple(lines)


def spoken(family: str, given: tuple[str, ...]) -> str:
    """The signs of a reading as text."""
    return f"{family[1:]} {'-'.join(sign[1:] for sign in given)}"


def how_common(bits: float) -> str:
    """What the bits mean: how many names agree this well by chance."""
    chance = int(2 ** max(min(bits, 30.0), 0.0))
    rounded = round(chance, -max(len(str(chance)) - 2, 0))
    if bits < _COMMON:
        return f"A common name: about one other name in {rounded:,} agrees this well by chance, so the name alone decides nothing"
    return f"About one other name in {rounded:,} agrees this well by chance"


def tokens(left: Analysed, right: Analysed, found: Alignment, worth: Worth | None = None) -> tuple[str, ...]:
    """How two names agree word by word; with ``worth``, what each pair of words adds in bits."""
    lines = [f"{quoted(left)} against {quoted(right)}, word by word"]
    same = [one + _bits(worth, pair) for pair in found.pairs for one, two, _ in (pair,) if one == two]
    if same:
        lines.append(f"same words: {', '.join(same)}")
    near = [
        f"{one} and {two}, {_kinship(one, two)}{_bits(worth, pair)}"
        for pair in found.pairs
        for one, two, _ in (pair,)
        if one != two
    ]
    if near:
        lines.append(f"alike: {'; '.join(near)}")
    return (*lines, *_left(quoted(left), quoted(right), found))


def _left(left: str, right: str, found: Alignment) -> list[str]:
    one, two = ", ".join(found.left_over), ", ".join(found.right_over)
    if one and two:
        return [f"different: {one} in {left}, {two} in {right}: a contradiction, which counts against"]
    if one or two:
        return [f"only in {left if one else right}: {one or two}: left out on the other side, which counts little"]
    return []


def _bits(worth: Worth | None, pair: tuple[str, str, float]) -> str:
    return f" ({worth(*pair):+.1f} bits)" if worth else ""


def _kinship(one: str, two: str) -> str:
    """Why two words are taken as one."""
    if not one.isascii() or not two.isascii():
        return "read alike"
    if min(len(one), len(two)) == 1:
        return "an initial"
    if variant(one, two):
        return "two spellings in use of one name"
    if familiar(one, two):
        return "a familiar form"
    if sound(one) == sound(two):
        return "sounding alike"
    return "words for one thing" if kin(one, two) else "a few letters apart"


def mandarin(
    left: Analysed, right: Analysed, one: tuple[str, ...], two: tuple[str, ...], bits: float
) -> tuple[str, ...]:
    """How two names agree as Mandarin syllables."""
    first = f"{quoted(left)} read as {' '.join(one)}, {quoted(right)} read as {' '.join(two)} (pinyin or Wade-Giles); {bits:.1f} bits"
    return (first, how_common(bits)) if bits > 0 else (first,)


def japanese(left: Analysed, right: Analysed, bits: float) -> tuple[str, ...]:
    """That the Latin side is a Japanese reading of the Han side."""
    return (f"{quoted(right)} is a Japanese reading of {quoted(left)}", how_common(bits))


def forms(left: frozenset[str], right: frozenset[str]) -> str:
    """Legal forms that differ."""
    weight = "which counts against a little" if left and right and not left & right else "which hardly counts"
    return f"legal form {' and '.join(sorted(left)) or 'not given'} against {' and '.join(sorted(right)) or 'not given'}, {weight}"


def translated(name: Analysed) -> str:
    """How a name in another script was put into English."""
    words = name.words.content if name.words else ()
    return f"{quoted(name)} put into English: {' '.join(words)}"


def acronym(short: str, name: Analysed) -> str:
    """That one name is the acronym of the other."""
    return f"{short.upper()} stands for the first letters of {quoted(name)}: other names have the same first letters"


def held(reason: str) -> str:
    """Why the score cannot reach the alert."""
    return f"held below the alert, because {reason}"


def generations(left: str, right: str) -> str:
    """That the marks behind the names part father from son."""
    return held(f"one is marked {left}, the other {right}: two persons of one family")


def shortened(name: Analysed) -> str:
    """That only the head of an overlong name was read."""
    return f"{quoted(name)} is {len(name.text):,} characters long: only the first {LIMIT} were compared"


def nothing(name: Analysed) -> str:
    """That one side cannot be compared at all."""
    return f"{quoted(name)} holds no letters or digits, so nothing was compared"


def same(left: Analysed, right: Analysed, bits: float) -> tuple[str, ...]:
    """That two names are written alike, and that this may still mean two bearers."""
    return (f"{quoted(left)} and {quoted(right)} are the same but for case and punctuation", how_common(bits))
