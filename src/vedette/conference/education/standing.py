"""How rules and topics stand on a day, told in the reader's language from the policy data alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from vedette import policy
from vedette.conference.education.content import fingerprint
from vedette.conference.education.model import Category, KitError, Language, Standing, Topics
from vedette.policy import PeriodState, Rule, State, Status, controls
from vedette.policy.controls import LANGUAGES, Scheme, read_scheme

GENERAL_SCHEME = "un_dprk_disciplines"
"""The control list whose headings are shown where no topic is asked for."""

_RANK = {State.IN_FORCE: 0, State.SUSPENDED: 1, State.NOT_YET: 2, State.EXPIRED: 3, State.PROPOSED: 4}


def standings(ids: Iterable[str], language: Language, on: date, register: Mapping[str, Rule]) -> tuple[Standing, ...]:
    """The rules as they stand, those in force first and proposals last. Raises KitError for an unknown id."""
    found = [_rule(id, register) for id in ids]
    found.sort(key=lambda rule: _RANK[policy.state(rule, on)])
    return tuple(_standing(rule, language, on) for rule in found)


def _rule(id: str, register: Mapping[str, Rule]) -> Rule:
    if id not in register:
        raise KitError(f"no policy rule {id!r}", remedy="The ids are the file names in policy/rules")
    return register[id]


def _standing(rule: Rule, language: Language, on: date) -> Standing:
    gloss = language.glosses.get(rule.id)
    fresh = gloss is not None and gloss.made_from == fingerprint(rule.effect)
    return Standing(
        rule=rule,
        title=gloss.title if gloss is not None and fresh else rule.title,
        effect=gloss.effect if gloss is not None and fresh else rule.effect,
        status=status(rule, language, on),
        binding=policy.state(rule, on) is State.IN_FORCE,
        foreign=not fresh,
    )


def title(id: str, language: Language, register: Mapping[str, Rule]) -> str:
    """A rule's name in the language, in the register's English where there is none. Raises KitError for an unknown id."""
    gloss = language.glosses.get(id)
    return gloss.title if gloss is not None else _rule(id, register).title


def status(rule: Rule, language: Language, on: date) -> str:
    """Where a rule stands on the day: a sentence with its dates. A proposal is never called required."""
    stands = policy.state(rule, on)
    if stands is State.PROPOSED:
        return language.say("bill" if rule.status is Status.BILL else "proposed")
    told = _told(rule, language, on, stands)
    guidance = language.say("guidance") if rule.status is Status.GUIDANCE else ""
    return f"{told} {guidance}".strip()


def _told(rule: Rule, language: Language, on: date, stands: State) -> str:
    period = next((each for each in rule.periods if each.holds(on)), None)
    if stands is State.NOT_YET and rule.effective_from:
        return language.say("not_yet", day=language.write_day(rule.effective_from))
    if stands is State.EXPIRED and rule.effective_to:
        return language.say("expired", day=language.write_day(rule.effective_to))
    if stands is State.SUSPENDED:
        since = period.since if period else rule.effective_from
        return language.say("suspended", day=language.write_day(since)) if since else language.say("suspended_undated")
    if period is not None and period.state is PeriodState.EXPECTED:
        return language.say("expected", day=language.write_day(period.since))
    if rule.effective_from:
        return language.say("in_force", day=language.write_day(rule.effective_from))
    return language.say("in_force_undated")


def topics(wanted: str, language: Language) -> Topics:
    """The control paragraphs of a category (``scheme/category`` or ``category``), or the general headings.

    Empty where no control lists are shipped and none was asked for. Raises KitError for an unknown category.
    """
    found = []
    foreign = False
    known = _categories()
    for control, (scheme, category) in known.items():
        if (not wanted and control.startswith(f"{GENERAL_SCHEME}/")) or wanted in (control, control.partition("/")[2]):
            labels = dict(zip(LANGUAGES, category.label, strict=True))
            label = language.topics.get(control) or labels.get(language.code)
            foreign = foreign or label is None
            found.append(Category(label or labels["en"], category.paragraph, scheme))
    if wanted and not found:
        near = get_close_matches(wanted, [*known, *(id.partition("/")[2] for id in known)], n=3, cutoff=0.4)
        names = ", ".join(near or sorted(known)[:3]) or "none is shipped"
        raise KitError(f"no category {wanted!r} in the control lists", remedy=f"Categories such as: {names}")
    return Topics(tuple(found), foreign)


def scheme_status(scheme: Scheme, language: Language) -> str:
    """What a reader must know of a control list: that it is no law, if it is none, and when it was last checked."""
    words = {Status.GUIDANCE: "guidance", Status.PROPOSED: "proposed", Status.BILL: "bill"}
    checked = language.say("checked", day=language.write_day(scheme.checked_on))
    parts = [language.say(words[scheme.status])] if scheme.status in words else []
    return " ".join([*parts, checked])


@cache
def _categories() -> dict[str, tuple[Scheme, controls.Category]]:
    """Every category of the shipped control lists under ``scheme/category``, with its list."""
    folder = files("vedette.policy") / "controls" / "schemes"
    texts = sorted((item.name, item.read_text("utf-8")) for item in folder.iterdir() if item.name.endswith(".yml"))
    schemes = [read_scheme(text, name) for name, text in texts]
    return {f"{scheme.id}/{category.id}": (scheme, category) for scheme in schemes for category in scheme.categories}
