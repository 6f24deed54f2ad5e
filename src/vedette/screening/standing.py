"""Where an account stands: never screened, stale, clear as of certain lists, or waiting. Silence is never "clear"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Finding, Json, Strength
from vedette.screening.store import Coverage, Screened


class State(StrEnum):
    """``ask`` waits for an answer of the customer, ``review`` and ``stop`` for a person.

    ``never``: nothing of the account could be screened, or nobody did. ``stale``: its data or a list in force is newer.
    """

    NEVER = "never"
    STALE = "stale"
    CLEAR = "clear"
    ASK = "ask"
    REVIEW = "review"
    STOP = "stop"


_BY_STRENGTH = {
    Strength.STOP: State.STOP,
    Strength.STRONG: State.REVIEW,
    Strength.MEDIUM: State.REVIEW,
    Strength.WEAK: State.ASK,
}


def outcome_of(findings: Iterable[Finding], *, screenable: bool) -> State:
    """What screening an account gave. One without a name and an identifier was not screened, whatever else was found."""
    strongest = min((finding.strength for finding in findings), key=lambda strength: strength.rank, default=None)
    found = _BY_STRENGTH.get(strongest, State.CLEAR) if strongest else State.CLEAR
    return found if screenable or found is not State.CLEAR else State.NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The answer about one account. ``outcome`` is what its last screening gave, also where that is stale now.

    ``lists`` are the versions that the outcome holds for; ``why`` says what makes it stale or never.
    """

    account_id: str
    state: State
    outcome: State
    lists: Mapping[str, str]
    screened_at: str = ""
    covered_at: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "account_id": self.account_id,
            "state": self.state.value,
            "outcome": self.outcome.value,
            "lists": dict(self.lists),
            "screened_at": self.screened_at or None,
            "covered_at": self.covered_at or None,
            "why": self.why,
        }


def standing(
    account_id: str,
    screened: Screened | None,
    covered: Coverage | None,
    *,
    in_force: Mapping[str, str],
    held_print: str,
) -> Standing:
    """Where an account stands today. ``in_force`` gives the version of each list; ``held_print`` is that of its data now."""
    if screened is None or covered is None:
        return Standing(
            account_id=account_id, state=State.NEVER, outcome=State.NEVER, lists={}, why="it was never screened"
        )
    outcome = State(screened.outcome)
    why = _stale(screened, covered, in_force, held_print)
    if outcome is State.NEVER and not why:
        why = "it holds neither a name nor an identifier"
    state = State.STALE if why and outcome is not State.NEVER else outcome
    return Standing(
        account_id=account_id,
        state=state,
        outcome=outcome,
        lists=covered.lists,
        screened_at=screened.screened_at,
        covered_at=covered.covered_at,
        why=why,
    )


def _stale(screened: Screened, covered: Coverage, in_force: Mapping[str, str], held_print: str) -> str:
    newer = sorted(name for name, version in in_force.items() if covered.lists.get(name) != version)
    if newer:
        return f"not yet screened against the version in force of: {', '.join(newer)}"
    return "" if screened.held_print == held_print else "its data or its suppressions changed since"
