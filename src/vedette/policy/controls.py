"""Control lists and the phrases that speak of what they control, as dated data: what a title may touch, never a verdict."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from vedette.base import ContentError, Place, Record, read_record, unique
from vedette.policy.model import Status

LANGUAGES = ("en", "ko", "zh")
"""Languages in which labels and phrases are kept."""

_SHORT = {"ko": 2, "zh": 2}
_WORD = re.compile(r"[\w'-]+")


class PhraseKind(StrEnum):
    """What a phrase tells.

    ``weapon``: an application of armed forces or weapons, whatever else is said. ``arms``: a weapon or soldiers by name, which
    a civilian study may also name. ``sensitive``: a listed technology of weapons programmes with hardly a civilian use.
    ``dual``: a listed technology that civilians use as well. ``method``: a way of working, which settles nothing.
    ``civil``: a stated civilian application. ``frame``: a text about arms, not for them (history, games, literature).
    """

    WEAPON = "weapon"
    ARMS = "arms"
    SENSITIVE = "sensitive"
    DUAL = "dual"
    METHOD = "method"
    CIVIL = "civil"
    FRAME = "frame"


CONTROLLED = (PhraseKind.WEAPON, PhraseKind.ARMS, PhraseKind.SENSITIVE, PhraseKind.DUAL)
"""Kinds of phrases that touch a control list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One heading of a control list. ``label`` follows LANGUAGES; ``paragraph`` is where the list says it."""

    id: str
    label: tuple[str, str, str]
    paragraph: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One published control list, in our own words. ``verified``: whether the original text was read on ``checked_on``."""

    id: str
    title: str
    caption: str
    status: Status
    citation: tuple[str, ...]
    source: str
    source_address: str
    checked_on: date
    verified: bool
    caveat: str
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """When an ambiguous phrase counts: with one of ``needs`` in the text, and with none of ``unless``."""

    phrase: str
    language: str
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    fires: str
    quiet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One phrase as it is looked for."""

    text: str
    language: str
    kind: PhraseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Phrases of one subject, the categories it touches (``scheme/category``), and how its words mislead."""

    id: str
    label: tuple[str, str, str]
    caption: str
    controls: tuple[str, ...]
    citation: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    other_senses: tuple[Phrase, ...]
    senses: tuple[Sense, ...]
    fires: tuple[str, ...]
    quiet: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """Every scheme and topic. ``version`` is the first 16 hex digits of the SHA-256 over all their files."""

    schemes: tuple[Scheme, ...]
    topics: tuple[Topic, ...]
    version: str

    def paragraph(self, control: str) -> str:
        """Where a control list says ``scheme/category``. Raises KeyError for an unknown one."""
        scheme, category = self.find(control)
        return f"{scheme.source}, {category.paragraph}"

    def find(self, control: str) -> tuple[Scheme, Category]:
        """The scheme and category of ``scheme/category``. Raises KeyError."""
        for scheme in self.schemes:
            for category in scheme.categories:
                if f"{scheme.id}/{category.id}" == control:
                    return scheme, category
        raise KeyError(control)


@cache
def dictionary() -> Dictionary:
    """All that is shipped, read once. Raises ContentError on the first faulty file."""
    folder = files("vedette.policy") / "controls"
    texts = {
        kind: sorted((item.name, item.read_text("utf-8")) for item in (folder / kind).iterdir() if _yaml(item.name))
        for kind in ("schemes", "phrases")
    }
    schemes = tuple(read_scheme(text, name) for name, text in texts["schemes"])
    topics = tuple(read_topic(text, name) for name, text in texts["phrases"])
    whole = "".join(text for kind in sorted(texts) for _, text in texts[kind])
    return assemble(schemes, topics, hashlib.sha256(whole.encode()).hexdigest()[:16])


def _yaml(name: str) -> bool:
    return name.endswith(".yml")


def assemble(schemes: tuple[Scheme, ...], topics: tuple[Topic, ...], version: str) -> Dictionary:
    """Schemes and topics that fit: every control exists, every category has phrases, no phrase has two homes."""
    known = {f"{scheme.id}/{category.id}" for scheme in schemes for category in scheme.categories}
    named = {control for topic in topics for control in topic.controls}
    for topic in topics:
        for control in topic.controls:
            if control not in known:
                raise _fault(f"{topic.id}.yml", "controls", f"no category {control!r}", "Name scheme/category")
    for lost in sorted(known - named):
        raise _fault(f"{lost.partition('/')[0]}.yml", "categories", f"{lost!r} has no phrases", "Add a topic for it")
    unique(_homes(topics), "phrase")
    return Dictionary(schemes=schemes, topics=topics, version=version)


def _homes(topics: Iterable[Topic]) -> Iterator[tuple[str, Place]]:
    for topic in topics:
        for phrase in (*topic.phrases, *topic.other_senses):
            yield f"{phrase.language}: {phrase.text.casefold()}", Place(f"{topic.id}.yml")


