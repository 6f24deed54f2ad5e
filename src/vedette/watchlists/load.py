"""Taking list files in: read, guarded, archived, and put in force in one audited act; and reading what is in force."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from vedette.audit import writing
from vedette.base import Clock, Place, Principal, iso
from vedette.store import Store
from vedette.watchlists import store as rows
from vedette.watchlists.codec import decode_lines, encode_lines
from vedette.watchlists.detect import Batch, sort_out
from vedette.watchlists.diff import ListDiff, diff
from vedette.watchlists.guards import doubts, names_in
from vedette.watchlists.intake import files_in, read_piece
from vedette.watchlists.model import Listing, ListVersion
from vedette.watchlists.reading import ListError, Piece, Reading
from vedette.watchlists.source import Source, parser_of, source

_LIST_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


class Outcome(StrEnum):
    """What became of a set of files."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # older than the version in force: kept for comparison and replay
    SKIPPED = "skipped"  # found in a folder, and no list
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What became of one list version's files. ``problem`` and ``remedy`` are set where they were refused or skipped.

    ``previous`` names the version that was in force before; ``delta`` is what changed against it, for re-screening.
    """

    files: str
    outcome: Outcome
    list_id: str = ""
    version: ListVersion | None = None
    previous: str = ""
    delta: ListDiff | None = None
    ignored: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """One list as read from files, not stored."""

    list_id: str
    files: str
    source: Source
    reading: Reading
    pieces: Mapping[str, Piece]
    dated: date | None

    @property
    def content_hash(self) -> str:
        """SHA-256 over the source, its parser's revision and each piece's role and bytes."""
        return content_hash(
            self.source, {role: hashlib.sha256(piece.data).hexdigest() for role, piece in self.pieces.items()}
        )


def content_hash(declared: Source, files: Mapping[str, str]) -> str:
    """The content hash of a version, from the SHA-256 of each of its files by role."""
    state = hashlib.sha256(f"{declared.id}\n{declared.revision}\n".encode())
    for role in sorted(files):
        state.update(f"{role} {files[role]}\n".encode())
    return state.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the caller asked for, beyond the files."""

    principal: Principal
    clock: Clock
    published: date | None
    list_id: str | None
    force: bool
    reason: str


def load(
    store: Store,
    principal: Principal,
    paths: Sequence[Path],
    *,
    clock: Clock,
    published: date | None = None,
    list_id: str | None = None,
    force: bool = False,
    reason: str = "",
    on_step: Callable[[], object] = lambda: None,
) -> tuple[LoadResult, ...]:
    """Load files and folders. Each list is taken or refused by itself; a refused one leaves its version in force.

    ``force`` takes a list against the guards and records the ``reason``, which it needs. ``published`` and ``list_id``
    overrule what the files say. Oldest versions come first, so that the newest ends up in force.
    """
    if force and not reason.strip():
        raise ListError("forcing a list past its guards needs a reason", remedy="Say why with --reason")
    wish = _Wish(
        principal=principal, clock=clock, published=published, list_id=list_id, force=force, reason=reason.strip()
    )
    batches, results = _sorted(paths, on_step)
    if list_id and len({batch.source_id for batch in batches}) > 1:
        raise ListError(
            "one name cannot serve several lists", remedy="Load them in separate commands, each with its --as"
        )
    for batch in batches:
        results.append(_load_batch(store, batch, wish))
        on_step()
    return tuple(results)


def read(paths: Sequence[Path], list_id: str | None = None) -> tuple[ReadList, ...]:
    """Read files without storing anything. Raises the first ListError met."""
    sorting = sort_out(read_piece(path) for path, _ in files_in(paths))
    if sorting.left:
        raise sorting.left[0][1]
    return tuple(_read(batch, list_id) for batch in sorting.batches)


def current(store: Store) -> tuple[ListVersion, ...]:
    """The version in force of each list, by list id."""
    return rows.in_force(store)


def entries(store: Store, version: ListVersion) -> tuple[Listing, ...]:
    """The listings of a stored version, checked against its hash."""
    return decode_lines(rows.entries_blob(store, version))


def _sorted(paths: Sequence[Path], on_step: Callable[[], object]) -> tuple[list[Batch], list[LoadResult]]:
    """Pieces sorted into batches, with a result for every file that joined none: refused if named, skipped if come across."""
    results: list[LoadResult] = []
    pieces: list[Piece] = []
    named: set[int] = set()
    for path, by_name in files_in(paths):
        try:
            piece = read_piece(path)
        except ListError as fault:
            results.append(_failed(str(path), fault, Outcome.REFUSED))
        else:
            pieces.append(piece)
            named |= {id(piece)} if by_name else set()
        on_step()
    sorting = sort_out(pieces)
    for piece, why in sorting.left:
        results.append(_failed(piece.name, why, Outcome.REFUSED if id(piece) in named else Outcome.SKIPPED))
    return sorting.batches, results


