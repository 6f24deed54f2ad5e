"""HTTP: who is listed, in the shapes of a matching API that clients know (match, search, entities, catalog, algorithms)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from vedette import watchlists
from vedette.base import Json, Name, Party
from vedette.doors import web
from vedette.screening import match_door as door
from vedette.screening.live import Held, LiveIndex
from vedette.screening.match_door import Dataset, Entry, Example, Wish
from vedette.screening.model import ScreeningError
from vedette.screening.search import score
from vedette.watchlists.changed import changes

router = APIRouter(tags=["Matching"])
_CALLER = Annotated[web.Caller, Depends(web.needs(web.Scope.MATCH))]
_BODY = Annotated[bytes, Depends(web.body())]
_EVERY, _BLOCKING = "default", "sanctions"
_NAMES = Annotated[list[str], Query(max_length=50)]
_MOST_CANDIDATES = 1_000
_QUERY = {"schema": "Person", "properties": {"name": ["John Doe"], "birthDate": ["1975-04-21"], "country": ["us"]}}
_EXAMPLE = {"queries": {"q1": _QUERY}}
_ASKS = web.asks(
    "Parties by example, at most 100, each under a name of your choice.",
    {"type": "object", "required": ["queries"], "properties": {"queries": {"type": "object"}}},
    {"one person": _EXAMPLE},
)


@dataclass
class Shelf:
    """The lists in force behind this door: the shared index, and when each entry last changed."""

    live: LiveIndex
    _changes: dict[tuple[str, str], tuple[str, Mapping[str, str]]]

    def held(self, lists: Sequence[str] | None = None) -> Held:
        """The index over these lists, or over all. Raises Problem where no list is loaded."""
        found = self.live.current() if lists is None else self.live.part(lists)
        if found is None or not found.versions:
            remedy = "Whoever runs this service loads one with `vedette lists load FILE`"
            raise web.Problem(503, "no-list", "No list is loaded, so nobody can be screened", remedy=remedy)
        return found

    def entry(self, held: Held, list_id: str, entity_id: str) -> Entry:
        """An entry of an index."""
        version = held.version(list_id)
        usual, later = self._changed(version)
        number = held.numbers[list_id, entity_id]
        return Entry(held.index.listing(number), version, later.get(entity_id, usual))

    def _changed(self, version: watchlists.ListVersion) -> tuple[str, Mapping[str, str]]:
        key = (version.list_id, version.version)
        if key not in self._changes:
            self._changes = {k: v for k, v in self._changes.items() if k[0] != version.list_id}
            self._changes[key] = changes(self.live.store, version)
        return self._changes[key]


def live(place: web.Workplace) -> LiveIndex:
    """The index that all routes of this process share."""
    return place.keep(LiveIndex, lambda: LiveIndex(place.store))


def warm(place: web.Workplace) -> None:
    """Do at start what the first customer would wait for."""
    held = live(place).current()
    if held is not None:
        with live(place).turn:
            score(Party(id="warm-up", names=(Name("Nobody Atall"),)), against=held.index)
        for key in list(held.numbers)[:1]:
            shelf(place).entry(held, *key)


def shelf(place: web.Workplace) -> Shelf:
    """What the routes of this module share."""
    return place.keep(Shelf, lambda: Shelf(live(place), {}))


@dataclass(slots=True)
class Asked:
    """The query parameters of a match, with the names that clients of such an API send."""

    limit: Annotated[int, Query(ge=1, le=door.MOST_RESULTS)] = door.USUAL_RESULTS
    threshold: Annotated[float, Query(ge=0, le=1)] = 0.7
    cutoff: Annotated[float, Query(ge=0, le=1)] = 0.5
    algorithm: Annotated[str, Query(max_length=40)] = door.ALGORITHM
    include_dataset: _NAMES = ()  # type: ignore[assignment]  # FastAPI makes it a list
    exclude_dataset: _NAMES = ()  # type: ignore[assignment]  # as above
    exclude_schema: _NAMES = ()  # type: ignore[assignment]  # as above
    exclude_entity_ids: _NAMES = ()  # type: ignore[assignment]  # as above
    topics: _NAMES = ()  # type: ignore[assignment]  # as above
    changed_since: Annotated[str | None, Query(max_length=40)] = None
    fuzzy: Annotated[bool | None, Query(description="Accepted and without effect: names are always matched so.")] = None

    def wish(self, excluded: frozenset[str]) -> Wish:
        """How the client wants to be answered."""
        since = self.changed_since
        if since is not None and "T" not in since:
            since = f"{since}T00:00:00Z"
        elif since is not None and not since.endswith("Z") and "+" not in since:
            since = f"{since}Z"
        return Wish(
            threshold=self.threshold,
            cutoff=self.cutoff,
            limit=self.limit,
            topics=frozenset(self.topics),
            exclude_schema=frozenset(self.exclude_schema),
            exclude_entity_ids=excluded | frozenset(self.exclude_entity_ids),
            changed_since=web.moment(since, "changed_since"),
        )

    def notes(self) -> list[str]:
        """What the client is told about parameters that have no effect here."""
        note = door.algorithm_note(self.algorithm)
        fuzzy = "fuzzy has no effect: names are always matched by likeness and reading"
        return [*([note] if note else []), *([fuzzy] if self.fuzzy is not None else [])]


@router.post(
    "/match/{dataset}",
    summary="Match parties by example",
    responses=web.answers("One answer for every query.", {"responses": {}, "matcher": {}, "limit": 5}),
    openapi_extra=_ASKS,
)
def match(caller: _CALLER, dataset: str, asked: Annotated[Asked, Depends()], data: _BODY) -> Response:
    """Screens each party of a batch. Datasets are `default` (every list in force), `sanctions` (lists that block), or a
    list's id. `weights` and `config` of other services are not applied.
    """
    body = web.decoded(data)
    try:
        queries = door.read_queries(body)
        wish, notes = asked.wish(door.excluded_in(body)), asked.notes()
    except ScreeningError as fault:
        raise web.Problem(400, "bad-query", fault.problem, remedy=fault.remedy) from None
    caller.charge(len(queries))
    found = shelf(caller.place)
    held = found.held(_lists(found.held(), dataset, asked))
    ignored = [name for name in ("weights", "config") if body.get(name)]
    notes += [f"not applied: {', '.join(ignored)}"] if ignored else []
    answers = {name: door.answer(given, _found(found, held, given, wish), wish) for name, given in queries.items()}
    shown = {"responses": answers, "matcher": door.documents(), "limit": wish.limit, "algorithm": door.ALGORITHM}
    return web.answer({**shown, "notes": notes} if notes else shown, headers={"X-Batch-Size": str(len(answers))})


def _found(shelf: Shelf, held: Held, given: Example, wish: Wish) -> Iterator[tuple[Any, Entry]]:
    """The matches that the client wants, best first."""
    if given.party is None:
        return
    with shelf.live.turn:
        matches = score(given.party, against=held.index, limit=_MOST_CANDIDATES, threshold=wish.least)
        entries = [shelf.entry(held, match.list, match.entity_id) for match in matches]
    for each, entry in zip(matches, entries, strict=True):
        if each.score >= wish.least and door.wanted(entry, wish):
            yield each, entry


def _lists(held: Held, dataset: str, asked: Asked | None = None) -> list[str]:
    """The lists that a dataset and its filters name. Raises Problem for an unknown dataset, or where none is left."""
    chosen = _members(held, dataset)
    if chosen is None:
        raise web.Problem(404, "unknown-dataset", "There is no dataset of this name", remedy="GET /catalog names them")
    if asked is not None and asked.include_dataset:
        chosen = [name for name in chosen if name in asked.include_dataset]
    if asked is not None:
        chosen = [name for name in chosen if name not in asked.exclude_dataset]
    if not chosen:
        detail, remedy = "The filters leave no list to screen against", "An empty answer would look like a clean one"
        raise web.Problem(400, "no-dataset-left", detail, remedy=remedy)
    return chosen


def _members(held: Held, dataset: str) -> list[str] | None:
    every = [version.list_id for version in held.versions]
    if dataset == _EVERY:
        return every
    if dataset == _BLOCKING:
        return [version.list_id for version in held.versions if _duty(version) is watchlists.Duty.BLOCK]
    return [dataset] if dataset in every else None


def _duty(version: watchlists.ListVersion) -> watchlists.Duty | None:
    return next((one.duty for one in watchlists.sources() if one.id == version.source_id), None)


@router.get(
    "/search/{dataset}",
    summary="Search parties by name",
    responses=web.answers("Entities, best first.", {"results": [], "facets": {}, "limit": 10, "offset": 0}),
)
def search(
    caller: _CALLER,
    dataset: str,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    schema: Annotated[str, Query(max_length=40)] = "Thing",
    limit: Annotated[int, Query(ge=0, le=100)] = 10,
    offset: Annotated[int, Query(ge=0, le=1000)] = 0,
    topics: _NAMES = (),  # type: ignore[assignment]  # FastAPI makes it a list
    countries: _NAMES = (),  # type: ignore[assignment]  # as above
    datasets: _NAMES = (),  # type: ignore[assignment]  # as above
) -> Response:
    """Entities whose names are like the text, for people who look something up. Use `/match` to screen a customer."""
    if "\0" in q:
        raise web.Problem(422, "nul", "A text holds a NUL character", remedy="Leave it out")
    try:
        (given,) = door.read_queries({"queries": {"q": {"schema": schema, "properties": {"name": [q]}}}}).values()
    except ScreeningError as fault:
        raise web.Problem(400, "bad-query", fault.problem, remedy=fault.remedy) from None
    found = shelf(caller.place)
    lists = [name for name in _lists(found.held(), dataset) if not datasets or name in datasets]
    entries: list[Entry] = []
    if lists:
        matches = _found(found, found.held(lists), given, Wish(cutoff=0.5, topics=frozenset(topics)))
        entries = [entry for _, entry in matches if _in_countries(entry, countries)]
    results = [door.shown(entry) for entry in entries[offset : offset + limit]]
    total = {"value": len(entries), "relation": "eq"}
    return web.answer(
        {"results": results, "facets": door.facets(entries), "total": total, "limit": limit, "offset": offset}
    )


def _in_countries(entry: Entry, countries: Sequence[str]) -> bool:
    return not countries or bool({code.upper() for code in countries} & set(entry.listing.party.countries))


@router.get(
    "/entities/{entity_id:path}",
    summary="One listed party",
    responses=web.answers("The entity.", {"id": "us_ofac_sdn-36", "caption": "AEROCARIBBEAN AIRLINES"}),
)
def one(caller: _CALLER, entity_id: str) -> Response:
    """A listed party by the id of an answer; a publisher's own number also does where only one list has it."""
    found = shelf(caller.place)
    held = found.held()
    named = list(_named(held, entity_id))
    if len(named) == 1:
        return web.answer(door.shown(found.entry(held, *named[0])))
    raise web.Problem(404, "unknown-entity", "There is no entity of this id", remedy="Use the id of an answer")


