"""The words of the simulated provider: how much of it to invent, which behaviours are planted, and what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

KINDS = (
    "laptop_farm",
    "facilitator",
    "location_contradiction",
    "dprk_leak",
    "account_takeover_rented",
    "front_batch",
    "shared_contact",
    "listed_customer",
    "dprk_statement",
    "split_compute",
    "multi_ip",
)
"""What is planted; each is a documented pattern of requirements section 2."""

GROUPS = (
    "ordinary",
    "traveller",
    "shared_office",
    "cgnat",
    "agency",
    "classroom",
    "namesake",
    "diaspora",
    "night_worker",
    "vpn_user",
    "corporate_card",
    "family",
    "offshore_team",
    "returning_customer",
    "privacy_user",
)
"""Honest customers; all but the first look, in one respect, like somebody who is not."""

LEAST_ACCOUNTS = 150


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a provider to invent. The same plan gives the same bytes. ``events`` None means 100 an account."""

    accounts: int = 20_000
    days: int = 60
    seed: int = 7
    start: date = date(2026, 1, 1)
    events: int | None = None

    def __post_init__(self) -> None:
        if self.accounts < LEAST_ACCOUNTS:
            raise ValueError(f"a provider with every kind and group needs at least {LEAST_ACCOUNTS} accounts")
        if not 20 <= self.days <= 400:
            raise ValueError("days must lie between 20 and 400")
        if self.events is not None and self.events < 5 * self.accounts:
            raise ValueError("events must be at least five an account")

    @property
    def total_events(self) -> int:
        """Sign-ins, log events and payments together, to within one percent."""
        return 100 * self.accounts if self.events is None else self.events

    @property
    def planted(self) -> int:
        """About how many accounts are planted: one in a hundred, or one round of every kind."""
        return self.accounts // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written and where; counts include the planted duplicate rows."""

    export: Path
    truth: Path
    references: Path
    watchlist: Path
    accounts: int
    planted_accounts: int
    actors: int
    evasive_actors: int
    signins: int
    log_events: int
    payments: int
    samples: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    label: str = "simulated: every person, firm, address and event is invented"