def read_scheme(text: str, file: str) -> Scheme:
    """The control list that a file holds. Raises ContentError that names file, line and remedy."""
    record = read_record(text, file)
    day = record.take_day("checked_on")
    assert day is not None  # only an optional day may be absent
    scheme = Scheme(
        id=_id(record, file),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        status=Status(record.take_choice("status", [word.value for word in Status])),
        citation=record.take_texts("citation"),
        source=record.take_text("source"),
        source_address=_address(record),
        checked_on=day,
        verified=record.take_bool("verified"),
        caveat=record.take_text("caveat", ""),
        categories=tuple(_category(item) for item in record.take_records("categories")),
    )
    record.finish()
    if not scheme.verified and "to be verified" not in scheme.caveat:
        raise _fault(
            file, "caveat", "the original was not read, and the caveat hides it", "Write 'text to be verified'"
        )
    unique(((each.id, Place(file)) for each in scheme.categories), "category")
    return scheme


def _category(record: Record) -> Category:
    category = Category(
        id=record.take_text("id"),
        label=_label(record),
        paragraph=record.take_text("paragraph"),
        summary=record.take_text("summary"),
    )
    record.finish()
    return category


def _label(record: Record) -> tuple[str, str, str]:
    inner = record.take_record("label")
    label = (inner.take_text("en"), inner.take_text("ko"), inner.take_text("zh"))
    inner.finish()
    return label


def _id(record: Record, file: str) -> str:
    id, stem = record.take_text("id"), PurePath(file).stem
    if id != stem:
        raise _fault(file, "id", f"id {id!r} is not the file's name {stem!r}", "Rename one of them")
    return id


def _address(record: Record) -> str:
    where = record.place("source_address")
    address = record.take_text("source_address")
    if not address.startswith("https://"):
        raise ContentError("'source_address' is no https address", place=where, remedy="Say where the text stands")
    return address


def read_topic(text: str, file: str) -> Topic:
    """The topic that a file holds. Raises ContentError that names file, line and remedy."""
    record = read_record(text, file)
    examples = record.take_record("examples")
    topic = Topic(
        id=_id(record, file),
        label=_label(record),
        caption=record.take_text("caption"),
        controls=record.take_texts("controls", optional=True),
        citation=record.take_texts("citation"),
        phrases=tuple(_phrases(record.take_record("phrases"))),
        other_senses=tuple(_languages(record, "other_senses", PhraseKind.METHOD)),
        senses=tuple(_sense(item) for item in record.take_records("senses", optional=True)),
        fires=examples.take_texts("fires"),
        quiet=examples.take_texts("quiet"),
    )
    plain = tuple(_languages(record, "one_sense", PhraseKind.METHOD))
    examples.finish()
    record.finish()
    _check(topic, plain, file)
    return topic


def _phrases(record: Record) -> Iterator[Phrase]:
    where = record.place()
    found = [phrase for kind in PhraseKind for phrase in _languages(record, kind.value, kind)]
    record.finish()
    if not found:
        raise ContentError("a topic without phrases finds nothing", place=where, remedy="Give phrases by kind")
    yield from found


def _languages(record: Record, key: str, kind: PhraseKind) -> Iterator[Phrase]:
    if not record.has(key):
        record.take_texts(key, optional=True)
        return
    inner = record.take_record(key)
    for language in LANGUAGES:
        for text in inner.take_texts(language, optional=True):
            yield Phrase(text=text, language=language, kind=kind)
    inner.finish()


def _sense(record: Record) -> Sense:
    sense = Sense(
        phrase=record.take_text("phrase"),
        language=record.take_choice("language", LANGUAGES, "en"),
        needs=record.take_texts("needs", optional=True),
        unless=record.take_texts("unless", optional=True),
        fires=record.take_text("fires", remedy="Give a text in which the phrase counts"),
        quiet=record.take_text("quiet", remedy="Give a text in which the word means something else"),
    )
    if not sense.needs and not sense.unless:
        raise ContentError("a sense without a condition", place=record.place(), remedy="Give needs, unless or both")
    record.finish()
    return sense


def _check(topic: Topic, plain: tuple[Phrase, ...], file: str) -> None:
    """The laws between keys; each fault names the key to mend."""
    told = {(each.language, each.phrase) for each in topic.senses} | {(each.language, each.text) for each in plain}
    held = {(each.language, each.text) for each in topic.phrases}
    for language, phrase in sorted(told - held):
        raise _fault(file, "senses", f"{phrase!r} ({language}) is no phrase of this topic", "Add it, or drop its sense")
    for each in topic.phrases:
        if each.kind in CONTROLLED and ambiguous(each) and (each.language, each.text) not in told:
            raise _fault(
                file, "senses", f"{each.text!r} is short and may mean other things", "Give its sense with examples"
            )
    controlled = any(each.kind in CONTROLLED for each in topic.phrases)
    if controlled and not topic.controls:
        raise _fault(file, "controls", "phrases of a control list without the list", "Name scheme/category")


def ambiguous(phrase: Phrase) -> bool:
    """Whether a phrase is so short that other things bear its name: one word, or two signs."""
    if phrase.language in _SHORT:
        return len(phrase.text) <= _SHORT[phrase.language]
    return len(_WORD.findall(phrase.text)) == 1


def _fault(file: str, key: str, problem: str, remedy: str) -> ContentError:
    return ContentError(problem, place=Place(file, None, key), remedy=remedy)