def _named(held: Held, entity_id: str) -> Iterator[tuple[str, str]]:
    """The entries that an id may mean: the one of which it is the id, else all that a publisher numbered so."""
    for version in held.versions:
        own = entity_id.removeprefix(door.prefix(version))
        if (own != entity_id or not door.prefix(version)) and (version.list_id, own) in held.numbers:
            yield version.list_id, own
            return
    yield from ((v.list_id, entity_id) for v in held.versions if (v.list_id, entity_id) in held.numbers)


@router.get(
    "/catalog",
    summary="The datasets there are",
    responses=web.answers("Lists in force, and the collections of them.", {"datasets": [], "current": []}),
)
def catalog(caller: _CALLER, request: Request) -> Response:
    """Every list in force, and the collections `default` and `sanctions`."""
    held = shelf(caller.place).held()
    tag = web.etag(*(f"{version.list_id}@{version.version}" for version in held.versions))
    same = web.unchanged(request, tag)
    if same is not None:
        return same
    datasets = [*_collections(held), *(_dataset(version) for version in held.versions)]
    names = [version.list_id for version in held.versions]
    shown = {"datasets": [item.as_json() for item in datasets], "current": names, "outdated": [], "index_stale": False}
    return web.answer(shown, headers={"ETag": tag})


def _collections(held: Held) -> Iterator[Dataset]:
    mark = max(version.loaded_at for version in held.versions)
    for name, title, summary in (
        (_EVERY, "Every list", "Every list in force."),
        (_BLOCKING, "Lists that block", "Lists of parties with whom nothing may be done."),
    ):
        yield Dataset(name, title, summary, mark, tuple(_members(held, name) or ()))


def _dataset(version: watchlists.ListVersion) -> Dataset:
    declared = next((one for one in watchlists.sources() if one.id == version.source_id), None)
    title = declared.title if declared else version.list_id
    facts: dict[str, Json] = {"entity_count": version.entries, "updated_at": version.loaded_at}
    return Dataset(version.list_id, title, version.obligation, version.version, facts=facts)


@router.get(
    "/algorithms",
    summary="How matching is done",
    responses=web.answers("The one algorithm, with its features.", {"algorithms": [], "default": door.ALGORITHM}),
)
def algorithms(caller: _CALLER) -> Response:
    """The one algorithm there is, and what each feature of its answers means."""
    return web.answer(door.algorithms())
