"""Fetching: polite, patient, whole pages or none, on from where it ended; against a server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.made import JOB
from tests.observatory.publications import KISU, line
from vedette import audit
from vedette.base import FixedClock
from vedette.observatory import ObservatoryError
from vedette.observatory.fetch import FetchFault, Limits, Reader
from vedette.observatory.fetching import Fetched, fetch
from vedette.observatory.service import Question, service, services
from vedette.observatory.store import kept
from vedette.store import Store

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(60)]


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0


@dataclass
class Site:
    """What the server answers, by the cursor asked for, and what it was asked."""

    url: str = ""
    answer: Callable[[dict[str, str]], Reply] = lambda _asked: Reply()
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            site.asked.append(asked)
            site.agents.append(self.headers["User-Agent"])
            reply = site.answer(asked)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) - reply.cut])
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}/works"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site(socket_enabled: None) -> Iterator[Site]:
    with serving() as running:
        yield running


def page(*numbers: int, following: str | None) -> Reply:
    body = {"meta": {"next_cursor": following}, "results": [line(number, KISU) for number in numbers]}
    return Reply(body=json.dumps(body).encode())


PAGES = {
    "*": page(1, 2, following="c2"),
    "c2": page(3, 4, following="c3"),
    "c3": page(5, following="c4"),
    "c4": page(following=None),
}


def by_cursor(asked: dict[str, str]) -> Reply:
    return PAGES[asked["cursor"]]


def first(*replies: Reply) -> Callable[[dict[str, str]], Reply]:
    """These replies, then the pages."""
    left = list(replies)
    return lambda asked: left.pop(0) if left else by_cursor(asked)


def ask(site: Site, **changes: Any) -> Question:
    return Question(
        **{"service": service("openalex"), "search": "shoals", "mailto": "a@b.example", "url": site.url, **changes}
    )


def take(
    ws: Store, clock: FixedClock, site: Site, limits: Limits | None = None, **more: Any
) -> tuple[Fetched, list[float]]:
    pauses: list[float] = []
    question = more.pop("question", None) or ask(site)
    with Reader(question, clock, limits or Limits(attempts=3), sleep=pauses.append) as reader:
        return fetch(ws, JOB, question, reader, clock=clock, **more), pauses


class TestFetch:
    def test_all_pages_are_fetched_and_imported(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = by_cursor
        found, _ = take(ws, clock, site)
        assert (found.pages, found.works, found.done, found.problem) == (3, 5, True, "")
        assert found.intake is not None and found.intake.stored == 5
        assert [asked["cursor"] for asked in site.asked] == ["*", "c2", "c3", "c4"]
        assert all(asked["mailto"] == "a@b.example" and asked["per-page"] == "200" for asked in site.asked)
        assert "mailto:a@b.example" in site.agents[0]
        assert audit.verify(ws).holds

    def test_the_same_question_again_asks_nothing_unless_told(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = by_cursor
        take(ws, clock, site)
        again, _ = take(ws, clock, site)
        assert again.done and again.new_pages == 0 and len(site.asked) == 4
        anew, _ = take(ws, clock, site, again=True)
        assert anew.new_pages == 3 and anew.intake is not None and anew.intake.stored == 0

    def test_it_goes_on_where_it_stopped(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = by_cursor
        part, _ = take(ws, clock, site, most_pages=1)
        assert not part.done and part.works == 2
        rest, _ = take(ws, clock, site)
        assert rest.done and rest.new_pages == 2 and rest.works == 5
        assert [asked["cursor"] for asked in site.asked] == ["*", "c2", "c3", "c4"]

    def test_another_question_is_another_fetch(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = by_cursor
        take(ws, clock, site)
        other, _ = take(ws, clock, site, question=ask(site, search="eels"))
        assert other.new_pages == 3 and len(kept.fetches(ws)) == 2

    def test_what_came_before_a_fault_is_imported_and_kept(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = lambda asked: by_cursor(asked) if asked["cursor"] == "*" else Reply(status=500)
        found, _ = take(ws, clock, site)
        assert found.intake is not None and found.intake.stored == 2 and not found.done
        assert "3 times in a row" in found.problem and "goes on from there" in found.problem
        site.answer = by_cursor
        rest, _ = take(ws, clock, site)
        assert rest.done and rest.works == 5

    def test_a_place_that_the_service_forgot_begins_again(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = by_cursor
        take(ws, clock, site, most_pages=1)
        left = [Reply(status=400)]
        site.answer = lambda asked: left.pop() if left else by_cursor(asked)
        found, _ = take(ws, clock, site)
        assert found.done and found.works == 5
        assert [asked["cursor"] for asked in site.asked[1:3]] == ["c2", "*"]

    def test_a_service_that_turns_in_a_circle_is_left(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = lambda asked: page(1, following="c2" if asked["cursor"] != "c2" else "*")
        found, _ = take(ws, clock, site)
        assert "never end" in found.problem and len(site.asked) == 2

    def test_crossref_has_another_shape(self, ws: Store, clock: FixedClock, site: Site) -> None:
        item = {"DOI": "10.5555/made.1", "title": ["T"], "issued": {"date-parts": [[2020]]}}
        full = {"message": {"next-cursor": "c2", "items": [item]}}
        empty = {"message": {"next-cursor": "c2", "items": []}}
        site.answer = lambda asked: Reply(body=json.dumps(full if asked["cursor"] == "*" else empty).encode())
        question = ask(site, service=service("crossref"))
        found, _ = take(ws, clock, site, question=question)
        assert found.done and found.works == 1 and site.asked[0]["query.affiliation"] == "shoals"


class TestPatience:
    def test_pages_are_not_asked_for_faster_than_allowed(self, ws: Store, clock: FixedClock, site: Site) -> None:
        site.answer = by_cursor
        _, pauses = take(ws, clock, site)
        assert len(pauses) == 3 and all(0 < pause <= 0.2 for pause in pauses)

    @pytest.mark.parametrize(
        ("header", "wait"),
        [("7", 7.0), ("", 1.0), ("soon", 1.0), ("99999", 120.0), ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0)],
    )
    def test_a_busy_service_is_given_the_time_it_asks_for(
        self, clock: FixedClock, site: Site, header: str, wait: float
    ) -> None:
        site.answer = first(Reply(status=429, headers={"Retry-After": header}))
        pauses: list[float] = []
        with Reader(ask(site), clock, sleep=pauses.append) as reader:
            assert reader.page("*").works == 2
        assert pauses[0] == pytest.approx(wait)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=503),
            Reply(body=b'{"meta": {"next_cursor": null}, "results": [{}]}', cut=10),
            Reply(body=b'{"meta": {"next_cursor": null}, "resul'),
            Reply(body=b'{"error": "try again"}'),
        ],
        ids=["busy", "cut off", "cut short", "other"],
    )
    def test_one_broken_answer_is_asked_for_again(self, clock: FixedClock, site: Site, reply: Reply) -> None:
        site.answer = first(reply)
        with Reader(ask(site), clock, sleep=lambda _s: None) as reader:
            assert reader.page("*").works == 2
        assert len(site.asked) == 2

    @pytest.mark.parametrize(
        ("reply", "told"),
        [
            (Reply(status=403), "status 403"),
            (Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}), "status 302"),
            (Reply(headers={"Content-Type": "text/html"}), "text/html"),
            (Reply(headers={"Content-Encoding": "gzip"}), "not plain JSON"),
        ],
    )
    def test_what_no_patience_mends_is_told_at_once(
        self, clock: FixedClock, site: Site, reply: Reply, told: str
    ) -> None:
        site.answer = lambda _asked: reply
        with Reader(ask(site), clock, sleep=lambda _s: None) as reader, pytest.raises(FetchFault, match=told):
            reader.page("*")
        assert len(site.asked) == 1

    def test_an_answer_without_end_is_not_taken(self, clock: FixedClock, site: Site) -> None:
        site.answer = lambda _asked: Reply(body=b" " * 50_000)
        with Reader(ask(site), clock, Limits(max_bytes=10_000)) as reader, pytest.raises(FetchFault, match="more than"):
            reader.page("*")


class TestQuestion:
    @pytest.mark.parametrize(
        "changes",
        [
            {"search": " "},
            {"mailto": "nobody"},
            {"mailto": "a@b\nX-Evil: 1"},
            {"url": "http://far.example/works"},
            {"url": "file:///etc/passwd"},
            {"url": "https://user:secret@far.example/works"},
            {"url": "https://far.example/works?x=1"},
        ],
    )
    def test_questions_that_must_not_be_asked(self, changes: dict[str, str]) -> None:
        with pytest.raises(ObservatoryError):
            Question(**{"service": service("openalex"), "search": "x", "mailto": "a@b.example", **changes})  # type: ignore[arg-type]  # texts but for the service

    def test_every_service_is_polite_and_cited(self) -> None:
        for item in services():
            assert item.url.startswith("https://") and item.per_second <= 10 and item.citation

    def test_an_unknown_service_is_refused(self) -> None:
        with pytest.raises(ObservatoryError, match="One of: openalex, crossref"):
            service("nosuch")
