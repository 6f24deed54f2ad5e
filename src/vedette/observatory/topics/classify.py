"""From phrases to potential: what a text says it is for decides, a method alone never does."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.observatory.topics.lookup import Lookup, lookup
from vedette.observatory.topics.model import Found, Level, Potential
from vedette.policy.controls import PhraseKind

_BESIDE = ("civil_health", "civil_society")
"""Topics of civilian use that tell what is really studied even beside a weapon: wounds and lessons, not weather and roads."""
_AGENTS = "chemical_biological"
_PROTECTION = "protection"
_DEEDS = ("engagement", _PROTECTION)
"""Topics of words that tell what is done: beside a weapon an application, alone nothing."""


def classify(title: str, abstract: str = "", *, against: Lookup | None = None) -> Potential:
    """What a title, and an abstract where there is one, say of civilian and military potential.

    Reads nothing but these two texts. ``undetermined`` is an honest answer: no application is stated.
    """
    tree = against or lookup()
    found = tuple(tree.find(title, abstract))
    level, reasons = _judge(found)
    phrases = tuple(each for each in found if each.controlled)
    return Potential(
        title=title,
        potential=level,
        categories=tuple(dict.fromkeys(control for each in phrases for control in each.controls)),
        phrases=phrases,
        civilian=_of(found, PhraseKind.CIVIL, PhraseKind.FRAME),
        methods=tuple(each for each in found if each.kind is PhraseKind.METHOD and each.topic not in _DEEDS),
        reasons=reasons,
        dictionary=tree.version,
    )


def _of(found: Sequence[Found], *kinds: PhraseKind) -> tuple[Found, ...]:
    return tuple(each for each in found if each.kind in kinds)


def _judge(found: Sequence[Found]) -> tuple[Level, tuple[str, ...]]:
    title = [each for each in found if each.field == "title"]
    abstract = [each for each in found if each.field == "abstract"]
    armed = _armed(title, abstract)
    if armed is not None:
        return armed
    return _technical(title, abstract)


def _armed(title: Sequence[Found], abstract: Sequence[Found]) -> tuple[Level, tuple[str, ...]] | None:
    """The answer where weapons or forces are named; None where they are not."""
    weapons, arms = _of(title, PhraseKind.WEAPON), _of(title, PhraseKind.ARMS)
    frames, civil = _of(title, PhraseKind.FRAME), _of(title, PhraseKind.CIVIL)
    if (weapons or arms) and frames:
        return Level.CIVILIAN, (f"speaks about arms, not for them: {_named(frames)}",)
    if weapons:
        beside = tuple(each for each in civil if each.topic in _BESIDE)
        if beside:
            return Level.DUAL, (f"names {_named(weapons)} beside a civilian use: {_named(beside)}",)
        return _protected(weapons, title) or (Level.MILITARY, (f"names a military application: {_named(weapons)}",))
    if arms:
        return _named_arms(title, arms, civil)
    told = {each.phrase.casefold(): each for each in _of(abstract, PhraseKind.WEAPON)}
    if len(told) > 1:
        answer = Level.MILITARY, (f"the abstract names military applications: {_named(tuple(told.values()))}",)
        return _protected(tuple(told.values()), (*title, *abstract)) or answer
    if told:
        return Level.DUAL, (f"the abstract names one military application in passing: {_named(tuple(told.values()))}",)
    return None


def _protected(weapons: tuple[Found, ...], beside: Sequence[Found]) -> tuple[Level, tuple[str, ...]] | None:
    """The answer where only agents are named and what protects from them, such as detection; else None."""
    words = tuple(each for each in beside if each.topic == _PROTECTION)
    if not words or any(each.topic != _AGENTS for each in weapons):
        return None
    return Level.DUAL, (f"names {_named(weapons)} beside protection from it: {_named(words)}",)


def _named_arms(
    title: Sequence[Found], arms: tuple[Found, ...], civil: tuple[Found, ...]
) -> tuple[Level, tuple[str, ...]]:
    """A weapon or soldiers by name: with what is done with them an application, alone hardly more than a word."""
    if civil:
        return Level.CIVILIAN, (f"names {_named(arms)}, and states a civilian application: {_named(civil)}",)
    more = tuple(each for each in title if each.topic in _DEEDS or (each.controlled and each not in arms))
    if more or len({each.phrase.casefold() for each in arms}) > 1:
        return Level.MILITARY, (f"names arms or forces and what is done with them: {_named((*arms, *more))}",)
    return Level.DUAL, (f"names arms or forces and no application: {_named(arms)}",)


def _technical(title: Sequence[Found], abstract: Sequence[Found]) -> tuple[Level, tuple[str, ...]]:
    """The answer where no weapon is named."""
    sensitive = _of((*title, *abstract), PhraseKind.SENSITIVE)
    if sensitive:
        return Level.DUAL, (f"names a technology listed for weapons programmes: {_named(sensitive)}",)
    listed = _of((*title, *abstract), PhraseKind.DUAL)
    civil = _stated(title, abstract)
    if listed and civil:
        return Level.CIVILIAN, (
            f"names a listed technology: {_named(listed)}",
            f"states a civilian application: {_named(civil)}",
        )
    if listed:
        return Level.DUAL, (f"names a listed technology and no application: {_named(listed)}",)
    if civil:
        return Level.CIVILIAN, (f"states a civilian application: {_named(civil)}",)
    methods = tuple(each for each in (*title, *abstract) if each.kind is PhraseKind.METHOD)
    return Level.UNDETERMINED, (
        f"names methods and no application: {_named(methods)}" if methods else "no phrase of the dictionary was found",
    )


def _stated(title: Sequence[Found], abstract: Sequence[Found]) -> tuple[Found, ...]:
    """Civilian applications: one in the title, or two different ones in the abstract."""
    kinds = (PhraseKind.CIVIL, PhraseKind.FRAME)
    there = _of(title, *kinds)
    if there:
        return there
    told = {each.phrase.casefold(): each for each in _of(abstract, *kinds)}
    return tuple(told.values()) if len(told) > 1 else ()


def _named(found: Sequence[Found]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in dict.fromkeys(each.phrase for each in found[:6]))
