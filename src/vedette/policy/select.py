"""Which rules hold for a home jurisdiction on a day, and how surely."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

from vedette.base import Place, unique
from vedette.policy.model import HOMES, Period, PeriodState, Rule, State, Status, UnknownHome, UnknownRule
from vedette.policy.read import read_rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the register, by id; read once. Raises ContentError on the first faulty file."""
    folder = files("vedette.policy") / "rules"
    found = [read_rule(item.read_text("utf-8"), item.name) for item in folder.iterdir() if item.name.endswith(".yml")]
    unique(((each.id, Place(f"{each.id}.yml")) for each in found), "policy rule")
    return tuple(sorted(found, key=lambda each: each.id))


def rule(id: str) -> Rule:
    """The rule of that id. Raises UnknownRule."""
    for each in rules():
        if each.id == id:
            return each
    raise UnknownRule(f"no policy rule {id!r}", remedy="The ids are the file names in policy/rules")


def state(rule: Rule, on: date) -> State:
    """How the rule stands on a day. A proposal or bill is ``proposed`` on every day; an expected period counts as
    in force (holding to a duty that may have lapsed is the safe error) and ``notice`` says that it must be verified."""
    if rule.status in (Status.PROPOSED, Status.BILL):
        return State.PROPOSED
    if rule.effective_from is not None and on < rule.effective_from:
        return State.NOT_YET
    if rule.effective_to is not None and on > rule.effective_to:
        return State.EXPIRED
    period = _period(rule, on)
    suspended = rule.status is Status.SUSPENDED if period is None else period.state is PeriodState.SUSPENDED
    return State.SUSPENDED if suspended else State.IN_FORCE


def in_force(home: str, on: date) -> tuple[Rule, ...]:
    """The rules of law and guidance that bind a provider at home there on that day. Raises UnknownHome."""
    if home not in HOMES:
        raise UnknownHome(
            f"no home jurisdiction {home!r}",
            remedy=f"One of: {', '.join(HOMES)}; an EU member state is eu, a home without own rules un",
        )
    return tuple(each for each in rules() if each.binds(home) and state(each, on) is State.IN_FORCE)


def applying(word: str, home: str, on: date) -> tuple[Rule, ...]:
    """The rules in force that speak of a thing, such as ``list:us_ofac_sdn`` or ``check:dprk_presence``."""
    return tuple(each for each in in_force(home, on) if word in each.applies_to)


def versions(home: str, on: date) -> dict[str, str]:
    """Id and content hash of every rule in force: what a decision of that day rested on."""
    return {each.id: each.version for each in in_force(home, on)}


def notice(rule: Rule, on: date) -> str:
    """What a reader must be told beside the rule on that day: caveat and note of the period; empty if nothing."""
    period = _period(rule, on)
    parts = [period.note] if period else []
    if period and period.state is PeriodState.EXPECTED:
        parts.insert(0, "Verify status")
    if rule.status in (Status.PROPOSED, Status.BILL):
        parts.append("Modelled on a proposed text; nothing requires it")
    return ". ".join(part.strip().rstrip(".") for part in [*parts, rule.caveat] if part.strip())


def _period(rule: Rule, on: date) -> Period | None:
    return next((each for each in rule.periods if each.holds(on)), None)
