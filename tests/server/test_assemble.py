"""Every route asks for its scope and no other, refuses what is malformed, and answers every fault as a problem document."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter

from tests.server.conftest import CUSTOMER, Served, new_key
from tests.server.web import TestClient
from vedette.doors.keys import Scope
from vedette.doors.web import Workplace
from vedette.server.assemble import DOCUMENT, assemble, permission_of, routes, scope_of

QUERIES = {"queries": {"q": {"schema": "Person", "properties": {"name": ["Ann Example"]}}}}
#: Every keyed route, the scope it asks for, and a body that it takes.
KEYED: list[tuple[str, str, str, Any]] = [
    ("POST", "/v1/verifications", "verify", CUSTOMER),
    ("GET", "/v1/verifications/{verification_id}", "verify", None),
    ("GET", "/v1/lists", "read", None),
    ("GET", "/v1/findings", "read", None),
    ("GET", "/v1/findings/{finding_id}", "read", None),
    ("POST", "/match/{dataset}", "match", QUERIES),
    ("GET", "/search/{dataset}", "match", None),
    ("GET", "/entities/{entity_id:path}", "match", None),
    ("GET", "/catalog", "match", None),
    ("GET", "/algorithms", "match", None),
    ("POST", "/v1/events", "events", {"table": "signins", "event_id": "e-0"}),
    ("GET", "/v1/customers/{account_id}", "read", None),
    ("GET", "/v1/cases", "read", None),
    ("GET", "/v1/cases/{case_id}", "read", None),
    ("GET", "/v1/approvals", "read", None),
    ("GET", "/v1/compute-ledger", "read", None),
    ("GET", "/v1/reports", "read", None),
    ("GET", "/v1/reports/{report_id}", "read", None),
    ("GET", "/v1/report-kinds", "read", None),
    ("GET", "/v1/actors", "read", None),
    ("GET", "/v1/actors/{actor_id}", "read", None),
    ("GET", "/v1/links", "read", None),
    ("GET", "/v1/rules", "read", None),
    ("GET", "/v1/rules/{family}/{name}", "read", None),
    ("GET", "/v1/audit/entries", "audit", None),
    ("GET", "/v1/audit/checkpoint", "audit", None),
    ("GET", "/v1/audit/proof/{index}", "audit", None),
    ("GET", "/metrics", "metrics", None),
    ("GET", "/v1/deliveries", "admin", None),
    ("POST", "/v1/deliveries/replay", "admin", {}),
    ("GET", "/v1/keys", "admin", None),
    ("DELETE", "/v1/keys/{key_id}", "admin", None),
]
# A vendor's signature opens evidence, a member's opens messages of blind matches.
OPEN = {"/healthz", "/readyz", "/v1/evidence/{vendor}", "/v1/blind"}
_FILLED = {
    "{dataset}": "default",
    "{verification_id}": "ver_none",
    "{finding_id}": "fnd_none",
    "{key_id}": "none",
    "{account_id}": "a-none",
    "{case_id}": "case_none",
    "{actor_id}": "act_none",
    "{family}": "network",
    "{name}": "none",
    "{index}": "0",
    "/v1/links": "/v1/links?account=a-1",
    "{entity_id:path}": "NK-volk",
}
POSTS = [row for row in KEYED if row[0] == "POST" and row[2] != "events"]


def address(path: str) -> str:
    for name, value in _FILLED.items():
        path = path.replace(name, value)
    return path + ("?q=ann" if path.startswith("/search") else "")


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer, checked for its members."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "request_id"} <= told.keys()
    assert told["status"] == status
    assert told["type"].startswith("urn:vedette:problem:")
    return told


class TestScopes:
    def test_every_route_is_in_the_table(self, served: Served) -> None:
        """Whoever adds a route says here who may use it."""
        app: Any = served.client.app
        found = {
            (method, route.path, scope.value)
            for route in routes(app)
            for method in route.methods or ()
            if (scope := scope_of(route)) is not None
        }
        assert found == {row[:3] for row in KEYED}
        documented = [route for route in routes(app) if route.include_in_schema]
        nobodys = [route for route in documented if scope_of(route) is None and permission_of(route) is None]
        assert {route.path for route in nobodys} == OPEN

    @pytest.mark.parametrize(("method", "path", "scope", "body"), KEYED, ids=lambda value: str(value)[:40])
    @pytest.mark.parametrize("given", [None, *(scope.value for scope in Scope)])
    def test_only_its_scope_opens_a_route(
        self, served: Served, method: str, path: str, scope: str, body: Any, given: str | None
    ) -> None:
        response = served.ask(method, address(path), given, json=body)

        if given is None:
            told = problem(response, 401)
            assert "vedette keys new" in told["remedy"]
            assert response.headers["www-authenticate"] == "Bearer"
        elif given != scope:
            assert problem(response, 403)["scope"] == scope
        else:
            assert response.status_code in (200, 202, 404)

    @pytest.mark.parametrize(("method", "path", "scope", "body"), KEYED, ids=lambda value: str(value)[:40])
    def test_where_no_key_was_ever_made_nothing_opens(
        self, fresh: Served, method: str, path: str, scope: str, body: Any
    ) -> None:
        told = problem(fresh.ask(method, address(path), None, json=body), 401)

        assert "vedette keys new" in told["remedy"]

    def test_the_open_ones_need_none(self, served: Served) -> None:
        assert served.ask("GET", "/healthz", None).json() == {"status": "ok"}
        assert served.ask("GET", "/readyz", None).json()["status"] == "ok"
        assert served.ask("GET", DOCUMENT, None).json()["openapi"].startswith("3.1")


class TestBadRequests:
    @pytest.mark.parametrize(("method", "path", "scope", "body"), POSTS, ids=lambda value: str(value)[:20])
    @pytest.mark.parametrize(
        ("data", "status"),
        [
            (b"", 400),
            (b"{", 400),
            (b'{"a": NaN}', 400),
            (b"\xff\xfe", 400),
            (b'"\xed\xa0\x80"', 400),
            (b"[" * 50_000 + b"]" * 50_000, 400),
            (b'{"a":' * 30 + b"1" + b"}" * 30, 400),
            (b'{"name": "a\\u0000b"}', 422),
            (b'{"na\\u0000me": "a"}', 422),
            (b'{"name": "' + b"x" * 30_000 + b'"}', 422),
            (b'{"name": "' + b"x" * 9_000_000 + b'"}', 413),
        ],
        ids=["nothing", "cut", "nan", "utf-16", "half", "deep", "thirty deep", "nul", "nul key", "long", "huge"],
    )
    def test_a_body_that_is_no_sound_json(
        self, served: Served, method: str, path: str, scope: str, body: Any, data: bytes, status: int
    ) -> None:
        headers = {"Content-Type": "application/json"}

        told = problem(served.ask(method, address(path), scope, content=data, headers=headers), status)

        assert "xxxx" not in str(told)

    @pytest.mark.parametrize("body", [[], 1, "text", [CUSTOMER]])
    @pytest.mark.parametrize("path", ["/v1/verifications", "/match/default"])
    def test_json_of_another_shape(self, served: Served, path: str, body: Any) -> None:
        scope = "verify" if "verifications" in path else "match"

        assert served.ask("POST", path, scope, json=body).status_code in (400, 422)

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
    def test_another_media_type(self, served: Served, kind: str) -> None:
        problem(served.ask("POST", "/v1/verifications", "verify", content=b"{}", headers={"Content-Type": kind}), 415)

    def test_a_compressed_body(self, served: Served) -> None:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

        problem(served.ask("POST", "/v1/verifications", "verify", content=b"{}", headers=headers), 415)

    def test_an_unknown_address_and_method(self, served: Served) -> None:
        problem(served.ask("GET", "/v1/nothing", "read"), 404)
        response = served.ask("PUT", "/v1/lists", "read")
        problem(response, 405)
        assert response.headers["allow"] == "GET"

    @pytest.mark.parametrize(
        ("path", "scope", "field"),
        [
            ("/v1/findings?limit=0", "read", "limit"),
            ("/v1/findings?limit=many", "read", "limit"),
            ("/v1/findings?check=a%00b", "read", "check"),
            ("/search/default", "match", "q"),
            ("/search/default?q=" + "x" * 600, "match", "q"),
        ],
    )
    def test_a_parameter_with_an_impossible_value(self, served: Served, path: str, scope: str, field: str) -> None:
        told = problem(served.ask("GET", path, scope), 422)

        assert [item["field"] for item in told["errors"]] == [field]
        assert "many" not in str(told)


class TestFaults:
    def test_the_unforeseen_is_answered_without_a_word_of_it(
        self, fresh: Served, caplog: pytest.LogCaptureFixture
    ) -> None:
        app: Any = fresh.client.app
        router = APIRouter()

        @router.get("/broken")
        def broken() -> None:
            raise RuntimeError("the passport of Ann Example")

        app.include_router(router)

        told = problem(fresh.client.get("/broken?name=Ann"), 500)

        assert "Ann" not in str(told)
        assert "RuntimeError" in caplog.text
        assert "test_assemble.py" in caplog.text
        assert "Ann" not in caplog.text

    def test_a_database_that_is_away_is_503(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        from vedette.store import StateError
        from vedette.watchlists import routes as of_lists

        def away(_store: object) -> None:
            raise StateError("another process is writing to /secret/path")

        monkeypatch.setattr(of_lists, "status", away)

        response = served.ask("GET", "/v1/lists", "read")

        assert "secret" not in str(problem(response, 503))
        assert response.headers["retry-after"] == "5"


class TestFrame:
    def test_every_answer_bears_safe_headers_and_an_id(self, served: Served) -> None:
        for path, scope in (("/healthz", None), ("/v1/lists", "read"), ("/v1/lists", None), ("/nothing", None)):
            headers = served.ask("GET", path, scope).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["content-security-policy"].startswith(
                "default-src 'none'; object-src 'none'; base-uri 'none'"
            )
            assert headers["cache-control"] == "no-store"
            assert len(headers["x-request-id"]) == 16
            assert "server" not in headers

    def test_the_log_names_the_pattern_and_the_key_and_nothing_personal(
        self, served: Served, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = served.key("match")
        with caplog.at_level("INFO", "vedette.access"):
            served.ask("GET", "/search/default?q=Ann+Example", "match")
            served.ask("GET", "/entities/Ann-Example", "match")

        assert "/search/{dataset}" in caplog.text
        assert key.split("_")[1] in caplog.text
        assert key.split("_")[2] not in caplog.text
        assert "Ann" not in caplog.text


class TestDocument:
    def test_it_says_for_every_route_which_key_and_how_faults_look(self, served: Served) -> None:
        document = served.client.get(DOCUMENT).json()

        assert document["info"]["title"] == "Vedette"
        assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
        for method, path, scope, _ in KEYED:
            operation = document["paths"][path.replace(":path", "")][method.lower()]
            assert f"`{scope}`" in operation["description"]
            assert operation["security"][0] == {"key": []}
            assert "application/problem+json" in operation["responses"]["401"]["content"]
            assert operation["summary"]
            assert "example" in next(iter(next(iter(operation["responses"].values()))["content"].values()))

    def test_posts_show_a_body(self, served: Served) -> None:
        document = served.client.get(DOCUMENT).json()

        for path in ("/v1/verifications", "/match/{dataset}"):
            assert document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]

    def test_operations_have_names_of_their_own(self, served: Served) -> None:
        document = served.client.get(DOCUMENT).json()
        names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
        assert len(names) == len(set(names))


class TestLimits:
    def test_a_key_that_asks_too_often_is_told_to_wait(self, fresh: Served) -> None:
        place = fresh.place
        place.by_key.rate, place.by_key.burst, place.by_key.now = 1.0, 3.0, lambda: 0.0
        statuses = [fresh.ask("GET", "/v1/lists", "read") for _ in range(5)]

        assert [response.status_code for response in statuses] == [200, 200, 200, 429, 429]
        assert statuses[-1].headers["retry-after"] == "1"
        assert fresh.ask("GET", "/algorithms", "match").status_code == 200

    def test_a_batch_is_charged_for_what_it_holds(self, fresh: Served) -> None:
        fresh.place.by_key.rate, fresh.place.by_key.burst, fresh.place.by_key.now = 1.0, 5.0, lambda: 0.0
        assert fresh.verify({"customers": [CUSTOMER] * 20}).status_code == 200

        assert fresh.verify().status_code == 429

    def test_guessing_is_slowed_down_and_never_locks_out_who_has_a_key(self, fresh: Served) -> None:
        fresh.place.by_address.now = lambda: 0.0
        guess = {"Authorization": "Bearer vdk_" + "a" * 10 + "_" + "b" * 52}
        statuses = [fresh.client.get("/v1/lists", headers=guess).status_code for _ in range(25)]

        assert statuses == [401] * 20 + [429] * 5
        assert fresh.ask("GET", "/v1/lists", "read").status_code == 200


class TestLife:
    def test_the_store_is_closed_and_refusals_are_written_at_the_end(self, fresh: Served) -> None:
        place: Workplace = fresh.place
        fresh.client.get("/v1/lists")
        fresh.client.get("/v1/lists")
        app: Any = assemble(place)
        with TestClient(app):
            new_key(place, "read")

        assert sum(place.refusals._counts.values()) == 0