def _failed(files: str, fault: ListError, outcome: Outcome, list_id: str = "") -> LoadResult:
    bare = ListError(fault.problem, place=fault.place)
    return LoadResult(files=files, outcome=outcome, list_id=list_id, problem=str(bare), remedy=fault.remedy)


def _load_batch(store: Store, batch: Batch, wish: _Wish) -> LoadResult:
    list_id = wish.list_id or ""
    try:
        found = _read(batch, wish.list_id)
        list_id = found.list_id
        return _take(store, found, wish)
    except ListError as fault:
        return _failed(batch.name, fault, Outcome.REFUSED, list_id)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the collector of cycles: parsing makes a million small objects and no cycle, and it would visit them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(batch: Batch, list_id: str | None) -> ReadList:
    declared = source(batch.source_id)
    with _uncollected():
        reading = parser_of(batch.source_id).parse(batch.pieces)
    named = list_id or reading.list_id or declared.id
    if not _LIST_ID.fullmatch(named):
        raise ListError(
            f"{named!r} cannot name a list", place=Place(batch.name), remedy="Use --as with a-z, 0-9, _ . and - only"
        )
    stamped = tuple(
        replace(listing, dprk=True) if declared.is_dprk(listing.programmes) else listing for listing in reading.listings
    )
    return ReadList(
        list_id=named,
        files=batch.name,
        source=declared,
        reading=replace(reading, listings=stamped),
        pieces=batch.pieces,
        dated=reading.published or batch.dated,
    )


def _take(store: Store, found: ReadList, wish: _Wish) -> LoadResult:
    known = rows.versions(store, found.list_id)
    before = next((version for version in known if version.in_force), None)
    if before and before.source_id != found.source.id:
        raise ListError(
            f"is in force as a list of {before.source_id}; a file of {found.source.id} cannot follow it",
            place=Place(found.list_id),
            remedy="Give the file another list name with --as",
        )
    same = next((version for version in known if version.content_hash == found.content_hash), None)
    if same and (same.in_force or not wish.force):
        note = f"the same content is already {'in force' if same.in_force else 'kept'} as {same.version}"
        return _result(found, Outcome.UNCHANGED, same, notes=(note,))
    version = _stored(store, found, _checked(found, before, wish), before=before, wish=wish)
    if not version.in_force:
        note = f"older than {before.version if before else ''}, which stays in force; kept for comparison"
        return _result(found, Outcome.KEPT, version, notes=(note, *version.notes))
    delta = diff(entries(store, before) if before else (), found.reading.listings)
    return replace(
        _result(found, Outcome.LOADED, version, notes=version.notes),
        previous=before.version if before else "",
        delta=delta,
    )


def _result(found: ReadList, outcome: Outcome, version: ListVersion, *, notes: tuple[str, ...]) -> LoadResult:
    return LoadResult(
        files=found.files,
        outcome=outcome,
        list_id=found.list_id,
        version=version,
        ignored=found.reading.ignored,
        notes=notes,
    )


def _checked(found: ReadList, before: ListVersion | None, wish: _Wish) -> ListVersion:
    """The version to store, once the guards have nothing against it or were overruled."""
    published = wish.published or found.dated
    older = bool(before and before.published and published and published < before.published)
    in_force = wish.force or not older
    listings = found.reading.listings
    against = doubts(found.source, listings, (before.entries, before.names) if before and in_force else None)
    if against and not wish.force:
        raise against[0]
    return ListVersion(
        list_id=found.list_id,
        version=f"{published or wish.clock.now().date()}.{found.content_hash[:12]}",
        content_hash=found.content_hash,
        published=published,
        loaded_at=iso(wish.clock.now()),
        entries=len(listings),
        obligation=found.source.obligation,
        source_id=found.source.id,
        names=names_in(listings),
        dprk=sum(listing.dprk for listing in listings),
        in_force=in_force,
        forced=wish.reason if against or (older and wish.force) else "",
        notes=(*found.reading.notes, *(f"forced past: {fault.problem}" for fault in against)),
    )


def _stored(
    store: Store, found: ReadList, version: ListVersion, *, before: ListVersion | None, wish: _Wish
) -> ListVersion:
    """Blobs first, the row that makes them visible last and in one transaction with its audit leaf."""
    files = tuple((role, piece.name, rows.keep_file(store, piece.data)) for role, piece in sorted(found.pieces.items()))
    version = replace(version, entries_hash=rows.keep_entries(store, encode_lines(found.reading.listings)))
    with writing(store, wish.principal, "watchlists.load", clock=wish.clock) as act:
        rows.put_in_force(
            act,
            version,
            rows.Origin(files, found.reading.ignored),
            expected=before.version if before else "",
        )
        act.fact("list_id", version.list_id)
        act.fact("version", version.version)
        act.fact("content_hash", version.content_hash)
        act.fact("entries", version.entries)
        act.fact("in_force", int(version.in_force))
        act.fact("follows", before.version if before else "")
        act.fact("forced", version.forced)
    return version
