"""The words of the kit: languages, documents and their parts, rules as a reader meets them, questions of the quiz."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from vedette.base import VedetteError
from vedette.documents import Block, Document
from vedette.policy import Rule
from vedette.policy.controls import Scheme

FORMATS = ("html", "md", "docx", "pdf")
"""What every document is written as: the page to read, two sources to edit, one to print."""


class KitError(VedetteError):
    """The kit cannot be built, written or read back as asked."""


class Audience(StrEnum):
    """Whom a document addresses."""

    AUTHOR = "author"
    CHAIR = "chair"
    ORGANISER = "organiser"
    PROVIDER = "provider"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """A rule's title and effect in one language. ``made_from`` is the fingerprint of the English effect it renders."""

    title: str
    effect: str
    made_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How hard a text may be: ``limit`` of Flesch-Kincaid grade, or of mean words or characters a sentence."""

    measure: str
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its own name, how it writes days, its words for the pages, its renderings of rules and topics."""

    code: str
    name: str
    tag: str
    day: str
    months: tuple[str, ...]
    level: Level
    words: Mapping[str, str]
    glosses: Mapping[str, Gloss]
    topics: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A word or sentence of the pages, with values put in. Raises KitError for an unknown key."""
        try:
            return self.words[key].format(**values)
        except KeyError as fault:
            raise KitError(
                f"{self.code}: no words for {key!r} ({fault})", remedy=f"Add it to {self.code}.yml"
            ) from None

    def write_day(self, day: date) -> str:
        """A calendar day as the language writes it."""
        month = self.months[day.month - 1] if self.months else str(day.month)
        return self.day.format(day=day.day, month=month, year=day.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One document of the kit, whatever the language. ``rules`` are named at ``@rules``."""

    id: str
    order: int
    audience: Audience
    minutes: int
    kind: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a rule stands on the day of the kit, in the reader's language.

    ``binding`` is false for what is proposed, suspended, over or not begun. ``foreign`` tells that ``title`` and ``effect``
    are the register's English because the language has no rendering, or only one of an older wording.
    """

    rule: Rule
    title: str
    effect: str
    status: str
    binding: bool
    foreign: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The place in a document where rules are listed."""

    items: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a control list: its name in the language, the paragraph, and the list it stands in."""

    label: str
    paragraph: str
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Topics:
    """The place in a document where the control paragraphs of a topic are listed."""

    items: tuple[Category, ...]
    foreign: bool

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """Each control list once."""
        return tuple({item.scheme.id: item.scheme for item in self.items}.values())


Part: TypeAlias = "Block | Rules | Topics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the quiz in one language. ``choices`` are (letter, text)."""

    id: str
    text: str
    choices: tuple[tuple[str, str], ...]
    answer: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """The questions in one language; ``version`` is the fingerprint of ids and right answers, the same in every language."""

    version: str
    pass_share: float
    questions: tuple[Question, ...]

    @property
    def needed(self) -> int:
        """How many right answers pass."""
        return -int(-self.pass_share * len(self.questions) // 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One document in one language: its parts for the page, and the neutral paper for every other writer."""

    declaration: Declaration
    language: Language
    title: str
    lead: str
    parts: tuple[Part, ...]
    paper: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The whole kit in memory: ``files`` by relative name, what the manifest says, and what could not be made."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, object]
    notes: tuple[str, ...]
