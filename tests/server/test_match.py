"""A client of a yente-like API can be pointed here: the same questions, the same shapes, and no gap that looks clean."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Served
from tests.server.test_assemble import problem

VOLK = {"name": ["Bartholomew Volkonskayev"]}


class TestMatch:
    def test_a_listed_party_is_found_in_the_shape_that_clients_read(self, served: Served) -> None:
        told = served.match({**VOLK, "birthDate": ["1961-03-14"], "nationality": ["kp"]})

        assert told["status"] == 200
        assert told["total"] == {"value": 1, "relation": "eq"}
        assert told["query"]["schema"] == "Person"
        (found,) = told["results"]
        assert found["id"] == "NK-volk"
        assert found["caption"] == "Bartholomew Volkonskayev"
        assert found["schema"] == "Person"
        assert found["properties"]["alias"] == ["Barto Volkonskayev"]
        assert found["properties"]["country"] == ["ru"]
        assert found["datasets"] == ["sample"]
        assert (found["target"], found["match"], found["referents"]) == (True, True, [])
        assert 0.7 <= found["score"] < 1
        assert found["features"].keys() == found["explanations"].keys() == {"name", "birth_date_agrees"}
        assert found["explanations"]["name"]["candidate"] == "Bartholomew Volkonskayev"
        assert found["last_change"] == "2026-03-01T12:00:00Z"

    def test_the_whole_answer(self, served: Served) -> None:
        body = {"queries": {name: {"schema": "Person", "properties": VOLK} for name in ("a", "b")}}

        response = served.ask("POST", "/match/default?limit=3", "match", json=body)

        told = response.json()
        assert list(told["responses"]) == ["a", "b"]
        assert told["limit"] == 3
        assert told["algorithm"] == "vedette"
        assert {"description", "coefficient", "url"} == told["matcher"]["name"].keys()
        assert response.headers["x-batch-size"] == "2"
        assert "notes" not in told

    def test_nobody_found_is_an_empty_answer(self, served: Served) -> None:
        assert served.match({"name": ["Qwertz Uiopü"]})["results"] == []

    def test_name_parts_are_put_together(self, served: Served) -> None:
        told = served.match({"firstName": ["Bartholomew"], "lastName": "Volkonskayev"})

        assert [item["id"] for item in told["results"]] == ["NK-volk"]

    @pytest.mark.parametrize("schema", ["Thing", "LegalEntity", "Person"])
    def test_schemata_of_a_person(self, served: Served, schema: str) -> None:
        assert served.match(VOLK, schema=schema)["results"]

    def test_a_query_that_holds_nothing_is_told_apart_from_nobody_found(self, served: Served) -> None:
        """An empty result without a warning would look like a clean one."""
        told = served.match({"birthDate": ["1961"]})

        assert (told["status"], told["results"]) == (400, [])
        assert "nothing was screened" in told["notes"][0]

    @pytest.mark.parametrize(
        ("params", "ids"),
        [
            ({}, ["NK-volk"]),
            ({"threshold": 0.99}, ["NK-volk"]),
            ({"threshold": 0.99, "cutoff": 0.99}, []),
            ({"exclude_entity_ids": "NK-volk"}, []),
            ({"exclude_entity_ids": ["NK-a", "NK-volk"]}, []),
            ({"exclude_schema": "Person"}, []),
            ({"exclude_schema": "Company"}, ["NK-volk"]),
            ({"topics": "sanction"}, ["NK-volk"]),
            ({"topics": ["crime", "sanction"]}, ["NK-volk"]),
            ({"topics": "export.control"}, []),
            ({"include_dataset": "sample"}, ["NK-volk"]),
            ({"changed_since": "2026-03-01"}, ["NK-volk"]),
            ({"changed_since": "2026-03-01T12:00:00"}, ["NK-volk"]),
            ({"changed_since": "2026-03-01T12:00:01Z"}, []),
        ],
        ids=str,
    )
    def test_conditions(self, served: Served, params: dict[str, Any], ids: list[str]) -> None:
        assert [item["id"] for item in served.match(VOLK, **params)["results"]] == ids

    def test_match_says_whether_the_threshold_is_reached(self, served: Served) -> None:
        (found,) = served.match(VOLK, threshold=0.99)["results"]
        assert found["match"] is False

    def test_ids_to_leave_out_may_stand_in_the_body(self, served: Served) -> None:
        body = {"queries": {"q": {"schema": "Person", "properties": VOLK}}, "exclude_entity_ids": ["NK-volk"]}

        told = served.ask("POST", "/match/sample", "match", json=body).json()

        assert told["responses"]["q"]["results"] == []

    @pytest.mark.parametrize("dataset", ["nothing", "%2e%2e", "sample%00"])
    def test_an_unknown_dataset(self, served: Served, dataset: str) -> None:
        body = {"queries": {"q": {"schema": "Person", "properties": VOLK}}}
        problem(served.ask("POST", f"/match/{dataset}", "match", json=body), 404)

    @pytest.mark.parametrize("params", ["exclude_dataset=sample", "include_dataset=nothing"])
    def test_filters_that_leave_no_list_are_refused(self, served: Served, params: str) -> None:
        body = {"queries": {"q": {"schema": "Person", "properties": VOLK}}}
        problem(served.ask("POST", f"/match/default?{params}", "match", json=body), 400)

    @pytest.mark.parametrize("name", ["logic-v2", "best", "ofac"])
    def test_another_service_s_algorithm_is_accepted_and_told(self, served: Served, name: str) -> None:
        body = {"queries": {"q": {"schema": "Person", "properties": VOLK}}, "weights": {"name": 1}}

        told = served.ask("POST", f"/match/default?algorithm={name}&fuzzy=true", "match", json=body).json()

        assert told["algorithm"] == "vedette"
        assert len(told["notes"]) == 3

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"queries": {}},
            {"queries": []},
            {"queries": {"q": None}},
            {"queries": {"q": {"schema": "Person"}}},
            {"queries": {"q": {"schema": 3, "properties": {}}}},
            {"queries": {"q": {"schema": "Address", "properties": {"name": ["a"]}}}},
            {"queries": {"q": {"schema": "Person", "properties": []}}},
            {"queries": {str(n): {"schema": "Person", "properties": VOLK} for n in range(101)}},
            {"queries": {"q": {"schema": "Person", "properties": VOLK}}, "exclude_entity_ids": "NK-volk"},
            {"queries": {"q": {"schema": "Person", "properties": VOLK}}, "exclude_entity_ids": ["a"] * 51},
        ],
        ids=lambda body: str(body)[:40],
    )
    def test_what_is_no_query(self, served: Served, body: Any) -> None:
        problem(served.ask("POST", "/match/default", "match", json=body), 400)

    def test_an_unknown_algorithm(self, served: Served) -> None:
        body = {"queries": {"q": {"schema": "Person", "properties": VOLK}}}
        problem(served.ask("POST", "/match/default?algorithm=mine", "match", json=body), 400)

    @pytest.mark.parametrize("values", [["x" * 10_000], ["\u202e"] * 400, [None, {}, []], [1.5, True]])
    def test_odd_values(self, served: Served, values: list[Any]) -> None:
        assert served.match({"name": values})["status"] in (200, 400)

    def test_without_any_list_it_is_503_and_not_an_empty_answer(self, fresh: Served) -> None:
        body = {"queries": {"q": {"schema": "Person", "properties": VOLK}}}
        told = problem(fresh.ask("POST", "/match/default", "match", json=body), 503)
        assert told["type"].endswith("no-list")


class TestSearch:
    def test_by_name(self, served: Served) -> None:
        told = served.ask("GET", "/search/default?q=volkonskayev+bartholomew", "match").json()

        assert [item["id"] for item in told["results"]] == ["NK-volk"]
        assert told["total"] == {"value": 1, "relation": "eq"}
        assert told["facets"]["countries"]["values"] == [{"name": "ru", "label": "ru", "count": 1}]
        assert (told["limit"], told["offset"]) == (10, 0)

    @pytest.mark.parametrize(
        ("params", "count"),
        [("&offset=1", 0), ("&limit=0", 0), ("&countries=ua", 0), ("&countries=ru", 1), ("&topics=crime", 0)]
        + [("&datasets=other", 0), ("&datasets=sample", 1), ("&schema=Person", 1)],
    )
    def test_conditions(self, served: Served, params: str, count: int) -> None:
        told = served.ask("GET", f"/search/sample?q=Bartholomew+Volkonskayev{params}", "match").json()
        assert len(told["results"]) == count

    def test_a_schema_that_is_no_party(self, served: Served) -> None:
        problem(served.ask("GET", "/search/default?q=a&schema=Address", "match"), 400)

    def test_nul(self, served: Served) -> None:
        problem(served.ask("GET", "/search/default?q=a%00b", "match"), 422)


class TestEntities:
    def test_by_the_id_of_an_answer(self, served: Served) -> None:
        told = served.ask("GET", "/entities/NK-zarv", "match").json()

        assert (told["caption"], told["schema"]) == ("Zarvanitsa Hydroacoustic", "Organization")
        assert "score" not in told

    @pytest.mark.parametrize("identity", ["NK-none", "sample-NK-zarv", "NK-zarv/adjacent", "%00", "a/../b"])
    def test_an_unknown_one(self, served: Served, identity: str) -> None:
        problem(served.ask("GET", f"/entities/{identity}", "match"), 404)


class TestCatalog:
    def test_lists_and_collections(self, served: Served) -> None:
        response = served.ask("GET", "/catalog", "match")

        told = response.json()
        by_name = {item["name"]: item for item in told["datasets"]}
        assert by_name["default"]["children"] == ["sample"]
        assert by_name["sanctions"]["children"] == []
        assert by_name["sample"]["entity_count"] == 2
        assert (told["current"], told["outdated"], told["index_stale"]) == (["sample"], [], False)
        again = served.ask("GET", "/catalog", "match", headers={"If-None-Match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_algorithms(self, served: Served) -> None:
        told = served.ask("GET", "/algorithms", "match").json()

        assert told["default"] == told["best"] == told["algorithms"][0]["name"] == "vedette"
        assert "birth_date_differs" in told["algorithms"][0]["docs"]["features"]
