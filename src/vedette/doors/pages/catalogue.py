"""The languages of the pages: English as written, and others by a catalogue that each room keeps beside its pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

#: Languages by code, in their own words. English texts stand in the pages; its catalogue holds only keys such as ``tab: audit``.
LANGUAGES = {"en": "English", "ko": "한국어"}
Translator = Callable[..., str]


def word(text: str) -> str:
    """Marks a text outside a template that pages show, so that the test of the catalogues finds it."""
    return text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every room's texts in a language, by what stands in the pages; English itself has only words that are keys."""
    found: dict[str, str] = {}
    if language not in LANGUAGES:
        return found
    for room in sorted(files("vedette").iterdir(), key=lambda item: item.name):
        file = room / "pages" / f"{language}.json"
        if file.is_file():
            found.update(json.loads(file.read_text("utf-8")))
    return found


@cache
def translator(language: str) -> Translator:
    """The function that pages call ``_``: a text in the language, its ``{names}`` filled; the English where none is known."""
    known = catalogue(language)

    def translated(text: str, **values: object) -> str:
        found = known.get(text, text)
        return found.format(**values) if values else found

    return translated


def preferred(cookie: str | None, accepted: str) -> str:
    """The language of a reader: the one chosen, else the first that the browser asks for and we have."""
    if cookie in LANGUAGES:
        return str(cookie)
    asked = (part.partition(";")[0].strip().lower()[:2] for part in accepted[:200].split(","))
    return next((code for code in asked if code in LANGUAGES), "en")
