"""HTTP: the ten endpoints of TAXII 2.1, its media types, and its faults as error resources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response

from vedette.base import VedetteError
from vedette.doors import web
from vedette.sharing import taxii
from vedette.sharing.routes.admission import Admitted, admitted
from vedette.sharing.store.peers import status as kept_status
from vedette.sharing.taxii import MEDIA_TYPE, ROOT, Answer, TaxiiFault

_ENCODER = msgspec.json.Encoder()
_ACCEPTED = ("application/taxii+json", "application/*", "*/*")


class _Route(APIRoute):
    """Tells every fault as TAXII's error resource, and refuses media types that it does not speak."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # narrower: no coroutine type
        handler = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                _negotiate(request)
                return await handler(request)
            except TaxiiFault as fault:
                return _error(request, fault.status, fault.title, fault.description)
            except web.Problem as problem:
                return _error(request, problem.status, problem.detail, problem.remedy, problem.headers)
            except RequestValidationError:
                return _error(request, 400, "A parameter has an impossible value")
            except VedetteError as fault:
                known = web.of_fault(fault)
                return _error(request, known.status, known.detail, known.remedy, known.headers)

        return told


def _negotiate(request: Request) -> None:
    """Refuse answers (406) and bodies (415) of another media type or version."""
    accept = request.headers.get("accept", "")
    if accept and not any(_speaks(part) for part in accept.split(",")):
        raise TaxiiFault(406, "Only TAXII 2.1 is spoken here", f"Send Accept: {MEDIA_TYPE}")
    kind = request.headers.get("content-type", "")
    if request.method == "POST" and not (_speaks(kind) and kind.strip()[:1] == "a"):
        raise TaxiiFault(415, "The body must be TAXII 2.1", f"Send Content-Type: {MEDIA_TYPE}")


def _speaks(text: str) -> bool:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    versions = [part.partition("=")[2].strip('" ') for part in parameters if part.startswith("version")]
    return name in _ACCEPTED and all(version == "2.1" for version in versions)


def _error(request: Request, status: int, title: str, description: str = "", headers: Any = None) -> Response:
    told = {"title": title, "http_status": str(status), "error_id": str(request.scope.get("vedette.request_id", ""))}
    told |= {"description": description} if description else {}
    return Response(_ENCODER.encode(told), status, headers=headers or {}, media_type=MEDIA_TYPE)


router = APIRouter(route_class=_Route, include_in_schema=False)
_PEER = Annotated[Admitted, Depends(admitted)]
_COLLECTION = ROOT + "collections/{collection}/"


def _answer(value: object, status: int = 200) -> Response:
    return Response(_ENCODER.encode(value), status, media_type=MEDIA_TYPE)


def _paged(found: Answer) -> Response:
    headers = {"X-TAXII-Date-Added-First": found.first, "X-TAXII-Date-Added-Last": found.last} if found.last else {}
    return Response(found.body, headers=headers, media_type=MEDIA_TYPE)


@router.get("/taxii2/")
def discovery(request: Request, by: _PEER) -> Response:
    """The server and its one API root."""
    root = f"{str(request.base_url).rstrip('/')}{ROOT}"
    return _answer(
        {
            "title": "Vedette",
            "description": "Open indicators of one house, for the peers that it let in",
            "default": root,
            "api_roots": [root],
        }
    )


@router.get(ROOT)
def api_root(by: _PEER) -> Response:
    """The API root."""
    return _answer(
        {
            "title": "Vedette",
            "versions": [MEDIA_TYPE],
            "max_content_length": by.place.limits.largest_body,
        }
    )


@router.get(ROOT + "status/{status_id}/")
def status(by: _PEER, status_id: str) -> Response:
    """How far a post of this peer has come."""
    with by.place.store.database.reading() as connection:
        found = kept_status(connection, status_id, by.peer.id) if "\0" not in status_id else None
    if found is None:
        raise TaxiiFault(404, "There is no such status")
    return _answer(found)


@router.get(ROOT + "collections/")
def collections(by: _PEER) -> Response:
    """The collections that this peer may read or write."""
    found = taxii.visible(by.place.store, by.peer)
    return _answer({"collections": found} if found else {})


@router.get(_COLLECTION)
def collection(by: _PEER, collection: str) -> Response:
    """One collection."""
    return _answer(taxii.resource(taxii.allowed(by.place.store, by.peer, collection), by.peer))


def _query(by: Admitted, request: Request, collection: str, object_id: str = "", **needs: bool) -> Any:
    place = taxii.allowed(by.place.store, by.peer, collection, **needs)
    return taxii.wanted(place, by.peer, request.query_params.multi_items(), object_id)


@router.get(_COLLECTION + "manifest/")
def manifest(request: Request, by: _PEER, collection: str) -> Response:
    """What stands in a collection, without the objects."""
    return _paged(taxii.manifest(by.place.store, _query(by, request, collection, read=True)))


@router.get(_COLLECTION + "objects/")
def objects(request: Request, by: _PEER, collection: str) -> Response:
    """A page of objects."""
    query = _query(by, request, collection, read=True)
    return _paged(taxii.objects(by.place.store, by.peer, query, by.place.clock))


@router.post(_COLLECTION + "objects/", status_code=202)
def add(by: _PEER, collection: str) -> Response:
    """Take objects as items that a person judges."""
    place = taxii.allowed(by.place.store, by.peer, collection, write=True)
    told = taxii.post(by.place.store, by.peer, place, web.decoded(by.body), by.place.clock)
    return _answer(told, 202)


@router.get(_COLLECTION + "objects/{object_id}/")
def one(request: Request, by: _PEER, collection: str, object_id: str) -> Response:
    """The newest version of an object, or those asked for."""
    query = _query(by, request, collection, object_id, read=True)
    return _paged(taxii.objects(by.place.store, by.peer, query, by.place.clock, must_exist=True))


@router.delete(_COLLECTION + "objects/{object_id}/")
def take_back(request: Request, by: _PEER, collection: str, object_id: str) -> Response:
    """Take back what this peer posted: all versions, or those asked for."""
    query = _query(by, request, collection, object_id, read=True, write=True)
    if "match[version]" not in request.query_params:
        query = taxii.every_version(query)
    taxii.delete(by.place.store, by.peer, query, by.place.clock)
    return Response(b"", 200, media_type=MEDIA_TYPE)


@router.get(_COLLECTION + "objects/{object_id}/versions/")
def versions(request: Request, by: _PEER, collection: str, object_id: str) -> Response:
    """The times of an object's versions."""
    return _paged(taxii.versions(by.place.store, _query(by, request, collection, object_id, read=True)))
