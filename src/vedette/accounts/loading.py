"""Takes accounts, owners and identities from an export folder into the workspace, all in one audited act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from vedette.accounts import derive
from vedette.accounts import store as held
from vedette.accounts.addresses import Addresses
from vedette.accounts.exclusion import allowed, is_excluded, note
from vedette.accounts.forms import FORMS
from vedette.accounts.model import Loaded
from vedette.accounts.places import country_of
from vedette.accounts.tables import NAME_PARTS
from vedette.audit import writing
from vedette.base import Clock, Principal, canonical_json, to_micros
from vedette.store import Store
from vedette.store.intake import FileRefused, Form, Reading, export_files, read, write_refused

_COUNTRIES = ("country", "id_document_country")

Row = dict[str, Any]
_Key = tuple[str, ...]


@dataclass(slots=True)
class _Batch:
    """Everything that one load will write, gathered before the act begins."""

    store: Store
    engine: Any
    received_us: int
    year: int
    addresses: Addresses
    known_files: set[tuple[str, str]]
    hashes: dict[str, dict[_Key, str]] = field(default_factory=dict)
    ordinal: int = 0
    loaded: list[Loaded] = field(default_factory=list)
    feeds: dict[tuple[str, str], Row] = field(default_factory=dict)
    accounts: dict[str, tuple[int, Row]] = field(default_factory=dict)
    owners: dict[tuple[str, str], tuple[int, Row]] = field(default_factory=dict)
    parts: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    replaced: bool = False


def load(store: Store, principal: Principal, directory: Path, *, clock: Clock) -> tuple[Loaded, ...]:
    """Read ``accounts.*``, ``owners.*`` and ``identities.*`` of an export folder.

    A file that must be refused whole is told in ``Loaded.fault`` and the others go on. Rows already held unchanged, and
    every row of a file that was read before, count as duplicates. Raises FileRefused where the folder cannot be listed.
    """
    now = clock.now()
    with held.reading_tables(store) as engine:
        batch = _Batch(
            store=store,
            engine=engine,
            received_us=max(to_micros(now), held.last_received(store) + 1),
            year=now.year,
            addresses=Addresses(store, clock),
            known_files=held.feeds(store),
        )
        for form in FORMS:
            table = held.LAKE_TABLES[form.name]
            batch.hashes[form.name] = held.current_hashes(engine, table)
            held.make_holding(engine, table)
            for path in export_files(directory, form.name):
                batch.loaded.append(_file(batch, form, path))
        if batch.feeds:
            _write(batch, principal, clock)
    return tuple(batch.loaded)


def _file(batch: _Batch, form: Form, path: Path) -> Loaded:
    try:
        reading = read(batch.engine.connection, path, form, into="typed")
    except FileRefused as fault:
        return Loaded(adapter=form.name, file=str(path), fault=fault)
    _keep_refused(batch, reading)
    known = (form.name, reading.sha256) in batch.known_files
    notes = _Notes()
    stored = 0 if known else sum(_chunk(batch, form, rows, notes) for rows in held.typed_rows(batch.engine, "typed"))
    if not known:
        batch.known_files.add((form.name, reading.sha256))
        batch.feeds[(form.name, reading.sha256)] = {
            "sha256": reading.sha256,
            "form": form.name,
            "received_us": batch.received_us,
            "stored": stored,
        }
    return Loaded(
        adapter=form.name,
        file=str(path),
        read=reading.read,
        stored=stored,
        duplicates=reading.read - reading.refused_count - stored,
        refused_count=reading.refused_count,
        refused=reading.refused,
        notes=(*reading.notes, *_column_notes(reading), *notes.sentences()),
    )


def _keep_refused(batch: _Batch, reading: Reading) -> None:
    """Keep refused rows for correction, without the columns that are never stored."""
    if any(is_excluded(column) for column in reading.unknown_columns):
        extras = held.refused_extras(batch.engine, reading.into)
        held.purge_refused(batch.engine, reading.into, {text: _extra_text(_extra(text)) for text in extras})
    write_refused(batch.engine.connection, reading, batch.store.workspace.refused)


def _column_notes(reading: Reading) -> Iterator[str]:
    dropped = note(reading.unknown_columns)
    if dropped:
        yield dropped
    others = sorted(column for column in reading.unknown_columns if not is_excluded(column))
    if others:
        yield f"unknown columns, kept sealed with the account: {', '.join(others)}"


@dataclass(slots=True)
class _Notes:
    """Country texts that name no country, by column."""

    unread: dict[str, set[str]] = field(default_factory=dict)

    def sentences(self) -> Iterator[str]:
        """One sentence a column."""
        for column, texts in sorted(self.unread.items()):
            yield f"{column}: {len(texts)} texts name no single country, such as {min(texts)[:40]!r}"


def _chunk(batch: _Batch, form: Form, rows: list[Row], notes: _Notes) -> int:
    """Take the rows that say something new. Returns how many."""
    contents = [_content(row) for row in rows]
    for row in contents:
        _note_countries(row, notes)
    hashes, known = _row_hashes(batch.store, form, contents), batch.hashes[form.name]
    fresh: list[tuple[Row, Row]] = []
    for row_hash, content in zip(hashes, contents, strict=True):
        key = tuple(str(content[name]) for name in form.key)
        if known.get(key) == row_hash:
            continue
        batch.replaced |= key in known
        known[key] = row_hash
        batch.ordinal += 1
        arrival = {"received_us": batch.received_us, "ordinal": batch.ordinal, "row_hash": row_hash}
        fresh.append((content, arrival))
    held.hold(batch.engine, held.LAKE_TABLES[form.name], _TAKE[form.name](batch, fresh))
    return len(fresh)


def _row_hashes(store: Store, form: Form, contents: list[Row]) -> list[str]:
    """A keyed hash of each row's content: without the workspace's key nobody can try out what a row said."""
    key = store.vault.token("row", form.name).encode()
    return [blake2b(canonical_json(row), key=key, digest_size=16).hexdigest() for row in contents]


def _content(row: Row) -> Row:
    """The filled fields of a typed row, without its place in the file and without what is never stored."""
    content = {name: value for name, value in row.items() if value is not None and name not in ("extra", "ordinal")}
    extra = _extra(row["extra"])
    return {**content, "extra": extra} if extra else content


def _extra(text: str | None) -> Row:
    found = json.loads(text) if text else {}
    return allowed(found) if isinstance(found, dict) else {}


def _extra_text(extra: Row) -> str | None:
    return json.dumps(extra, ensure_ascii=False) if extra else None


def _note_countries(row: Mapping[str, Any], notes: _Notes) -> None:
    for name in _COUNTRIES:
        text = row.get(name)
        if text and country_of(text) is None:
            notes.unread.setdefault(name, set()).add(text)


# -- what each form becomes


def _take_accounts(batch: _Batch, fresh: list[tuple[Row, Row]]) -> list[Row]:
    drawn = [derive.account(_with_codes(content), batch.year) for content, _ in fresh]
    known = batch.addresses.find([item.plain.get("signup_ip") for item in drawn])
    for (content, _), item in zip(fresh, drawn, strict=True):
        account_id = content["account_id"]
        batch.accounts[account_id] = (batch.received_us, content)
        batch.parts[(account_id, "holder", "")] = item.parts
    rows = _lake_rows(batch, fresh, drawn)
    return [{**row, **seen} for row, seen in zip(rows, known, strict=True)]


def _take_owners(batch: _Batch, fresh: list[tuple[Row, Row]]) -> list[Row]:
    drawn = [derive.owner(_with_codes(content)) for content, _ in fresh]
    for (content, _), item in zip(fresh, drawn, strict=True):
        key = (content["account_id"], content["owner_id"])
        batch.owners[key] = (batch.received_us, content)
        batch.parts[(key[0], "owner", key[1])] = item.parts
    return _lake_rows(batch, fresh, drawn)


def _take_identities(batch: _Batch, fresh: list[tuple[Row, Row]]) -> list[Row]:
    """Rows for the lake. A mail address gets the token that log events bear instead of it."""
    mails = [str(content["external_id"]).strip().casefold() for content, _ in fresh if content.get("kind") == "email"]
    tokens = dict(zip(mails, batch.store.vault.tokens("email", mails), strict=True))
    return [{**_with_token(content, tokens), **arrival} for content, arrival in fresh]


def _with_token(content: Row, tokens: Mapping[str, str]) -> Row:
    if content.get("kind") != "email":
        return content
    return {**content, "external_id": tokens[str(content["external_id"]).strip().casefold()]}


_TAKE: Mapping[str, Callable[[_Batch, list[tuple[Row, Row]]], list[Row]]] = {
    "accounts": _take_accounts,
    "owners": _take_owners,
    "identities": _take_identities,
}


def _with_codes(content: Row) -> Row:
    """The same fields with countries as codes; a text that names none is left out."""
    codes = {name: country_of(content[name]) for name in _COUNTRIES if name in content}
    return {**content, **codes}


def _lake_rows(batch: _Batch, fresh: list[tuple[Row, Row]], drawn: list[derive.Drawn]) -> list[Row]:
    texts: dict[str, dict[str, None]] = {kind: {} for kind in derive.TOKEN_KINDS.values()}
    for item in drawn:
        for column, text in item.secret.items():
            texts[derive.TOKEN_KINDS[column]][text] = None
    tokens = {kind: _tokens(batch.store, kind, found) for kind, found in texts.items()}
    rows = []
    for item, (_, arrival) in zip(drawn, fresh, strict=True):
        secret = {column: tokens[derive.TOKEN_KINDS[column]][text] for column, text in item.secret.items()}
        rows.append({**item.plain, **arrival, **secret})
    return rows


def _tokens(store: Store, kind: str, texts: Iterable[str]) -> dict[str, str]:
    """The token of each distinct text."""
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, store.vault.tokens(kind, distinct), strict=True))


# -- the act


def _write(batch: _Batch, principal: Principal, clock: Clock) -> None:
    staged, retired = _stage(batch)
    try:
        with writing(batch.store, principal, "accounts.load", clock=clock) as act:
            for files in staged:
                act.commit_files(files)
            act.retire_files(retired)
            held.seal_accounts(act, batch.store, batch.accounts)
            held.seal_owners(act, batch.store, batch.owners)
            held.note_feeds(act, batch.feeds.values())
            act.fact("files", [row["sha256"] for row in batch.feeds.values()])
            act.fact("stored", sum(row["stored"] for row in batch.feeds.values()))
    finally:
        for files in staged:
            batch.store.lake.discard(files)


def _stage(batch: _Batch) -> tuple[list[Any], list[Mapping[str, Any]]]:
    """Files to make visible, and the files of name parts that they replace where a bearer's name changed."""
    retired = held.name_part_files(batch.store) if batch.replaced else []
    held.make_holding(batch.engine, NAME_PARTS)
    held.hold(batch.engine, NAME_PARTS, list(_part_rows(batch)))
    if batch.replaced:
        held.keep_other_name_parts(batch.engine, batch.parts)
    tables = [held.LAKE_TABLES[form.name] for form in FORMS]
    return [held.stage(batch.store, batch.engine, table) for table in (*tables, NAME_PARTS)], retired


def _part_rows(batch: _Batch) -> Iterator[Row]:
    bearers = [(bearer, part) for bearer, parts in batch.parts.items() for part in parts]
    tokens = _tokens(batch.store, "name_part", (part for _, part in bearers))
    for number, ((account_id, role, owner_id), part) in enumerate(bearers):
        yield {
            "account_id": account_id,
            "role": role,
            "owner_id": owner_id,
            "part_token": tokens[part],
            "received_us": batch.received_us,
            "ordinal": number,
        }
