"""Sealed fields and files read in the state database, and this room's tables in the lake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, func, select

from vedette.accounts.model import OwnerParty
from vedette.accounts.parties import owner_of, party_of
from vedette.accounts.tables import ACCOUNTS, IDENTITIES, NAME_PARTS, OWNERS
from vedette.audit import Act
from vedette.base import Party
from vedette.store import LakeTable, StagedFiles, Store

_METADATA = MetaData()
SECRET = Table(
    "account_secret",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("received_us", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
OWNER_SECRET = Table(
    "owner_secret",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("owner_id", Text, primary_key=True),
    Column("received_us", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
FEED = Table(
    "account_feed",
    _METADATA,
    Column("sha256", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    Column("received_us", BigInteger, nullable=False),
    Column("stored", BigInteger, nullable=False),
)

LAKE_TABLES: Mapping[str, LakeTable] = {table.name: table for table in (ACCOUNTS, OWNERS, IDENTITIES)}
_CHUNK = 50_000
_STREAMED = {"yield_per": 5_000}

Row = dict[str, Any]


def reading_tables(store: Store) -> Any:
    """A DuckDB engine over this room's tables, as committed now."""
    return store.engine([*LAKE_TABLES, NAME_PARTS.name])


# -- what was read before


def feeds(store: Store) -> set[tuple[str, str]]:
    """(form, SHA-256) of every file that was read."""
    with store.database.reading() as connection:
        return {(row.form, row.sha256) for row in connection.execute(select(FEED.c.form, FEED.c.sha256))}


def last_received(store: Store) -> int:
    """When the newest load was received, in microseconds; -1 before the first."""
    with store.database.reading() as connection:
        found = connection.execute(select(func.max(FEED.c.received_us))).scalar_one()
    return -1 if found is None else int(found)


def current_hashes(engine: Any, table: LakeTable) -> dict[tuple[str, ...], str]:
    """The content hash of the current row of each key."""
    keys = ", ".join(table.key)
    rows = engine.rows(f"SELECT {keys}, row_hash FROM {table.name}")
    return {tuple(row[:-1]): row[-1] for row in rows}


def typed_rows(engine: Any, into: str) -> Iterator[list[Row]]:
    """The rows of a typed intake table as dictionaries, in order, a chunk at a time."""
    last = -1
    while True:
        sql = f"SELECT * FROM {into} WHERE ordinal > {last} ORDER BY ordinal LIMIT {_CHUNK}"
        chunk = list(engine.dictionaries(sql))
        if not chunk:
            return
        last = chunk[-1]["ordinal"]
        yield chunk


def purge_refused(engine: Any, into: str, kept: Mapping[str, str | None]) -> None:
    """Replace the unknown columns of refused rows, by their text, before they are kept for correction."""
    for before, after in kept.items():
        engine.run(
            f"UPDATE {into}__refused SET extra = $after WHERE extra = $before", {"before": before, "after": after}
        )


def refused_extras(engine: Any, into: str) -> list[str]:
    """The distinct unknown columns of refused rows, as JSON texts."""
    return [row[0] for row in engine.rows(f"SELECT DISTINCT extra FROM {into}__refused WHERE extra IS NOT NULL")]


# -- the lake


def make_holding(engine: Any, table: LakeTable) -> None:
    """An empty temporary table with the columns of a lake table."""
    columns = ", ".join(f"{column.name} {column.type.value}" for column in table.columns)
    engine.run(f"CREATE OR REPLACE TEMP TABLE new_{table.name} ({columns})")


