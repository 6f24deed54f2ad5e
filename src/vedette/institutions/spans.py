"""Where names of organisations stand in a text: at every place the longest form that the index knows, overlaps resolved."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.institutions.index import ACRONYM, Index
from vedette.institutions.words import Text


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``start`` to ``end`` of a text, which the index knows as form ``form``; ``likeness`` is 1 for the exact form."""

    start: int
    end: int
    form: int
    likeness: float = 1.0
    note: str = ""


def exact(text: Text, index: Index) -> list[Span]:
    """The longest known forms; one inside another is left out. Acronyms count only where they are written as such."""
    found: list[Span] = []
    tokens, parts = text.tokens, text.parts
    covered = 0
    for start, token in enumerate(tokens):
        limit = min(len(tokens), start + index.reach.get(token, 0))
        for end in range(limit, start, -1):
            if end <= covered:
                break
            form = index.of_form.get(" ".join(tokens[start:end]))
            if form is None or parts[start] != parts[end - 1] or not _whole(text, start, end):
                continue
            if not _written(text, index, start, end, form):
                continue
            found.append(Span(start, end, form))
            covered = end
            break
    return found


def _whole(text: Text, start: int, end: int) -> bool:
    """Whether a name that runs over a comma begins where its part between commas begins: "Sciences, University of X" is none."""
    segments = text.segments
    return segments[start] == segments[end - 1] or start == 0 or segments[start - 1] != segments[start]


def _written(text: Text, index: Index, start: int, end: int, form: int) -> bool:
    """Whether a form that is only ever an acronym is written in capitals here, and no name is a lone number or letter."""
    if end - start > 1:
        return True
    if len(text.tokens[start]) < 2 or text.tokens[start].isdigit():
        return False
    first, last = index.form_starts[form], index.form_starts[form + 1]
    return text.capital[start] or bool((index.form_kinds[first:last] != ACRONYM).any())


def inner(text: Text, index: Index, whole: list[Span]) -> list[Span]:
    """Names of at least two words inside the longest forms: a campus or school may be named with the university it is of."""
    found = []
    for span in whole:
        for start in range(span.start, span.end - 1):
            for end in range(span.end, start + 1, -1):
                if end - start < span.end - span.start:
                    form = index.of_form.get(" ".join(text.tokens[start:end]))
                    if form is not None:
                        found.append(Span(start, end, form))
                        break
    return found
