"""The TAXII 2.1 server: who sees what, pages and filters, posts, errors in TAXII's words."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.made import ANNA
from tests.sharing.conftest import OTHER, Open, shared
from vedette.sharing import admit
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.judge import items
from vedette.sharing.model import Kind, State
from vedette.sharing.taxii import MEDIA_TYPE
from vedette.sharing.withdraw import recall_object

ACCEPT = {"Accept": MEDIA_TYPE}
ENDPOINTS = [
    ("GET", "/taxii2/"),
    ("GET", "/taxii2/vedette/"),
    ("GET", "/taxii2/vedette/status/x/"),
    ("GET", "/taxii2/vedette/collections/"),
    ("GET", "{c}"),
    ("GET", "{c}manifest/"),
    ("GET", "{c}objects/"),
    ("POST", "{c}objects/"),
    ("GET", "{c}objects/x/"),
    ("DELETE", "{c}objects/x/"),
    ("GET", "{c}objects/x/versions/"),
]


def ask(house: Open, token: str, path: str, method: str = "GET", **given: Any) -> Any:
    """One request of a peer."""
    headers = {**ACCEPT, "Authorization": f"Bearer {token}", **given.pop("headers", {})}
    if "json" in given:
        given["content"] = json.dumps(given.pop("json"))
        headers.setdefault("Content-Type", MEDIA_TYPE)
    return house.client.request(method, path, headers=headers, **given)


def error(response: Any, status: int) -> dict[str, Any]:
    """The error resource of an answer."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    told: dict[str, Any] = response.json()
    assert told["http_status"] == str(status)
    assert told["title"]
    return told


def ids(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["id"] for row in response.json().get("objects", [])]


class TestAdmission:
    @pytest.mark.parametrize(("method", "path"), ENDPOINTS)
    def test_nothing_opens_without_a_proof(self, open_house: Open, method: str, path: str) -> None:
        address = path.replace("{c}", open_house.path)
        headers = {**ACCEPT, "Content-Type": MEDIA_TYPE}
        for given in ({}, {"Authorization": "Bearer vdp_wrong"}, {"Authorization": "Basic !!"}):
            response = open_house.client.request(method, address, headers={**headers, **given})
            error(response, 401)
            assert "Basic" in response.headers["www-authenticate"]

    def test_token_and_password_are_one(self, open_house: Open) -> None:
        _, token = open_house.peer()
        basic = base64.b64encode(f"north:{token}".encode()).decode()
        response = open_house.client.get("/taxii2/", headers={**ACCEPT, "Authorization": f"Basic {basic}"})
        assert response.json()["api_roots"] == [response.json()["default"]]

    def test_a_revoked_peer_is_out_at_once_and_a_rotated_one_in_with_the_new_token_only(self, open_house: Open) -> None:
        _, token = open_house.peer()
        assert ask(open_house, token, "/taxii2/").status_code == 200
        admit.revoke(open_house.store, ANNA, "north", clock=open_house.clock)
        error(ask(open_house, token, "/taxii2/"), 401)
        _, fresh = admit.rotate(open_house.store, ANNA, "north", clock=open_house.clock)
        error(ask(open_house, token, "/taxii2/"), 401)
        assert ask(open_house, fresh, "/taxii2/").status_code == 200


class TestPermissions:
    def test_a_collection_that_is_not_given_does_not_exist(self, open_house: Open) -> None:
        _, token = open_house.peer(read=False, write=False)
        assert ask(open_house, token, "/taxii2/vedette/collections/").json() == {}
        error(ask(open_house, token, open_house.path), 404)

    def test_reading_and_writing_are_given_apart(self, open_house: Open) -> None:
        _, reader = open_house.peer("reader", write=False)
        _, writer = open_house.peer("writer", read=False)
        error(ask(open_house, writer, f"{open_house.path}objects/"), 403)
        error(ask(open_house, writer, f"{open_house.path}manifest/"), 403)
        body = {"objects": [as_stix(shared())]}
        error(ask(open_house, reader, f"{open_house.path}objects/", "POST", json=body), 403)
        error(ask(open_house, reader, f"{open_house.path}objects/{shared().id}/", "DELETE"), 403)
        found = ask(open_house, reader, open_house.path).json()
        assert (found["can_read"], found["can_write"]) == (True, False)

    def test_nobody_sees_what_another_peer_sent(self, open_house: Open) -> None:
        _, one = open_house.peer("one")
        _, two = open_house.peer("two")
        ask(open_house, one, f"{open_house.path}objects/", "POST", json={"objects": [as_stix(shared())]})
        assert ids(ask(open_house, one, f"{open_house.path}objects/")) == [shared().id]
        assert ids(ask(open_house, two, f"{open_house.path}objects/")) == []
        error(ask(open_house, two, f"{open_house.path}objects/{shared().id}/"), 404)


