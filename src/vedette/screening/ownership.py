"""Ownership in aggregate: what share of a party listed owners hold, as an interval, through any number of layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vedette.base import Evidence, Finding, Strength, Subject
from vedette.screening.model import Level

_WHOLE = 100.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One holding. ``parent_owner_id`` is empty where it is a share of the account's party, else of that owner.

    Shares are percent, 0..100; None where not known.
    """

    owner_id: str
    parent_owner_id: str = ""
    share_min: float | None = None
    share_max: float | None = None

    @property
    def unknown(self) -> bool:
        """Whether nothing is known of the share."""
        return self.share_min is None and self.share_max is None

    @property
    def least(self) -> float:
        """The smallest share that the statement allows."""
        return _clamped(self.share_min or 0.0)

    @property
    def most(self) -> float:
        """The largest share that the statement allows; a larger minimum overrules it."""
        return max(self.least, _WHOLE if self.share_max is None else _clamped(self.share_max))


@dataclass(frozen=True, slots=True)
class Holding:
    """What listed owners hold of the party in aggregate, percent.

    ``least`` counts owners identified as listed and their smallest shares; ``most`` counts also owners who may be listed
    and the largest shares. ``through`` names the direct owners counted; ``unknown`` those of them without a known share;
    ``over`` and ``perhaps_over`` say whether the limit is reached surely, or possibly.
    """

    least: float
    most: float
    over: bool
    perhaps_over: bool
    through: tuple[str, ...]
    unknown: tuple[str, ...]


def aggregate(owners: Iterable[Owner], listed: Mapping[str, Level], *, limit: float, inclusive: bool = True) -> Holding:
    """Apply an ownership rule. ``listed`` tells what screening made of each owner that it matched.

    An owner held by listed parties at or over ``limit`` percent counts as listed with its whole share; one held below it
    counts not at all. ``inclusive`` is False where the rule says "more than". Rings of owners are followed until nothing
    changes: they cannot make each other listed.
    """
    holdings = tuple(owners)
    sure = {owner for owner, level in listed.items() if level is Level.IDENTIFIED}
    maybe = sure | {owner for owner, level in listed.items() if level is Level.NAME_ONLY}
    reached = _Limit(limit, inclusive)
    surely = _spread(holdings, sure, reached, largest=False)
    perhaps = _spread(holdings, maybe, reached, largest=True)
    direct = [holding for holding in holdings if not holding.parent_owner_id and holding.owner_id in perhaps]
    least, most = _held(holdings, "", surely, largest=False), _held(holdings, "", perhaps, largest=True)
    return Holding(
        least=least,
        most=most,
        over=reached.by(least),
        perhaps_over=reached.by(most),
        through=tuple(sorted({holding.owner_id for holding in direct})),
        unknown=tuple(sorted({h.owner_id for h in holdings if h.owner_id in perhaps and h.unknown})),
    )


@dataclass(frozen=True, slots=True)
class _Limit:
    percent: float
    inclusive: bool

    def by(self, share: float) -> bool:
        return share >= self.percent - _TINY if self.inclusive else share > self.percent + _TINY


def _spread(holdings: tuple[Owner, ...], listed: set[str], limit: _Limit, *, largest: bool) -> frozenset[str]:
    """Owners who count as listed: the listed ones, and step by step whoever they hold at or over the limit."""
    counted = set(listed)
    held = {holding.parent_owner_id for holding in holdings if holding.parent_owner_id}
    while True:
        more = {
            owner for owner in held - counted if limit.by(_held(holdings, owner, frozenset(counted), largest=largest))
        }
        if not more:
            return frozenset(counted)
        counted |= more


def _held(holdings: tuple[Owner, ...], of: str, counted: frozenset[str], *, largest: bool) -> float:
    """Percent of a party that counted owners hold. At most what all other owners' smallest shares leave."""
    direct = [holding for holding in holdings if holding.parent_owner_id == of and holding.owner_id != of]
    if not largest:
        return min(_WHOLE, sum(holding.least for holding in direct if holding.owner_id in counted))
    left = max(0.0, _WHOLE - sum(holding.least for holding in direct if holding.owner_id not in counted))
    return min(left, sum(holding.most for holding in direct if holding.owner_id in counted))


def _clamped(share: float) -> float:
    return min(max(share, 0.0), _WHOLE) if share == share else 0.0


def ownership_findings(
    holding: Holding,
    *,
    subject: Subject,
    accounts: tuple[str, ...],
    limit: float,
    citation: tuple[str, ...],
    at: datetime,
    rule: str = "",
) -> tuple[Finding, ...]:
    """``stop`` where the smallest aggregate share reaches the limit, ``strong`` where only the largest does.

    A listed owner with an unknown share is a finding of its own. ``rule`` names the policy that the limit comes from.
    """
    if not holding.through and not holding.unknown:
        return ()
    evidence = (
        Evidence(
            "ownership",
            str(subject),
            {
                "share_min": holding.least,
                "share_max": holding.most,
                "limit": limit,
                "policy": rule,
                "through": list(holding.through),
                "unknown_share": list(holding.unknown),
            },
        ),
    )
    found = []
    if holding.over or holding.perhaps_over:
        strength = Strength.STOP if holding.over else Strength.STRONG
        found.append(("screening/ownership", strength, _sentence(holding, limit)))
    if holding.unknown:
        text = f"{len(holding.unknown)} owner(s) who are or may be listed hold a share that nobody has stated."
        found.append(("screening/ownership_unknown", Strength.MEDIUM, text))
    return tuple(
        Finding(
            check=check,
            version="1",
            subject=subject,
            accounts=accounts,
            family="screening",
            strength=strength,
            bits=None,
            summary=text,
            evidence=evidence,
            citation=citation,
            blind_spots="Shares are the customer's own statement; owners who were not declared are not counted.",
            first_seen=at,
            last_seen=at,
            window=rule,
        )
        for check, strength, text in found
    )


def _sentence(holding: Holding, limit: float) -> str:
    if holding.over:
        return f"Listed owners hold at least {holding.least:g} percent in aggregate; the limit is {limit:g} percent."
    if holding.unknown and holding.least <= _TINY:
        return (
            "Owners who are or may be listed hold shares that are not stated, so that they may reach the limit of "
            f"{limit:g} percent in aggregate."
        )
    held = f"from {holding.least:g} to {holding.most:g}" if holding.least > _TINY else f"up to {holding.most:g}"
    return (
        f"Owners who are or may be listed hold {held} percent in aggregate, as far as the shares are known; "
        f"the limit is {limit:g} percent."
    )
