"""The TAXII client: pages to their end, patience with busy servers, and nothing believed of hostile ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.made import ANNA
from tests.sharing.conftest import shared
from vedette.base import FixedClock
from vedette.sharing import admit, fetch
from vedette.sharing.fetch import MEDIA_TYPE, Login, NoAnswer, Taxii
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.judge import items
from vedette.sharing.model import Kind, ShareError
from vedette.sharing.pull import pull
from vedette.store import Store

ROOT = "https://north.example/taxii2/api/"
Answer = Callable[[httpx.Request], httpx.Response]


def answered(value: Any, status: int = 200, **headers: str) -> httpx.Response:
    named = {"Content-Type": MEDIA_TYPE, **{name.replace("_", "-"): text for name, text in headers.items()}}
    return httpx.Response(status, content=json.dumps(value).encode(), headers=named)


@pytest.fixture
def taxii() -> Iterator[Callable[..., Taxii]]:
    """A client whose server is a function; waits are written down, not waited."""
    made: list[Taxii] = []

    def make(answer: Answer, waits: list[float] | None = None, login: Login | None = None) -> Taxii:
        client = httpx.Client(transport=httpx.MockTransport(answer))
        told = waits if waits is not None else []
        found = Taxii(ROOT, login or Login(token="t"), client=client, sleep=told.append)
        made.append(found)
        return found

    yield make
    for one in made:
        one.client.close()


class TestPages:
    def test_they_are_read_to_their_end(self, taxii: Callable[..., Taxii]) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(str(request.url.query, "ascii"))
            more = len(asked) < 3
            return answered({"more": more, "next": f"n{len(asked)}", "objects": [{"n": len(asked)}]})

        found = list(taxii(answer).pages("c-1", added_after="2026-01-01T00:00:00Z", limit=1))
        assert [page.objects[0]["n"] for page in found] == [1, 2, 3]
        assert "added_after=2026-01-01" in asked[0]
        assert "next=n1" in asked[1]

    def test_a_server_that_sends_the_same_page_for_ever_is_left(self, taxii: Callable[..., Taxii]) -> None:
        with pytest.raises(NoAnswer, match="not where"):
            list(taxii(lambda _request: answered({"more": True, "next": "same", "objects": []})).pages("c-1"))
        with pytest.raises(NoAnswer, match="not where"):
            list(taxii(lambda _request: answered({"more": True, "objects": []})).pages("c-1"))

    def test_filters_are_named_as_taxii_names_them(self, taxii: Callable[..., Taxii]) -> None:
        asked: list[httpx.URL] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request.url)
            return answered({})

        found = taxii(answer)
        found.manifest("c-1", match_type="indicator")
        found.object("c-1", "indicator--x", match_version="all")
        assert found.versions("c-1", "indicator--x") == []
        found.delete("c-1", "indicator--x")
        found.status("s-1")
        found.collection("c-1")
        assert asked[0].params["match[type]"] == "indicator"
        assert asked[1].params["match[version]"] == "all"
        assert [url.path.removeprefix("/taxii2/api/") for url in asked] == [
            "collections/c-1/manifest/",
            "collections/c-1/objects/indicator--x/",
            "collections/c-1/objects/indicator--x/versions/",
            "collections/c-1/objects/indicator--x/",
            "status/s-1/",
            "collections/c-1/",
        ]


class TestPatience:
    def test_a_busy_server_is_asked_again_when_it_says(self, taxii: Callable[..., Taxii]) -> None:
        waits: list[float] = []
        replies = iter([answered({}, 429, Retry_After="7"), answered({}, 503), answered({"title": "x"})])
        assert taxii(lambda _request: next(replies), waits).api_root() == {"title": "x"}
        assert waits == [7.0, 2.0]

    def test_it_is_not_asked_for_ever_nor_waited_for_a_day(self, taxii: Callable[..., Taxii]) -> None:
        waits: list[float] = []
        with pytest.raises(NoAnswer) as caught:
            taxii(lambda _request: answered({}, 429, Retry_After="86400"), waits).api_root()
        assert (caught.value.status, len(waits), max(waits)) == (429, 3, 60.0)

    def test_no_answer_at_all(self, taxii: Callable[..., Taxii]) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("secret text", request=request)

        with pytest.raises(NoAnswer, match="ConnectError") as caught:
            taxii(answer).collections()
        assert "secret" not in str(caught.value)


class TestDistrust:
    @pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 406, 500])
    def test_anything_but_a_good_answer_is_told(self, taxii: Callable[..., Taxii], status: int) -> None:
        with pytest.raises(NoAnswer) as caught:
            taxii(lambda _request: answered({}, status, Location="https://evil.example/")).api_root()
        assert caught.value.status == status
        assert caught.value.remedy

    @pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
    def test_what_is_no_mapping(self, taxii: Callable[..., Taxii], content: bytes) -> None:
        reply = httpx.Response(200, content=content, headers={"Content-Type": MEDIA_TYPE})
        with pytest.raises(NoAnswer):
            taxii(lambda _request: reply).api_root()

    def test_another_media_type(self, taxii: Callable[..., Taxii]) -> None:
        reply = httpx.Response(200, content=b"<html>", headers={"Content-Type": "text/html"})
        with pytest.raises(NoAnswer, match="media type"):
            taxii(lambda _request: reply).api_root()

    def test_an_endless_answer(self, taxii: Callable[..., Taxii], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fetch, "LARGEST_ANSWER", 1_000)
        reply = httpx.Response(200, content=b" " * 2_000, headers={"Content-Type": MEDIA_TYPE})
        with pytest.raises(NoAnswer, match="larger"):
            taxii(lambda _request: reply).api_root()

    @pytest.mark.parametrize(
        "url",
        [
            "http://north.example/",
            "ftp://x/",
            "https://a:b@x/",
            "https://x/?q=1",
            "//x",
            "",
            "https://x/ y\n",
            "https://x:0/",
        ],
    )
    def test_what_is_no_safe_address(self, url: str) -> None:
        with pytest.raises(ShareError):
            if not url:
                raise ShareError("none")
            Taxii(url)

    @pytest.mark.parametrize("url", ["https://x.example", "http://127.0.0.1:8080/", "http://localhost/r/"])
    def test_these_are(self, url: str) -> None:
        with Taxii(url) as found:
            assert found.root.endswith("/")

    def test_a_collection_s_id_leads_nowhere_else(self, taxii: Callable[..., Taxii]) -> None:
        for name in ("../../x", "a/b", "", "a?b"):
            with pytest.raises(ShareError):
                taxii(lambda _request: answered({})).page(name)


class TestLogin:
    def test_each_way_in(self, taxii: Callable[..., Taxii]) -> None:
        seen: list[httpx.Headers] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request.headers)
            return answered({})

        for login in (Login(token="t"), Login(basic=("n", "p")), Login(seed=bytes(32), key_id="ab" * 32)):
            taxii(answer, login=login).api_root()
        assert seen[0]["authorization"] == "Bearer t"
        assert seen[1]["authorization"].startswith("Basic ")
        assert 'keyid="abab' in seen[2]["signature-input"]
        assert "authorization" not in seen[2]


class TestPull:
    def test_what_is_new_becomes_items_and_the_next_time_goes_on_from_there(
        self, taxii: Callable[..., Taxii], store: Store, clock: FixedClock
    ) -> None:
        asked: list[str] = []
        rows = [as_stix(shared()), {**as_stix(shared(Kind.DOMAIN)), "object_marking_refs": []}, "odd"]

        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/collections/"):
                shown = [{"id": "c-1", "can_read": True}, {"id": "c-2", "can_read": False}, "odd"]
                return answered({"collections": shown})
            asked.append(str(request.url.query, "ascii"))
            return answered({"objects": rows}, X_TAXII_Date_Added_Last="2026-03-01T11:00:00.000001Z")

        peer, _ = admit.add(store, ANNA, "north", clock=clock, url=ROOT)
        (told,) = pull(store, ANNA, peer, clock=clock, taxii=taxii(answer))
        assert (told.stored, len(told.refused)) == (1, 2)
        assert [one.source for one in items(store, clock=clock)] == ["peer:north"]
        (told,) = pull(store, ANNA, peer, clock=clock, taxii=taxii(answer))
        assert told.duplicates == 1
        assert "added_after" not in asked[0]
        assert "added_after=2026-03-01T11%3A00%3A00.000001Z" in asked[1]

    def test_a_revoked_peer_is_not_asked(self, store: Store, clock: FixedClock) -> None:
        admit.add(store, ANNA, "north", clock=clock, url=ROOT)
        peer = admit.revoke(store, ANNA, "north", clock=clock)
        with pytest.raises(ShareError, match="revoked"):
            list(pull(store, ANNA, peer, clock=clock))
