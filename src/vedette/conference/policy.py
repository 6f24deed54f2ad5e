"""A conference's policy as data: which law asks what, of which service, on whose word; refused where it would do harm unfounded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from vedette import policy as register
from vedette.base import ContentError, Json, Place, Record, digest, plain, read_record, unique
from vedette.conference.model import Action, Service

JURISDICTIONS = ("un", "us", "eu", "uk", "kr", "jp", "ca", "own")
ROLES = ("author", "reviewer", "attendee", "payee", "user")
_STATUSES = ("law", "guidance", "proposed", "bill", "own")
_NOT_REQUIRED = frozenset({"proposed", "bill", "own"})
_LIST_TYPES = ("block", "licence", "inform", "prohibit_collaboration")
_ONLY_COUNTRY = "KP"
_TOP = ("id", "title", "caption", "checked_on", "question_days", "disclosure", "retention", "duties")
_DISCLOSURE = ("undisclosed_tie", "contradiction", "undeclared_potential", "citation")
_RETENTION = ("personal_days", "decision_days", "citation")
#: What a rule that nothing requires may ask at most.
_MOST_UNREQUIRED = Action.ASK


@dataclass(frozen=True, slots=True)
class Counsel:
    """Who advised, and when."""

    name: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One rule of a policy: whom it touches (a country decision or lists), and what it asks for each service."""

    id: str
    title: str
    jurisdiction: str
    status: str
    citation: tuple[str, ...]
    law: tuple[str, ...]
    roles: tuple[str, ...]
    country: str
    lists: tuple[str, ...]
    list_types: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None
    services: Mapping[Service, Action]
    counsel: Counsel | None
    note: str

    @property
    def on(self) -> bool:
        """Whether the duty asks for anything at all."""
        return any(action is not Action.NONE for action in self.services.values())

    def holds(self, on: date) -> bool:
        """Whether the day lies within its time of effect."""
        after = self.effective_from is None or self.effective_from <= on
        return after and (self.effective_to is None or on <= self.effective_to)

    def touches(self, country: str | None, lists: Collection[str], list_types: Collection[str]) -> bool:
        """Whether it speaks of an institution in this country or on these lists."""
        if self.country and country == self.country:
            return True
        return bool(set(self.lists) & set(lists) or set(self.list_types) & set(list_types))

    def as_json(self) -> dict[str, Json]:
        """The law behind a row, told to people; a proposed text is never called required."""
        return {
            "duty": self.id,
            "title": self.title,
            "jurisdiction": self.jurisdiction,
            "status": self.status,
            "required": self.status not in _NOT_REQUIRED,
            "citation": list(self.citation),
            "source": [register.rule(each).source for each in self.law],
            "counsel": None
            if self.counsel is None
            else {"name": self.counsel.name, "date": self.counsel.date.isoformat()},
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A whole policy, its text, and the text's hash, which every row and decision keeps."""

    id: str
    title: str
    caption: str
    checked_on: date
    undisclosed_tie: Action
    contradiction: Action
    undeclared_potential: Action
    question_days: int
    personal_days: int
    decision_days: int
    duties: tuple[Duty, ...]
    text: str
    version: str
    citation: tuple[str, ...] = field(default=())

    def asked(
        self, on: date, country: str | None, lists: Collection[str], list_types: Collection[str]
    ) -> dict[Service, tuple[Action, tuple[Duty, ...]]]:
        """For each service the strictest action that the duties in force ask, with the duties that ask anything."""
        found: dict[Service, tuple[Action, tuple[Duty, ...]]] = {}
        touching = [each for each in self.duties if each.holds(on) and each.touches(country, lists, list_types)]
        for service in Service:
            asking = tuple(each for each in touching if each.services[service] is not Action.NONE)
            found[service] = (_strictest(each.services[service] for each in asking), asking)
        return found

    @property
    def lists(self) -> frozenset[str]:
        """Every list that a duty names, on or off."""
        return frozenset(each for duty in self.duties for each in duty.lists)


def _strictest(actions: Iterable[Action]) -> Action:
    return max(actions, key=lambda action: action.rank, default=Action.NONE)


@cache
def default_policy() -> Policy:
    """What is in force where nothing else was adopted: duties about the DPRK, and nothing else."""
    text = files("vedette.conference").joinpath("policies", "default.yml").read_text(encoding="utf-8")
    return read_policy(text, "policies/default.yml")


def read_policy(text: str, file: str, known_lists: Collection[str] | None = None) -> Policy:
    """Parse strictly. Raises ContentError naming file, line and remedy; ``known_lists`` tells which lists there are."""
    record = read_record(text, file)
    _refuse_unknown(record, _TOP)
    disclosure = record.take_record("disclosure")
    retention = record.take_record("retention")
    _refuse_unknown(disclosure, _DISCLOSURE)
    _refuse_unknown(retention, _RETENTION)
    found = Policy(
        id=record.take_text("id"),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        checked_on=record.take_day("checked_on") or date.min,
        undisclosed_tie=_neutral(disclosure, "undisclosed_tie"),
        contradiction=_neutral(disclosure, "contradiction"),
        undeclared_potential=_neutral(disclosure, "undeclared_potential"),
        question_days=_days(record, "question_days", 3, 90),
        personal_days=_days(retention, "personal_days", 30, 730),
        decision_days=_days(retention, "decision_days", 30, 3660),
        duties=tuple(_duty(each, known_lists) for each in record.take_records("duties")),
        citation=disclosure.take_texts("citation") + retention.take_texts("citation"),
        text=text,
        version=digest(text).hex()[:16],
    )
    for each in (disclosure, retention, record):
        each.finish()
    unique(((duty.id, Place(file, None, "duties")) for duty in found.duties), "duty")
    return found


def _refuse_unknown(record: Record, known: Collection[str]) -> None:
    """A misspelt key is named, with its line, before the key is missed that it was meant to be."""
    for key in plain(record):
        if key not in known:
            near = get_close_matches(key, known, 1)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise ContentError(
                f"unknown key {key!r}",
                place=record.place(key),
                remedy=f"{meant}Known keys: {', '.join(sorted(known))}",
            )


def _neutral(record: Record, key: str) -> Action:
    """What does not come from law can at most ask."""
    return Action(record.take_choice(key, ("none", "inform", "ask")))


def _days(record: Record, key: str, least: int, most: int) -> int:
    place = record.place(key)
    value = record.take_int(key)
    if not least <= value <= most:
        raise ContentError(f"{key} is {value}", place=place, remedy=f"Between {least} and {most} days")
    return value


def _duty(record: Record, known_lists: Collection[str] | None) -> Duty:
    _refuse_unknown(record, Duty.__slots__)
    services = _services(record.take_record("services"))
    _refuse_unfounded(record, services)
    counsel = _counsel(record.take_record("counsel")) if record.has("counsel") else None
    places = {key: record.place(key) for key in ("country", "lists", "law", "status")}
    found = Duty(
        id=record.take_text("id"),
        title=record.take_text("title"),
        jurisdiction=record.take_choice("jurisdiction", JURISDICTIONS),
        status=record.take_choice("status", _STATUSES),
        citation=record.take_texts("citation"),
        law=record.take_texts("law", optional=True),
        roles=_chosen(record, "roles", ROLES),
        country=record.take_text("country", ""),
        lists=record.take_texts("lists", optional=True),
        list_types=_chosen(record, "list_types", _LIST_TYPES, optional=True),
        effective_from=record.take_day("effective_from", optional=True),
        effective_to=record.take_day("effective_to", optional=True),
        services=services,
        counsel=counsel,
        note=record.take_text("note", ""),
    )
    record.finish()
    _check(found, places, known_lists)
    return found


def _services(record: Record) -> Mapping[Service, Action]:
    _refuse_unknown(record, [service.value for service in Service])
    words = [action.value for action in Action]
    found = {service: Action(record.take_choice(service.value, words)) for service in Service}
    record.finish()
    return MappingProxyType(found)


def _counsel(record: Record) -> Counsel:
    _refuse_unknown(record, Counsel.__slots__)
    place = record.place("date")
    name, day = record.take_text("name"), record.take_day("date")
    record.finish()
    if day is None:
        raise ContentError("counsel's date is missing", place=place)
    return Counsel(name, day)


def _chosen(record: Record, key: str, words: Collection[str], *, optional: bool = False) -> tuple[str, ...]:
    place = record.place(key)
    found = record.take_texts(key, optional=optional)
    wrong = next((each for each in found if each not in words), None)
    if wrong is not None:
        raise ContentError(f"{key} names {wrong!r}", place=place, remedy=f"Of: {', '.join(sorted(words))}")
    return found


def _refuse_unfounded(record: Record, services: Mapping[Service, Action]) -> None:
    """A paper is stopped on cited law, of a named jurisdiction, on counsel's dated word, or not at all."""
    if services[Service.PAPER] is not Action.STOP and services[Service.REVIEW] is not Action.STOP:
        return
    missing = [key for key in ("citation", "jurisdiction", "counsel") if not record.has(key)]
    if missing:
        raise ContentError(
            f"stops papers without {', '.join(missing)}",
            place=Place(record.file, record.line, "services"),
            remedy="Cite the law, name its jurisdiction, and give counsel's name and date; or ask counsel: paper: counsel",
        )


def _check(duty: Duty, places: Mapping[str, Place], known_lists: Collection[str] | None) -> None:
    if duty.country and duty.country != _ONLY_COUNTRY:
        raise ContentError(
            f"a country decides only for the DPRK, not for {duty.country!r}",
            place=places["country"],
            remedy="Name lists instead; a whole country's scholars are never touched for their country",
        )
    if not (duty.country or duty.lists or duty.list_types):
        raise ContentError(f"duty {duty.id} touches nothing", place=places["lists"], remedy="Name lists or country: KP")
    unknown = [each for each in duty.lists if known_lists is not None and each not in known_lists]
    if unknown:
        raise ContentError(
            f"no list {unknown[0]!r} is known or loaded", place=places["lists"], remedy="See `vedette lists status`"
        )
    if any(action.rank > _MOST_UNREQUIRED.rank for action in duty.services.values()) and duty.status in _NOT_REQUIRED:
        raise ContentError(
            f"duty {duty.id} is {duty.status}: nothing requires it, so it can ask at most",
            place=places["status"],
            remedy="Use none, inform or ask, or cite law in force",
        )
    for each in duty.law:
        _known_law(each, places["law"])


def _known_law(rule_id: str, place: Place) -> None:
    try:
        register.rule(rule_id)
    except register.UnknownRule:
        raise ContentError(f"no law {rule_id!r} in the register", place=place, remedy="See policy/rules") from None
