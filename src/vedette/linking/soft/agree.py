"""How nearly two written values agree, as a level: 0 is disagreement, the highest is equality, None says that one is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from vedette import names

Level = int | None
Record = Mapping[str, tuple[str, ...]]
_LONGEST = 120
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is compared: ``levels`` beside disagreement, whether rare values count more, and how to compare."""

    name: str
    levels: int
    rarity: bool
    level: Callable[[str, str], int]


def word_level(left: str, right: str) -> int:
    """Two words of a name: 4 equal, 3 a slip of the keyboard apart, 2 alike, 1 one begins with the other's start, 0 different."""
    if left == right:
        return 4
    shorter = min(len(left), len(right))
    slips = DamerauLevenshtein.distance(left, right, score_cutoff=2)
    if slips == 1 and shorter >= 3:
        return 3
    alike = JaroWinkler.similarity(left, right)
    if alike >= 0.88 or (slips == 2 and shorter >= 5):
        return 2
    return 1 if alike >= 0.75 or (shorter == 1 and left[0] == right[0]) else 0


def date_level(left: str, right: str) -> int:
    """Two dates as eight digits: 4 equal, 3 one slip or day and month exchanged, 2 two parts of three, 1 the year or two slips."""
    if left == right:
        return 4
    slips = DamerauLevenshtein.distance(left, right, score_cutoff=2)
    if slips == 1 or left == right[:4] + right[6:] + right[4:6]:
        return 3
    same = (left[:4] == right[:4]) + (left[4:6] == right[4:6]) + (left[6:] == right[6:])
    if same == 2:
        return 2
    return 1 if left[:4] == right[:4] or slips == 2 else 0


def number_level(left: str, right: str) -> int:
    """Two numbers: 2 equal, 1 one slip apart, 0 different."""
    if left == right:
        return 2
    return int(min(len(left), len(right)) >= 4 and DamerauLevenshtein.distance(left, right, score_cutoff=1) == 1)


def text_level(left: str, right: str) -> int:
    """Two texts, such as a street or a town: 3 equal, 2 a few slips apart, 1 alike, 0 different."""
    if left == right:
        return 3
    alike = DamerauLevenshtein.normalized_similarity(left, right)
    return 2 if alike >= 0.8 else 1 if alike >= 0.6 else 0


def mail_level(left: str, right: str) -> int:
    """Two mailboxes: 4 equal, 3 a few slips apart, 2 the same part before the sign, 1 alike before it, 0 different."""
    if left == right:
        return 4
    if DamerauLevenshtein.normalized_similarity(left, right) >= 0.85:
        return 3
    mine, other = left.partition("@")[0], right.partition("@")[0]
    if mine == other:
        return 2
    return int(DamerauLevenshtein.normalized_similarity(mine, other) >= 0.7)


#: The nearest and the second nearest word of a name are two fields: a name may come in any order, or with one word left out.
FIELDS: tuple[Field, ...] = (
    Field("word", 4, True, word_level),
    Field("second_word", 4, True, word_level),
    Field("birth_date", 4, False, date_level),
    Field("mail", 4, False, mail_level),
    Field("number", 2, False, number_level),
    Field("street", 3, False, text_level),
    Field("house", 2, False, number_level),
    Field("town", 3, True, text_level),
    Field("postcode", 2, True, number_level),
)


def record(
    *,
    name: str = "",
    birth_date: str = "",
    mail: str = "",
    number: str = "",
    street: str = "",
    house: str = "",
    town: str = "",
    postcode: str = "",
) -> dict[str, tuple[str, ...]]:
    """One person's values, brought to the form that is compared; what is empty is left out. Overlong texts are cut."""
    digits = "".join(letter for letter in birth_date if letter.isdigit() and letter.isascii())
    plain = {
        "birth_date": digits if len(digits) == 8 else "",
        "mail": mail.strip().casefold()[:_LONGEST],
        "number": "".join(filter(str.isalnum, number.casefold()))[:_LONGEST],
        "street": names.fold(street[:_LONGEST]),
        "house": house.strip().casefold()[:_LONGEST],
        "town": names.fold(town[:_LONGEST]),
        "postcode": "".join(filter(str.isalnum, postcode.casefold()))[:_LONGEST],
    }
    found: dict[str, tuple[str, ...]] = {key: (value,) for key, value in plain.items() if value}
    words = tuple(names.fold(name[:_LONGEST]).split())[:_MOST_WORDS]
    return {"words": words, **found} if words else found


def best_words(left: tuple[str, ...], right: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """The two nearest pairs of words of two names, each word used once: (level, word, word), nearest first."""
    pairs = sorted(
        ((word_level(one, other), i, j) for i, one in enumerate(left) for j, other in enumerate(right)),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    best: list[tuple[int, str, str]] = []
    used_left: set[int] = set()
    used_right: set[int] = set()
    for level, i, j in pairs:
        if i not in used_left and j not in used_right and len(best) < 2:
            used_left.add(i)
            used_right.add(j)
            best.append((level, left[i], right[j]))
    return best
