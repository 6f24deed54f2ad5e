"""Sentences for a compliance officer: which two strings, how they were read, what agrees, and how common the name is."""

from __future__ import annotations

from vedette.names.aligning import Alignment
from vedette.names.folding import LIMIT
from vedette.names.korean.scoring import Agreement
from vedette.names.model import Analysed

_COMMON = 17.0
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
        return (
            f"A common name: about 1 in {rounded:,} names agrees this well by chance, so the name alone decides nothing"
        )
    return f"About 1 in {rounded:,} names agrees this well by chance"


def tokens(left: Analysed, right: Analysed, found: Alignment) -> tuple[str, ...]:
    """How two names agree word by word."""
    lines = [f"{quoted(left)} against {quoted(right)}"]
    same = [one for one, _, like in found.pairs if like == 1.0]
    if same:
        lines.append(f"same words: {', '.join(same)}")
    near = [f"{one}/{two}" for one, two, like in found.pairs if like < 1.0]
    if near:
        lines.append(f"spelt alike: {', '.join(near)}")
    if found.left_over:
        lines.append(f"only in {quoted(left)}: {', '.join(found.left_over)}")
    if found.right_over:
        lines.append(f"only in {quoted(right)}: {', '.join(found.right_over)}")
    return tuple(lines)


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
    return f"legal forms: {', '.join(sorted(left)) or 'none'} against {', '.join(sorted(right)) or 'none'}"


def generations(left: str, right: str) -> str:
    """That the marks behind the names part father from son."""
    return f"one is marked {left}, the other {right}: two persons of one family, so the score is held below the alert"


def shortened(name: Analysed) -> str:
    """That only the head of an overlong name was read."""
    return f"{quoted(name)} is {len(name.text):,} characters long: only the first {LIMIT} were compared"


def nothing(name: Analysed) -> str:
    """That one side cannot be compared at all."""
    return f"{quoted(name)} holds no letters or digits, so nothing was compared"
