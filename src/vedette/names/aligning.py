"""Pair the tokens of two names, in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vedette.names.sounds import sound

Tokens = tuple[str, ...]
_LEAST = 0.6


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs (left token, right token, likeness), then what is left over on each side; ``crossed``: order differs."""

    pairs: tuple[tuple[str, str, float], ...]
    left_over: Tokens
    right_over: Tokens
    crossed: bool


def join(tokens: Tokens, other: Tokens, heard: Callable[[str], str] = sound) -> Tokens:
    """Join neighbours that the other side writes as one word: "abdul rahman" against "abdulrahman"."""
    if len(tokens) < 2 or len(tokens) <= len(other):
        return tokens
    whole = {heard(token) for token in other if len(token) > 3}
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        pair = "".join(tokens[at : at + 2])
        if at + 1 < len(tokens) and len(pair) > 3 and heard(pair) in whole and heard(tokens[at]) not in whole:
            joined.append(pair)
            at += 2
        else:
            joined.append(tokens[at])
            at += 1
    return tuple(joined)


def align(left: Tokens, right: Tokens, like: Callable[[str, str], float]) -> Alignment:
    """Pair tokens from the most alike down; tokens less alike than .6 stay alone."""
    scored = [(like(one, two), -abs(i - j), i, j) for i, one in enumerate(left) for j, two in enumerate(right)]
    scored = [entry for entry in scored if entry[0] >= _LEAST]
    scored.sort(reverse=True)
    taken: dict[int, int] = {}
    used: set[int] = set()
    pairs = []
    for value, _, i, j in scored:
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
            pairs.append((left[i], right[j], value))
    order: Sequence[int] = [taken[i] for i in sorted(taken)]
    return Alignment(
        tuple(pairs),
        tuple(token for i, token in enumerate(left) if i not in taken),
        tuple(token for j, token in enumerate(right) if j not in used),
        any(a > b for a, b in zip(order, order[1:], strict=False)),
    )
