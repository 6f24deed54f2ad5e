"""Tells for whom screening stands where, and which data is held that no screening has looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from vedette import watchlists
from vedette.app import population
from vedette.app.rescreen import active
from vedette.base import Clock, Json, VedetteError
from vedette.screening import store as kept
from vedette.screening.standing import Standing, State, standing
from vedette.store import Store


@dataclass(frozen=True, slots=True)
class FieldHeld:
    """One kind of data: how many rows hold it, and how many of those screening compares. ``why`` says why not all."""

    field: str
    held: int
    screened: int
    why: str = ""

    @property
    def never(self) -> int:
        """Rows that hold it and that no screening looks at."""
        return self.held - self.screened

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "field": self.field,
            "held": self.held,
            "screened": self.screened,
            "never_screened": self.never,
            "why": self.why,
        }


# Field, table, where it is held, whether it is compared, and why not where it is not.
_TOKEN = "only a token of it is kept, which cannot be compared with a list"
_FIELDS: tuple[tuple[str, str, str, bool, str], ...] = (
    (
        "account without a name",
        "accounts",
        "name_token IS NULL AND name_native_token IS NULL",
        False,
        "no name is held",
    ),
    ("account.name", "accounts", "name_token IS NOT NULL", True, ""),
    ("account.name_native", "accounts", "name_native_token IS NOT NULL", True, ""),
    ("account.birth_date", "accounts", "birth_date_token IS NOT NULL", True, ""),
    ("account.country", "accounts", "country IS NOT NULL", True, ""),
    ("account.address", "accounts", "address_token IS NOT NULL", True, ""),
    ("account.email", "accounts", "email_token IS NOT NULL", True, ""),
    ("account.phone", "accounts", "phone_token IS NOT NULL", True, ""),
    ("account.registration_number", "accounts", "registration_token IS NOT NULL", True, ""),
    ("account.website", "accounts", "website_token IS NOT NULL", True, ""),
    ("account.id_document", "accounts", "document_token IS NOT NULL", False, _TOKEN),
    (
        "owner without a name",
        "owners",
        "owner_name_token IS NULL AND owner_name_native_token IS NULL",
        False,
        "no name is held",
    ),
    ("owner.owner_name", "owners", "owner_name_token IS NOT NULL", True, ""),
    ("owner.owner_name_native", "owners", "owner_name_native_token IS NOT NULL", True, ""),
    ("owner.birth_date", "owners", "birth_date_token IS NOT NULL", True, ""),
    ("payment.payer_name", "payments", "payer_name_token IS NOT NULL", False, _TOKEN),
    ("payment.wallet", "payments", "wallet IS NOT NULL AND account_id IS NOT NULL", True, ""),
    (
        "payment.wallet of no account",
        "payments",
        "wallet IS NOT NULL AND account_id IS NULL",
        False,
        "no account claims it",
    ),
)


def held_fields(store: Store) -> tuple[FieldHeld, ...]:
    """Every kind of data that could be compared with a list, with how much of it is."""
    found = []
    with store.engine(["accounts", "owners", "payments"]) as engine:
        for table in ("accounts", "owners", "payments"):
            fields = [field for field in _FIELDS if field[1] == table]
            counts = ", ".join(f"count(*) FILTER (WHERE {where})" for _, _, where, _, _ in fields)
            for field, count in zip(fields, engine.rows(f"SELECT {counts} FROM {table}")[0], strict=True):
                found.append(FieldHeld(field[0], count, count if field[3] else 0, field[4]))
    return tuple(found)


def never_screened(store: Store) -> dict[str, Json]:
    """Rows held and never screened, by kind of data, for a run's summary."""
    return {one.field: one.never for one in held_fields(store) if one.never}


def standings(store: Store, clock: Clock) -> Iterator[Standing]:
    """Where each account stands today, by id."""
    suppressed = active(store, clock)
    everyone = population.everyone(store, {name: [one.id for one in held] for name, held in suppressed.items()})
    screened, covered = kept.states(store), kept.coverage(store)
    in_force = {version.list_id: version.version for version in watchlists.current(store)}
    for name in sorted(everyone):
        yield standing(name, screened.get(name), covered, in_force=in_force, held_print=everyone[name].held_print)


def of_account(store: Store, clock: Clock, account_id: str) -> Standing:
    """One account. Raises VedetteError where none of this id is held."""
    found = next((one for one in standings(store, clock) if one.account_id == account_id), None)
    if found is None:
        raise VedetteError(f"no account {account_id!r} is held", remedy="Check the id, or ingest the account")
    return found


def counted(store: Store, clock: Clock) -> dict[State, int]:
    """How many accounts stand where."""
    return dict(Counter(one.state for one in standings(store, clock)))