class TestMedia:
    @pytest.mark.parametrize(
        "accept",
        ["application/json", "text/html", "application/taxii+json;version=2.0", "application/vnd.oasis.taxii+json"],
    )
    def test_another_language_is_not_spoken(self, open_house: Open, accept: str) -> None:
        _, token = open_house.peer()
        error(ask(open_house, token, "/taxii2/", headers={"Accept": accept}), 406)

    @pytest.mark.parametrize(
        "accept", [MEDIA_TYPE, "application/taxii+json", "*/*", "application/taxii+json; version=2.1"]
    )
    def test_these_are_understood(self, open_house: Open, accept: str) -> None:
        _, token = open_house.peer()
        response = ask(open_house, token, "/taxii2/vedette/", headers={"Accept": accept})
        assert response.headers["content-type"] == MEDIA_TYPE
        assert response.json()["versions"] == [MEDIA_TYPE]
        assert response.json()["max_content_length"] > 0

    @pytest.mark.parametrize("kind", ["application/json", "", "application/taxii+json;version=2.0", "*/*"])
    def test_a_body_of_another_type_is_refused(self, open_house: Open, kind: str) -> None:
        _, token = open_house.peer()
        response = ask(
            open_house, token, f"{open_house.path}objects/", "POST", content=b"{}", headers={"Content-Type": kind}
        )
        error(response, 415)


class TestPages:
    def test_pages_follow_in_the_order_of_addition(self, open_house: Open) -> None:
        _, token = open_house.peer()
        made = open_house.publish(*(f"8.8.{n}.8" for n in range(7)))
        path, seen, query = f"{open_house.path}objects/", [], "?limit=3"
        for size, more in ((3, True), (3, True), (1, False)):
            response = ask(open_house, token, path + query)
            assert len(ids(response)) == size
            assert response.json()["more"] is more
            assert response.headers["x-taxii-date-added-first"] <= response.headers["x-taxii-date-added-last"]
            seen += ids(response)
            query = f"?limit=3&next={response.json().get('next')}"
        assert seen == [item.id for item in made]

    def test_added_after_gives_only_what_is_newer(self, open_house: Open) -> None:
        _, token = open_house.peer()
        open_house.publish("8.8.1.8", "8.8.2.8")
        first = ask(open_house, token, f"{open_house.path}objects/?limit=1").headers["x-taxii-date-added-last"]
        rest = ask(open_house, token, f"{open_house.path}objects/?added_after={first}")
        assert len(ids(rest)) == 1
        last = rest.headers["x-taxii-date-added-last"]
        assert ask(open_house, token, f"{open_house.path}objects/?added_after={last}").json() == {}

    def test_filters(self, open_house: Open) -> None:
        _, token = open_house.peer()
        one, two = open_house.publish("8.8.1.8", "8.8.2.8")
        path = f"{open_house.path}objects/"
        assert ids(ask(open_house, token, f"{path}?match[id]={one.id}")) == [one.id]
        assert ids(ask(open_house, token, f"{path}?match[id]={one.id},{two.id}")) == [one.id, two.id]
        assert ids(ask(open_house, token, f"{path}?match[type]=report")) == []
        assert len(ids(ask(open_house, token, f"{path}?match[type]=report,indicator"))) == 2
        assert ids(ask(open_house, token, f"{path}?match[spec_version]=2.0")) == []
        assert len(ids(ask(open_house, token, f"{path}?match[spec_version]=2.1&match[version]=all"))) == 2

    def test_versions_of_an_object(self, open_house: Open) -> None:
        """The newest is given unless others are asked for; a recall is the newest."""
        _, token = open_house.peer()
        (item,) = open_house.publish("8.8.1.8")
        done = recall_object(open_house.store, ANNA, item.id, "An error", clock=open_house.clock)
        path = f"{open_house.path}objects/{item.id}/"
        newest = ask(open_house, token, path).json()["objects"]
        assert [(row["modified"], row["revoked"]) for row in newest] == [(done.item.modified, True)]
        for asked, count in (("first", 1), ("last", 1), ("all", 2), ("first,last", 2), (item.modified, 1)):
            assert len(ids(ask(open_house, token, f"{path}?match[version]={asked}"))) == count
        told = ask(open_house, token, f"{path}versions/").json()["versions"]
        assert told == [item.modified, done.item.modified]
        assert len(ids(ask(open_house, token, f"{open_house.path}objects/"))) == 1

    def test_the_manifest_tells_without_the_objects(self, open_house: Open) -> None:
        _, token = open_house.peer()
        (item,) = open_house.publish("8.8.1.8")
        (row,) = ask(open_house, token, f"{open_house.path}manifest/").json()["objects"]
        assert (row["id"], row["version"]) == (item.id, item.modified)
        assert set(row) == {"id", "date_added", "version", "media_type"}

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=x",
            "limit=-1",
            "next=x",
            "added_after=today",
            "match[version]=odd",
            "colour=red",
            "limit=1&limit=2",
        ],
    )
    def test_impossible_filters_are_refused(self, open_house: Open, query: str) -> None:
        _, token = open_house.peer()
        error(ask(open_house, token, f"{open_house.path}objects/?{query}"), 400)

    def test_unknown_things_are_not_there(self, open_house: Open) -> None:
        _, token = open_house.peer()
        for path in ("status/x/", "collections/x/", f"collections/{open_house.collection.id}/objects/x/versions/"):
            error(ask(open_house, token, f"/taxii2/vedette/{path}"), 404)


