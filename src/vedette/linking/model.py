"""The words of linking: kinds of shared things and their weights, links between accounts, actors and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from vedette.base import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of shared thing. ``most_holders`` is the number above which a value links nobody.

    ``private`` adds bits where strangers share far less than chance says; ``identities`` verified identities make a value a hub.
    """

    kind: str
    family: str
    m: float
    most_holders: int
    why: str
    private: float = 0.0
    most_bits: float = 99.0
    generates: bool = False
    recycled_days: int | None = None
    identities: int | None = None
    explained_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All weights in force, as the file tells them. ``digest`` changes with every byte of it."""

    version: int
    digest: str
    mates: float
    same: float
    related: float
    family_extra: float
    bridge: float
    sparse_accounts: int
    sparse_density: float
    public_countries: int
    home_holders: int
    excluded_networks: tuple[str, ...]
    excluded_instruments: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @property
    def by_name(self) -> Mapping[str, Kind]:
        """The kinds by their names."""
        return {item.kind: item for item in self.kinds}


@dataclass(frozen=True, slots=True)
class Part:
    """One kind that two accounts share: the rarest value's holders, and the bits that it gives. ``masked`` is for people."""

    kind: str
    family: str
    holders: int
    bits: float
    masked: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form that is stored and printed."""
        shown: dict[str, Json] = {"kind": self.kind, "family": self.family, "holders": self.holders, "bits": self.bits}
        return {**shown, "value": self.masked} if self.masked else shown


@dataclass(frozen=True, slots=True)
class Link:
    """Two accounts, the smaller id first, and how many bits above even odds say that they are one hand."""

    left: str
    right: str
    bits: float
    parts: tuple[Part, ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        """Both accounts."""
        return self.left, self.right


class Verdict(StrEnum):
    """What a person says of a pair: one hand whatever the evidence, or never to be joined."""

    CONFIRM = "confirm"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on a pair; it stands over every re-run until another replaces it."""

    left: str
    right: str
    verdict: Verdict
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that the links make one hand, and why a person should look before believing it."""

    accounts: tuple[str, ...]
    review: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """A group under an id that stays. ``link_bits`` is, for each account, its strongest link inside the actor."""

    actor_id: str
    accounts: tuple[str, ...]
    review: tuple[str, ...]
    since: str
    link_bits: Mapping[str, float]

    def rows(self) -> Iterable[dict[str, Json]]:
        """The output contract, one row an account."""
        for account in self.accounts:
            bits = self.link_bits[account]
            yield {
                "actor_id": self.actor_id,
                "account_id": account,
                "link_bits": bits,
                "confidence": confidence(bits),
                "review": list(self.review),
            }


@dataclass(frozen=True, slots=True)
class ActorEvent:
    """What happened to an actor: born, changed, merged into ``other``, split from ``other``, or ended; its accounts after it."""

    actor_id: str
    what: str
    accounts: tuple[str, ...]
    other: str
    at: str


def prior(population: int, mates: float) -> float:
    """Bits that any two accounts start with: the odds of one hand among so many accounts."""
    return exact(log2(mates / max(population, 2)))


def weight(kind: Kind, holders: int, population: int) -> float:
    """Bits of one shared value, never negative, never more than its kind may give."""
    return exact(max(0.0, min(kind.most_bits, log2(kind.m * population / holders) + kind.private)))


def combined(parts: Iterable[Part], extra: float) -> float:
    """Sum over families of the strongest kind and at most ``extra`` bits of the others."""
    families: dict[str, list[float]] = {}
    for part in parts:
        families.setdefault(part.family, []).append(part.bits)
    return sum(max(found) + min(extra, sum(found) - max(found)) for found in families.values())


def population(accounts: int) -> int:
    """The number of accounts rounded down to a power of two, so that weights change only when the house doubles."""
    return 1 << max(accounts.bit_length() - 1, 1)


def exact(bits: float) -> float:
    """Bits to a 64th: sums are then exact, whatever the order."""
    return float(round(bits * 64)) / 64.0


def confidence(bits: float) -> float:
    """The probability that goes with bits above even odds."""
    odds: float = 2.0 ** -max(min(bits, 60.0), -60.0)
    return round(1.0 / (1.0 + odds), 6)
