"""Text as a reader may see it: nothing that is invisible, steers a terminal or turns the direction of writing."""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200c\u200d")  # zero-width joiners belong to the spelling of several scripts


def visible(text: str) -> str:
    """The text with every control, direction override and unassigned character shown as U+FFFD; breaks become spaces."""
    return "".join(_seen(character) for character in text)


def _seen(character: str) -> str:
    if character in "\n\r\t\u2028\u2029":
        return " "
    if character.isprintable():
        return character
    category = unicodedata.category(character)
    if category == "Zs" or character in _JOINERS:
        return " " if category == "Zs" else character
    return "\ufffd" if category in _INVISIBLE or category == "Cf" else character
