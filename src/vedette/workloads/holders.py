"""Whose compute an account's is: owners by their effective share, actors by the confidence of their links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Stake:
    """How much of an account counts for a holder: at least, expected and at most, each 0..1."""

    least: float
    expected: float
    most: float


@dataclass(frozen=True, slots=True)
class Holding:
    """One owner of an account: shares in percent, None where not stated; ``parent`` is the owner that is held, or empty."""

    account_id: str
    owner_id: str
    parent: str
    share_min: float | None
    share_max: float | None

    def stake(self) -> Stake:
        """The share of what is held; where nothing is stated, anything from nothing to all."""
        low = (self.share_min if self.share_min is not None else 0.0) / 100
        high = (self.share_max if self.share_max is not None else 100.0) / 100
        if self.share_min is not None and self.share_max is None:
            high = low
        low, high = max(0.0, min(low, high)), min(1.0, max(low, high))
        return Stake(low, (low + high) / 2, high)


def owners(holdings: Iterable[Holding], accounts: Iterable[str]) -> dict[str, dict[str, Stake]]:
    """Effective stakes, owner by owner and account by account: through companies, shares multiply.

    An account without declared owners counts wholly for itself. Chains are followed for a dozen steps, circles once.
    """
    by_account: dict[str, list[Holding]] = {}
    for holding in holdings:
        by_account.setdefault(holding.account_id, []).append(holding)
    found: dict[str, dict[str, Stake]] = {}
    for account in accounts:
        stakes = _effective(by_account[account]) if account in by_account else {account: Stake(1.0, 1.0, 1.0)}
        for owner, stake in stakes.items():
            found.setdefault(owner, {})[account] = stake
    return found


def _effective(held: Sequence[Holding]) -> dict[str, Stake]:
    above: dict[str, list[Holding]] = {}
    for holding in held:
        above.setdefault(holding.parent, []).append(holding)
    total: dict[str, Stake] = {}
    paths = [(holding, holding.stake(), frozenset({holding.owner_id})) for holding in above.get("", ())]
    # Owners of owners that nobody names as a direct one still hold something, if only at most.
    known = {holding.owner_id for holding in held}
    paths += [
        (holding, holding.stake(), frozenset({holding.owner_id}))
        for parent, holdings in above.items()
        if parent and parent not in known
        for holding in holdings
    ]
    for _ in range(_DEEPEST):
        further = []
        for holding, stake, passed in paths:
            total[holding.owner_id] = _plus(total.get(holding.owner_id), stake)
            for one in above.get(holding.owner_id, ()):
                if one.owner_id not in passed:
                    further.append((one, _times(stake, one.stake()), passed | {one.owner_id}))
        paths = further
    return total


def _plus(left: Stake | None, right: Stake) -> Stake:
    if left is None:
        return right
    return Stake(
        min(1.0, left.least + right.least), min(1.0, left.expected + right.expected), min(1.0, left.most + right.most)
    )


def _times(left: Stake, right: Stake) -> Stake:
    return Stake(left.least * right.least, left.expected * right.expected, left.most * right.most)


def actors(members: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, Stake]]:
    """Stakes of actors: an account surely counts only where its link is sure; at most, all of them do.

    ``members``: actor -> account -> confidence of its link, 0..1.
    """
    return {
        actor: {account: Stake(1.0 if sure >= 1.0 else 0.0, sure, 1.0) for account, sure in accounts.items()}
        for actor, accounts in members.items()
    }
