"""Lists brought up to date from their official addresses: fetched to scratch, then loaded under the ordinary guards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from vedette.audit import writing
from vedette.base import Clock, Place, Principal, iso
from vedette.store import ArchiveError, Store
from vedette.watchlists import store as rows
from vedette.watchlists.detect import recognise
from vedette.watchlists.fetch import Limits, Validators, fetch
from vedette.watchlists.intake import read_piece
from vedette.watchlists.load import LoadResult, Outcome, content_hash, load
from vedette.watchlists.reading import ListError
from vedette.watchlists.source import Download, Source, source, sources


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it stands at its address; ``path`` is None where it did not change since it was last taken."""

    taken: rows.Taken
    path: Path | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Around:
    """What a refresh works with."""

    store: Store
    principal: Principal
    clock: Clock
    limits: Limits


def chosen(names: Sequence[str], *, every: bool = False) -> tuple[Source, ...]:
    """The sources of these ids; or every source that declares an address. Raises ListError for an unknown id."""
    if every:
        return tuple(item for item in sources() if item.download)
    known = {item.id for item in sources()}
    for name in names:
        if name not in known:
            raise ListError("is no list source", place=Place(name), remedy="`vedette lists status` names them")
    return tuple(source(name) for name in dict.fromkeys(names))


def refresh(
    store: Store,
    principal: Principal,
    wanted: Sequence[Source],
    *,
    clock: Clock,
    limits: Limits | None = None,
    on_step: Callable[[], object] = lambda: None,
) -> tuple[LoadResult, ...]:
    """Fetch and load each list by itself. Whatever fails is a refused result, and its version in force stays in force."""
    around = _Around(store, principal, clock, limits or Limits())
    results = []
    for item in wanted:
        results.append(_one(around, item))
        on_step()
    return tuple(results)


def _one(around: _Around, item: Source) -> LoadResult:
    try:
        if not item.download:
            raise ListError(
                f"has no address to fetch from: {item.no_download.rstrip('.')}",
                place=Place(item.id),
                remedy="Load a file with `vedette lists load`",
            )
        with TemporaryDirectory(prefix="fetch-", dir=around.store.workspace.scratch) as folder:
            return _brought(around, item, Path(folder))
    except (ListError, ArchiveError) as fault:
        bare = ListError(fault.problem, place=fault.place)
        return _refused(item, str(bare), fault.remedy)
    except OSError as fault:
        return _refused(item, f"scratch cannot be written: {fault.strerror}", "Free space or check rights")


def _refused(item: Source, problem: str, remedy: str) -> LoadResult:
    return LoadResult(files="", outcome=Outcome.REFUSED, list_id=item.id, problem=problem, remedy=remedy)


def _brought(around: _Around, item: Source, folder: Path) -> LoadResult:
    known = rows.taken(around.store, item.id)
    files = [_file(around, item, download, known.get(download.url), folder) for download in item.download]
    if all(file.path is None for file in files) and (standing := _standing(around.store, item, files)):
        return standing
    for file in files:
        _put_back(around.store, item, file, folder)
    results = load(around.store, around.principal, [folder], clock=around.clock)
    result = results[0]
    if result.version:
        _remember(around, item, files)
    return replace(result, notes=(*result.notes, *(file.note for file in files if file.note)))


def _file(around: _Around, item: Source, download: Download, before: rows.Taken | None, folder: Path) -> _File:
    usable = before if before and around.store.archive.has(before.file_hash) else None
    known = Validators(usable.etag, usable.last_modified) if usable else Validators()
    target = folder / _name(item, download.role)
    answer = fetch(download, target, known=known, hosts=item.redirect_hosts, limits=around.limits)
    if answer.unchanged and usable:
        return _File(replace(usable, role=download.role), None)
    path = target.rename(folder / _name(item, download.role, answer.validators.last_modified))
    piece = read_piece(path)
    if recognise(piece) != (item.id, download.role):
        problem = f"is not the {download.role} file of {item.id}"
        raise ListError(problem, place=Place(download.url), remedy="Check the publisher's page")
    file_hash = hashlib.sha256(piece.data).hexdigest()
    said = answer.validators
    taken = rows.Taken(download.role, download.url, said.etag, said.last_modified, file_hash)
    note = "" if answer.measured else f"{download.role}: the server gave no length, so a cut shows in the content only"
    return _File(taken, path, note)


def _name(item: Source, role: str, last_modified: str = "") -> str:
    """A file name that the detection understands, with the server's day where it gave one."""
    try:
        day = f"_{parsedate_to_datetime(last_modified).date()}" if last_modified else ""
    except ValueError:
        day = ""
    return f"{item.id}.{role}{day}"


def _standing(store: Store, item: Source, files: Sequence[_File]) -> LoadResult | None:
    """The answer where no file changed: the version that these files made, unless it must be read again."""
    wanted = content_hash(item, {file.taken.role: file.taken.file_hash for file in files})
    version = next((one for one in rows.versions(store, item.id) if one.content_hash == wanted), None)
    if version is None:
        return None
    state = "in force" if version.in_force else "kept, not in force"
    note = f"not changed at its address since {version.version} was loaded ({state})"
    return LoadResult(files="", outcome=Outcome.UNCHANGED, list_id=item.id, version=version, notes=(note,))


def _put_back(store: Store, item: Source, file: _File, folder: Path) -> None:
    """An unchanged file beside changed ones comes out of the archive."""
    if file.path is None:
        name = _name(item, file.taken.role, file.taken.last_modified)
        (folder / name).write_bytes(store.archive.get(file.taken.file_hash))


def _remember(around: _Around, item: Source, files: Sequence[_File]) -> None:
    with writing(around.store, around.principal, "watchlists.fetch", clock=around.clock) as act:
        rows.keep_taken(act, item.id, (file.taken for file in files), iso(around.clock.now()))
        act.fact("list_id", item.id)
        act.fact("files", len(files))