def hold(engine: Any, table: LakeTable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to the temporary table; missing columns are NULL."""
    if not rows:
        return
    lists = ", ".join(f"unnest(${column.name}::{column.type.value}[])" for column in table.columns)
    values = {column.name: [row.get(column.name) for row in rows] for column in table.columns}
    engine.run(f"INSERT INTO new_{table.name} SELECT {lists}", values)


def stage(store: Store, engine: Any, table: LakeTable) -> StagedFiles:
    """Write the temporary table's rows as files of the lake, not yet visible."""
    return store.lake.stage(engine.connection, table.name, f"SELECT * FROM new_{table.name}")


def keep_other_name_parts(engine: Any, replaced: Iterable[tuple[str, str, str]]) -> None:
    """Add to the new name parts every current one whose bearer (account, role, owner) is not among the replaced."""
    rows = list(replaced)
    engine.run("CREATE OR REPLACE TEMP TABLE replaced (account_id VARCHAR, role VARCHAR, owner_id VARCHAR)")
    if rows:
        lists = ", ".join("unnest(?::VARCHAR[])" for _ in range(3))
        engine.run(f"INSERT INTO replaced SELECT {lists}", [list(column) for column in zip(*rows, strict=True)])
    engine.run(
        f"INSERT INTO new_{NAME_PARTS.name} BY NAME SELECT held.* FROM {NAME_PARTS.name} AS held "
        "ANTI JOIN replaced USING (account_id, role, owner_id)"
    )


def name_part_files(store: Store) -> list[Mapping[str, Any]]:
    """The committed files of the name parts."""
    with store.database.reading() as connection:
        return store.lake.files(connection, NAME_PARTS.name)


# -- the sealed fields


def seal_accounts(act: Act, store: Store, rows: Mapping[str, tuple[int, Mapping[str, Any]]]) -> None:
    """Store the sealed fields of accounts: by account id, when received and the fields."""
    act.upsert(SECRET, [_sealed(store, key, *held) for key, held in rows.items()])


def seal_owners(act: Act, store: Store, rows: Mapping[tuple[str, str], tuple[int, Mapping[str, Any]]]) -> None:
    """The same of owners, by account id and owner id."""
    act.upsert(OWNER_SECRET, [{**_sealed(store, key[0], *held), "owner_id": key[1]} for key, held in rows.items()])


def _sealed(store: Store, account_id: str, received_us: int, fields: Mapping[str, Any]) -> Row:
    return {"account_id": account_id, "received_us": received_us, "sealed": store.vault.seal(account_id, fields)}


def note_feeds(act: Act, rows: Iterable[Mapping[str, Any]]) -> None:
    """Remember which files were read."""
    act.upsert(FEED, rows)


def all_accounts(store: Store) -> Iterator[tuple[str, int, Row]]:
    """(account id, received in microseconds, fields) of every account, by id. Opens the vault."""
    query = select(SECRET).order_by(SECRET.c.account_id)
    with store.database.reading() as connection:
        for row in connection.execute(query, execution_options=_STREAMED):
            yield row.account_id, row.received_us, store.vault.open(row.account_id, bytes(row.sealed))


def all_owners(store: Store) -> Iterator[tuple[str, int, Row]]:
    """The same of every owner, by account and owner id."""
    with store.database.reading() as connection:
        yield from _opened_owners(store, connection)


def _opened_owners(
    store: Store, connection: Connection, account_id: str | None = None
) -> Iterator[tuple[str, int, Row]]:
    query = select(OWNER_SECRET).order_by(OWNER_SECRET.c.account_id, OWNER_SECRET.c.owner_id)
    if account_id is not None:
        query = query.where(OWNER_SECRET.c.account_id == account_id)
    for row in connection.execute(query, execution_options=_STREAMED):
        yield row.account_id, row.received_us, store.vault.open(row.account_id, bytes(row.sealed))


# -- questions


def reveal(store: Store, account_id: str) -> Row | None:
    """Every sealed field of an account, its owners under ``owners``; None where there is none or it was shredded."""
    with store.database.reading() as connection:
        row = connection.execute(select(SECRET).where(SECRET.c.account_id == account_id)).one_or_none()
        if row is None:
            return None
        owners = [fields for _, _, fields in _opened_owners(store, connection, account_id)]
    return {**store.vault.open(account_id, bytes(row.sealed)), "owners": owners}


def owner_rows(store: Store, account_id: str | None = None) -> Iterator[tuple[str, Row]]:
    """(account id, fields) of every owner, or of one account's. Opens the vault."""
    with store.database.reading() as connection:
        yield from ((identity, fields) for identity, _, fields in _opened_owners(store, connection, account_id))


def parties(store: Store) -> Iterator[tuple[str, Party]]:
    """(account id, party) of every account, for screening."""
    for account_id, _, fields in all_accounts(store):
        yield account_id, party_of(account_id, fields)


def owner_parties(store: Store) -> Iterator[OwnerParty]:
    """Every owner of every account, with shares, for screening and the ownership rule."""
    for account_id, _, fields in all_owners(store):
        yield owner_of(account_id, fields)


def owners_of(store: Store, account_id: str) -> tuple[OwnerParty, ...]:
    """The owners of one account."""
    with store.database.reading() as connection:
        return tuple(owner_of(account_id, fields) for _, _, fields in _opened_owners(store, connection, account_id))


def get(store: Store, account_id: str) -> Row | None:
    """The lake's current row of an account: no direct identifiers, tokens only."""
    with store.engine([ACCOUNTS.name]) as engine:
        rows = list(engine.dictionaries("SELECT * FROM accounts WHERE account_id = ?", [account_id]))
    return rows[0] if rows else None


def listed(store: Store, *, begins: str = "", after: str = "", limit: int = 100) -> list[Row]:
    """Accounts by id from the lake, without direct identifiers: those that begin so and come after one, at most so many."""
    columns = "account_id, kind, status, country, verification_status, opened_us"
    sql = f"SELECT {columns} FROM accounts WHERE starts_with(account_id, ?) AND account_id > ? ORDER BY account_id LIMIT ?"
    with store.engine([ACCOUNTS.name]) as engine:
        return list(engine.dictionaries(sql, [begins, after, limit]))


def count(store: Store) -> int:
    """How many accounts are held."""
    with store.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(SECRET)).scalar_one())


def payer_countries(store: Store) -> dict[str, tuple[str, ...]]:
    """The countries from which each account was paid for, where payments are held."""
    if "payments" not in {table.name for table in store.catalogue}:
        return {}
    sql = "SELECT DISTINCT account_id, payer_country FROM payments WHERE payer_country IS NOT NULL ORDER BY ALL"
    found: dict[str, list[str]] = {}
    with store.engine(["payments"]) as engine:
        for account_id, country in engine.rows(sql):
            found.setdefault(account_id, []).append(country)
    return {account_id: tuple(countries) for account_id, countries in found.items()}


def identities(store: Store) -> str:
    """SQL of the relation of identities as committed now, for the reading of logs."""
    return store.relations([IDENTITIES.name])[IDENTITIES.name]
