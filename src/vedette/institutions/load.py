"""Taking registries in: read, guarded, archived and put in force in one audited act."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from vedette.audit import writing
from vedette.base import Clock, Place, Principal, iso
from vedette.institutions import store as rows
from vedette.institutions.intake import read_file
from vedette.institutions.model import InstitutionError, Organisation, Reading, Refused, RegistryVersion
from vedette.institutions.registry import Registry, parser_of, registries
from vedette.store import Store

_HEAD = 64 * 1024
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_FORCE = "Compare it with the publisher's page; if it is right, load it with --force and a reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What became of one file. ``outcome`` is loaded, unchanged or refused; ``problem`` and ``remedy`` say why it was refused."""

    file: str
    outcome: str
    version: RegistryVersion | None = None
    previous: str = ""
    ignored: dict[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRegistry:
    """One registry as read from a file, not stored."""

    registry: Registry
    file: str
    data: bytes
    reading: Reading
    dated: date | None

    @property
    def content_hash(self) -> str:
        """SHA-256 over the registry's kind and the unpacked bytes."""
        return hashlib.sha256(self.registry.id.encode() + b"\n" + self.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the caller asked for, beyond the files."""

    principal: Principal
    clock: Clock
    name: str
    reason: str
    force: bool


def read(path: Path) -> ReadRegistry:
    """Read one file without storing anything. Raises InstitutionError."""
    name, data, dated = read_file(path)
    head = data[:_HEAD]
    claims = [item for item in registries() if parser_of(item.id).recognise(name, head)]
    if len(claims) != 1:
        problem = "is in no form of a registry known here" if not claims else "could belong to several registries"
        raise InstitutionError(
            problem, place=Place(name), remedy="Sanctions lists are loaded with `vedette lists load`"
        )
    reading = parser_of(claims[0].id).parse(name, data)
    return ReadRegistry(registry=claims[0], file=name, data=data, reading=reading, dated=reading.published or dated)


def recognised(path: Path) -> bool:
    """Whether one kind of registry claims the file; a file that cannot be read is left to ``load``, which says why."""
    try:
        name, data, _ = read_file(path)
    except InstitutionError:
        return True
    return any(parser_of(item.id).recognise(name, data[:_HEAD]) for item in registries())


def load(
    store: Store,
    principal: Principal,
    paths: Sequence[Path],
    *,
    clock: Clock,
    name: str = "",
    force: bool = False,
    reason: str = "",
) -> tuple[LoadResult, ...]:
    """Load files. Each is taken or refused by itself; a refused one leaves its registry's version in force.

    ``name`` is what the registry is called here, by default the id of its kind. ``force`` takes a registry against the guards
    and records the ``reason``, which it needs.
    """
    if force and not reason.strip():
        raise InstitutionError("forcing a registry past its guards needs a reason", remedy="Say why with --reason")
    if name and not _NAME.fullmatch(name):
        raise InstitutionError(f"{name!r} cannot name a registry", remedy="Use a-z, 0-9, _ . and - only")
    if name and len(paths) > 1:
        raise InstitutionError("one name cannot serve several files", remedy="Load them one by one, each with its --as")
    wish = _Wish(principal=principal, clock=clock, name=name, reason=reason.strip(), force=force)
    return tuple(_load_one(store, path, wish) for path in paths)


def current(store: Store) -> tuple[RegistryVersion, ...]:
    """The version in force of each loaded registry, by its name."""
    return rows.in_force(store)


def organisations(store: Store, version: RegistryVersion) -> tuple[Organisation, ...]:
    """The organisations of a stored version, checked against its hash."""
    return rows.organisations(store, version)


def _load_one(store: Store, path: Path, wish: _Wish) -> LoadResult:
    try:
        return _take(store, read(path), wish)
    except InstitutionError as fault:
        bare = InstitutionError(fault.problem, place=fault.place)
        return LoadResult(file=str(path), outcome="refused", problem=str(bare), remedy=fault.remedy)


def _take(store: Store, found: ReadRegistry, wish: _Wish) -> LoadResult:
    name = wish.name or found.registry.id
    before = next((version for version in rows.in_force(store) if version.registry == name), None)
    if before and before.kind != found.registry.id:
        raise InstitutionError(
            f"is a registry of kind {before.kind}; a file of {found.registry.id} cannot follow it",
            place=Place(name),
            remedy="Give the file another name with --as",
        )
    if before and before.content_hash == found.content_hash:
        return _result(found, "unchanged", before)
    against = _doubts(found, before)
    if against and not wish.force:
        raise against[0]
    version = _stored(store, found, before, wish, forced=wish.reason if against else "")
    return _result(found, "loaded", version, previous=before.version if before else "")


def _result(found: ReadRegistry, outcome: str, version: RegistryVersion, previous: str = "") -> LoadResult:
    return LoadResult(
        file=found.file,
        outcome=outcome,
        version=version,
        previous=previous,
        ignored=found.reading.ignored,
        refused=found.reading.refused,
    )


def _doubts(found: ReadRegistry, before: RegistryVersion | None) -> tuple[InstitutionError, ...]:
    """Every reason to disbelieve what was read, as unraised errors. An empty file cannot be forced: it raises."""
    declared, count = found.registry, len(found.reading.organisations)
    if not count:
        raise InstitutionError("holds no organisation", place=Place(found.file), remedy="Download it again")
    problems = []
    if not declared.expected_min <= count <= declared.expected_max:
        problems.append(
            f"{count:,} organisations were read; {declared.expected_min:,} to {declared.expected_max:,} are believable"
        )
    for what, was, now in (
        ("organisations", before.organisations if before else 0, count),
        ("names", before.names if before else 0, _names_in(found.reading.organisations)),
    ):
        if now < was * (1 - declared.max_shrink):
            problems.append(
                f"{now:,} {what} follow {was:,} in force, a loss of {(was - now) / was:.0%} (at most {declared.max_shrink:.0%})"
            )
    return tuple(InstitutionError(problem, place=Place(found.file), remedy=_FORCE) for problem in problems)


def _names_in(found: Sequence[Organisation]) -> int:
    return sum(len(organisation.names) + len(organisation.acronyms) for organisation in found)


def _stored(
    store: Store, found: ReadRegistry, before: RegistryVersion | None, wish: _Wish, *, forced: str
) -> RegistryVersion:
    """Blobs first, the row that makes them visible last and in one transaction with its audit leaf."""
    now = wish.clock.now()
    version = RegistryVersion(
        registry=wish.name or found.registry.id,
        version=f"{found.dated or now.date()}.{found.content_hash[:12]}",
        kind=found.registry.id,
        content_hash=found.content_hash,
        entries_hash=rows.keep_entries(store, found.reading.organisations),
        published=found.dated,
        loaded_at=iso(now),
        organisations=len(found.reading.organisations),
        names=_names_in(found.reading.organisations),
        forced=forced,
    )
    origin = rows.Origin(
        found.file, rows.keep_file(store, found.data), found.reading.ignored, len(found.reading.refused)
    )
    with writing(store, wish.principal, "institutions.load", clock=wish.clock) as act:
        rows.put_in_force(act, version, origin, expected=before.version if before else "")
        act.fact("registry", version.registry)
        act.fact("version", version.version)
        act.fact("content_hash", version.content_hash)
        act.fact("organisations", version.organisations)
        act.fact("follows", before.version if before else "")
        act.fact("forced", version.forced)
    return version