class TestPosts:
    def test_what_is_posted_waits_for_a_person(self, open_house: Open) -> None:
        _, token = open_house.peer()
        bad = {**as_stix(shared(Kind.DOMAIN)), "pattern": "[email-addr:value = 'ann@example.org']"}
        body = {"objects": [as_stix(shared()), bad, {"type": "x"}]}
        told = ask(open_house, token, f"{open_house.path}objects/", "POST", json=body)
        assert told.status_code == 202
        found = told.json()
        assert (found["status"], found["total_count"]) == ("complete", 3)
        assert (found["success_count"], found["failure_count"], found["pending_count"]) == (1, 2, 0)
        assert "personal data" in found["failures"][0]["message"]
        assert ask(open_house, token, f"/taxii2/vedette/status/{found['id']}/").json() == found
        (item,) = items(open_house.store, clock=open_house.clock)
        assert (item.source, item.state, item.item.value) == ("peer:north", State.WAITING, "8.8.8.8")

    def test_a_good_object_beside_a_broken_one_of_the_same_id(self, open_house: Open) -> None:
        _, token = open_house.peer()
        rows = [as_stix(shared()), {**as_stix(shared()), "modified": "x"}, {**as_stix(shared()), "type": ["indicator"]}]
        told = ask(open_house, token, f"{open_house.path}objects/", "POST", json={"objects": rows})
        assert told.status_code == 202
        assert len(told.json()["failures"]) == 2
        assert ids(ask(open_house, token, f"{open_house.path}objects/")) == [shared().id]

    def test_another_origin_s_version_of_what_is_held_fails(self, open_house: Open) -> None:
        _, token = open_house.peer()
        other = "identity--33333333-3333-5333-8333-333333333333"
        newer = {**as_stix(shared()), "created_by_ref": other, "modified": "2026-03-05T00:00:00.000Z"}
        told = [
            ask(open_house, token, f"{open_house.path}objects/", "POST", json={"objects": [row]}).json()
            for row in (as_stix(shared()), newer, {**newer, "revoked": True})
        ]
        assert [(one["success_count"], one["failure_count"]) for one in told] == [(1, 0), (0, 1), (0, 1)]
        assert "another origin" in told[1]["failures"][0]["message"]
        (item,) = items(open_house.store, clock=open_house.clock)
        assert (item.item.origin_id, item.item.modified) == (shared().origin_id, shared().modified)

    def test_another_peer_does_not_see_the_status(self, open_house: Open) -> None:
        _, token = open_house.peer()
        _, other = open_house.peer("other")
        body = {"objects": [as_stix(shared())]}
        told = ask(open_house, token, f"{open_house.path}objects/", "POST", json=body).json()
        error(ask(open_house, other, f"/taxii2/vedette/status/{told['id']}/"), 404)

    @pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 422), (b'{"objects":[]}', 422), (b"null", 422)])
    def test_what_is_no_envelope_is_refused(self, open_house: Open, body: bytes, status: int) -> None:
        _, token = open_house.peer()
        headers = {"Content-Type": MEDIA_TYPE}
        error(ask(open_house, token, f"{open_house.path}objects/", "POST", content=body, headers=headers), status)

    def test_a_body_too_large_is_refused(self, open_house: Open) -> None:
        _, token = open_house.peer()
        headers = {"Content-Type": MEDIA_TYPE}
        body = b" " * (open_house.place.limits.largest_body + 1)
        error(ask(open_house, token, f"{open_house.path}objects/", "POST", content=body, headers=headers), 413)

    def test_only_one_s_own_can_be_taken_back(self, open_house: Open) -> None:
        _, token = open_house.peer()
        (ours,) = open_house.publish("8.8.1.8")
        error(ask(open_house, token, f"{open_house.path}objects/{ours.id}/", "DELETE"), 403)
        body = {"objects": [as_stix(shared())]}
        ask(open_house, token, f"{open_house.path}objects/", "POST", json=body)
        assert ask(open_house, token, f"{open_house.path}objects/{shared().id}/", "DELETE").status_code == 200
        error(ask(open_house, token, f"{open_house.path}objects/{shared().id}/"), 404)
        assert items(open_house.store, clock=open_house.clock) == []
        (item,) = items(open_house.store, clock=open_house.clock, wanted=State.RECALLED)
        assert item.reason == "taken back by its source"

    def test_a_recall_by_post_withdraws(self, open_house: Open) -> None:
        _, token = open_house.peer()
        later = {**as_stix(shared()), "revoked": True, "modified": "2026-03-01T13:00:00.000Z"}
        for row in (as_stix(shared()), later):
            ask(open_house, token, f"{open_house.path}objects/", "POST", json={"objects": [row]})
        (item,) = items(open_house.store, clock=open_house.clock, wanted=None)
        assert item.state is State.RECALLED
        assert item.item.origin_id == OTHER
