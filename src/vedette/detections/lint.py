"""The fairness lint: what a rule must never read, name or weigh (EXC-01..03, FA-01..05)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vedette.base import ContentError, Place

#: Columns that say or betray who somebody is by birth, look, sex or tongue. Document issuer stands for nationality.
FORBIDDEN_COLUMNS = frozenset(
    {
        "accent", "appearance", "birth_country", "birthplace", "citizenship", "ethnicity", "face", "gender",
        "id_document_country", "keyboard", "language", "locale", "name_native", "name_origin", "name_script",
        "nationality", "owner_name_native", "photo", "race", "religion", "sex",
    }
)  # fmt: skip

_FORBIDDEN_WORDS = re.compile(
    r"\b(accents?|accept[-_ ]language|appearance|born in|birth ?places?|citizens?(?:hip)?|ethnic\w*|foreign[- ]sounding|gender"
    r"|keyboards?|languages?|locales?|mother tongue|name[- ]origins?|nationalit(?:y|ies)|native names?|photos?|race|racial"
    r"|religions?|sex|skin|surname origin|westerni[sz]ed|western name)\b",
    re.IGNORECASE,
)
_COUNTRY_CODE = re.compile(r"^[A-Z]{2}$")


class ForbiddenFeature(ContentError):
    """A rule reads or names something that must never weigh on anybody."""


def check_columns(names: Iterable[tuple[str, Place]]) -> None:
    """Refuse SQL that names a forbidden column, whatever it does with it."""
    for name, place in names:
        bare = name.removeprefix("v_").removesuffix("_token")
        if bare in FORBIDDEN_COLUMNS:
            raise ForbiddenFeature(
                f"{name!r} must never weigh on anybody", place=place, remedy="Compare declared facts with observed ones"
            )


def check_literals(literals: Iterable[tuple[str, Place]]) -> None:
    """Refuse a country written into SQL: a rule compares places with what was declared, never with a chosen country."""
    for text, place in literals:
        if _COUNTRY_CODE.match(text):
            raise ForbiddenFeature(
                f"the country {text!r} is written into the rule", place=place, remedy="Compare two columns instead"
            )


def check_texts(texts: Iterable[tuple[str, str, Place]]) -> None:
    """Refuse sentences, shown to reviewers as a reason or a step, that lean on a forbidden feature.

    Takes (key, text, place). Blind spots, false positives and the fairness note are not passed here: they may say what
    a rule does not look at.
    """
    for key, text, place in texts:
        for word in forbidden_words(text):
            raise ForbiddenFeature(
                f"{key} speaks of {word!r}", place=place, remedy="Speak of declared and observed facts"
            )


def forbidden_words(text: str) -> Iterator[str]:
    """The forbidden words of a text, in order."""
    for match in _FORBIDDEN_WORDS.finditer(text):
        yield match.group(0)
