"""Messages: read from the log, sent once their turn comes, tried again, given up, replayed; never to where they may not go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.cases.test_refresh import BOTH, refresh
from tests.made import ANNA, finding
from vedette import audit, cases
from vedette.base import FixedClock, Strength
from vedette.server import store as state
from vedette.server.model import (
    MESSAGES,
    MOST_ATTEMPTS,
    DeliveryState,
    Message,
    OutboxError,
    Target,
    TargetKind,
    back_off,
)
from vedette.server.outbox.fetch import NotSent, Post, _public, require_address
from vedette.server.outbox.pump import Outbox, Round, add_target, remove_target, replay
from vedette.server.outbox.shape import body, signature
from vedette.store import Store

MESSAGE = Message(
    id="msg_1",
    kind="case.created",
    leaf=3,
    time="2026-03-01T12:00:00Z",
    principal="job:run",
    case_id="case_1",
    facts={"bits": 3},
)
ROW: dict[str, Any] = {
    "status": "open",
    "priority": 88,
    "human_required": True,
    "summary": "A <b>stop</b> & more",
    "families": ["network"],
    "findings": ["fnd_1"],
    "accounts": ["a-1"],
}


@dataclass
class World:
    """Other systems: what they got, and what they answer."""

    status: int = 204
    got: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.got.append(request)
        return httpx.Response(self.status, headers={"Location": "http://169.254.169.254/"})

    def post(self, *addresses: str) -> Post:
        return Post(
            httpx.Client(transport=httpx.MockTransport(self.answer)), lambda _h, _p: addresses or ("203.0.113.9",)
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def outbox(store: Store, clock: FixedClock, world: World, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setattr("vedette.server.outbox.fetch._public", lambda text: text.startswith("203."))
    return Outbox(store, clock, world.post())


def target(store: Store, clock: FixedClock, target_id: str = "t", kind: str = "webhook", **more: Any) -> Target:
    return add_target(store, ANNA, target_id, kind, "https://hook.example/in?x=1", clock=clock, **more)


def stop(store: Store, clock: FixedClock, account: str = "s-1") -> None:
    refresh(store, clock, finding("presence/ip", account=account, strength=Strength.STOP))


def states(store: Store) -> list[tuple[DeliveryState, int]]:
    with store.database.reading() as connection:
        return [(one.state, one.attempts) for one in state.find_deliveries(connection)]


class TestReading:
    def test_a_case_that_opens_is_told_once_to_whom_it_concerns(
        self, store: Store, clock: FixedClock, outbox: Outbox, world: World
    ) -> None:
        made = target(store, clock)
        target(store, clock, "lists", messages=["list.updated"])
        stop(store, clock)

        first = outbox.round()
        second = Outbox(store, clock, outbox.post).round()

        assert first == Round(1, 1, 0)
        assert second == Round()
        told = json.loads(world.got[0].content)
        case = cases.of_account(store, "s-1")
        assert case is not None
        assert (told["kind"], told["case_id"]) == ("case.created", case.case_id)
        sent = world.got[0].headers["vedette-signature"]
        moment = int(sent.partition(",")[0].removeprefix("t="))
        assert sent == signature(made.secret, world.got[0].content, moment)

    def test_nothing_from_before_the_target_and_nothing_without_one(
        self, store: Store, clock: FixedClock, outbox: Outbox
    ) -> None:
        stop(store, clock)
        assert outbox.round() == Round()
        target(store, clock)
        assert outbox.round() == Round()

    def test_an_idle_round_writes_nothing(self, store: Store, clock: FixedClock, outbox: Outbox) -> None:
        target(store, clock)
        outbox.round()
        before = audit.verify(store).leaves
        for _ in range(3):
            outbox.round()
        assert audit.verify(store).leaves == before

    def test_decisions_and_lists_are_told(self, store: Store, clock: FixedClock, outbox: Outbox, world: World) -> None:
        refresh(store, clock, *BOTH)
        target(store, clock)
        case = cases.of_account(store, "a-1")
        assert case is not None
        cases.decide(
            store,
            ANNA,
            case.case_id,
            cases.Outcome.FALSE,
            cases.Action.NONE,
            "namesake",
            "A secret note.",
            expected_version=case.version,
            clock=clock,
            versions={},
        )
        outbox.round()
        assert json.loads(world.got[0].content)["kind"] == "case.decided"
        assert b"secret note" not in world.got[0].content


class TestSending:
    def test_tried_again_ever_later_then_given_up_then_replayed(
        self, store: Store, clock: FixedClock, outbox: Outbox, world: World
    ) -> None:
        target(store, clock)
        stop(store, clock)
        world.status = 500
        for attempt in range(1, MOST_ATTEMPTS + 1):
            outbox.round()
            assert states(store)[0][1] == attempt
            assert outbox.round() == Round()
            clock.advance(back_off(attempt))
        assert states(store) == [(DeliveryState.DEAD, MOST_ATTEMPTS)]
        ids = {request.headers["vedette-message"] for request in world.got}

        world.status = 200
        assert replay(store, ANNA, [], clock=clock) == 1
        assert outbox.round() == Round(0, 1, 0)
        assert states(store) == [(DeliveryState.SENT, 1)]
        assert {request.headers["vedette-message"] for request in world.got} == ids

    def test_whoever_says_gone_gets_no_more(
        self, store: Store, clock: FixedClock, outbox: Outbox, world: World
    ) -> None:
        target(store, clock)
        stop(store, clock)
        world.status = 410
        outbox.round()
        assert states(store) == [(DeliveryState.DEAD, 1)]

    def test_a_redirect_is_not_followed(self, store: Store, clock: FixedClock, outbox: Outbox, world: World) -> None:
        target(store, clock)
        stop(store, clock)
        world.status = 307
        outbox.round()
        assert len(world.got) == 1
        assert states(store) == [(DeliveryState.WAITING, 1)]

    def test_two_processes_send_each_message_once(
        self, store: Store, clock: FixedClock, outbox: Outbox, world: World
    ) -> None:
        target(store, clock)
        for number in range(5):
            stop(store, clock, f"s-{number}")
        other = Outbox(store, clock, outbox.post)
        one, two = outbox._take(list(state.targets(store))), other._take(list(state.targets(store)))
        assert (len(one[1]), len(two[1])) == (5, 0)

    def test_what_a_killed_process_held_is_taken_over(
        self, store: Store, clock: FixedClock, outbox: Outbox, world: World
    ) -> None:
        target(store, clock)
        stop(store, clock)
        outbox._take(list(state.targets(store)))
        other = Outbox(store, clock, outbox.post)
        assert other.round() == Round()
        clock.advance(timedelta(minutes=2))
        assert other.round() == Round(0, 1, 0)

    def test_a_target_that_is_removed_takes_its_messages_along(
        self, store: Store, clock: FixedClock, outbox: Outbox, world: World
    ) -> None:
        target(store, clock)
        stop(store, clock)
        world.status = 500
        outbox.round()
        assert remove_target(store, ANNA, "t", clock=clock) == 1
        assert outbox.round() == Round()
        assert audit.verify(store).holds

    def test_a_secret_is_kept_sealed(self, store: Store, clock: FixedClock) -> None:
        made = target(store, clock)
        with store.database.reading() as connection:
            row = connection.exec_driver_sql("SELECT sealed FROM outbox_target").scalar_one()
        assert made.secret.encode() not in bytes(row)
        assert "secret" not in made.as_json()


class TestAddresses:
    @pytest.mark.parametrize(
        "text",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "fe80::1%eth0",
            "fc00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::",
            "nonsense",
        ],
    )
    def test_inside_the_house(self, text: str) -> None:
        assert not _public(text)

    @pytest.mark.parametrize("text", ["8.8.8.8", "2001:4860:4860::8888"])
    def test_public(self, text: str) -> None:
        assert _public(text)

    @pytest.mark.parametrize("addresses", [("10.0.0.1",), ("8.8.8.8", "127.0.0.1"), ()])
    def test_one_private_address_is_enough_to_refuse(self, world: World, addresses: tuple[str, ...]) -> None:
        post = Post(httpx.Client(transport=httpx.MockTransport(world.answer)), lambda _h, _p: addresses)
        with pytest.raises(NotSent):
            post.send("https://rebound.example/", b"{}", {}, private=False)
        assert world.got == []

    def test_the_request_goes_to_the_address_that_was_examined(self, world: World) -> None:
        world.post("8.8.8.8").send("https://hook.example:8443/in", b"{}", {}, private=False)
        request = world.got[0]
        assert request.url.host == "8.8.8.8"
        assert request.headers["host"] == "hook.example:8443"
        assert request.extensions["sni_hostname"] == "hook.example"

    @pytest.mark.parametrize(
        "url",
        [
            "http://x.example/",
            "ftp://x.example/",
            "https://",
            "https://u:p@x.example/",
            "https://x/ y",
            "https://x:99999/",
            "file:///etc/passwd",
            "https://x/#a",
        ],
    )
    def test_what_is_no_address_for_messages(self, url: str) -> None:
        with pytest.raises(OutboxError):
            require_address(url, private=False)

    def test_inside_the_house_where_that_is_said(self, world: World) -> None:
        require_address("http://siem.internal:8088/x", private=True)
        assert world.post("10.0.0.1").send("http://siem.internal/x", b"{}", {}, private=True) == 204

    @pytest.mark.parametrize(
        "arguments",
        [("a/b", "webhook", ()), ("t", "fax", ()), ("t", "webhook", ("case.eaten",))],
    )
    def test_targets_that_cannot_be(
        self, store: Store, clock: FixedClock, arguments: tuple[str, str, tuple[str, ...]]
    ) -> None:
        target_id, kind, messages = arguments
        with pytest.raises(OutboxError):
            target(store, clock, target_id, kind, messages=messages)


class TestShapes:
    def shaped(self, kind: TargetKind, **options: str) -> tuple[Any, dict[str, str]]:
        made = Target(
            id="t",
            kind=kind,
            url="https://x",
            messages=(),
            secret="user:token",
            since_leaf=0,
            created_at="",
            created_by="",
            options=options,
        )
        data, headers = body(made, MESSAGE, ROW, 1_772_366_400)
        return json.loads(data), headers

    def test_ocsf(self) -> None:
        told, headers = self.shaped(TargetKind.OCSF, scheme="Splunk")
        assert (told["class_uid"], told["type_uid"], told["severity_id"]) == (2004, 200401, 5)
        assert told["time"] == 1_772_366_400_000
        assert told["resources"] == [{"type": "account", "uid": "a-1"}]
        assert headers["Authorization"] == "Splunk user:token"

    def test_jira(self) -> None:
        told, headers = self.shaped(TargetKind.JIRA, project="SEC", console="https://v.example/")
        assert told["fields"]["project"] == {"key": "SEC"}
        assert told["fields"]["description"].endswith("https://v.example/cases/case_1")
        assert headers["Authorization"] == "Basic dXNlcjp0b2tlbg=="

    def test_servicenow(self) -> None:
        told, _ = self.shaped(TargetKind.SERVICENOW)
        assert (told["urgency"], told["correlation_id"]) == ("1", "case_1")

    def test_slack_escapes_what_slack_would_read(self) -> None:
        told, headers = self.shaped(TargetKind.SLACK)
        assert "&lt;b&gt;stop&lt;/b&gt; &amp; more" in told["text"]
        assert "Authorization" not in headers

    def test_every_kind_of_message_is_documented_by_name(self) -> None:
        assert set(MESSAGES) >= {"case.created", "case.decided", "list.updated", "report.sent", "actors.updated"}


class _Handler(BaseHTTPRequestHandler):
    got: list[tuple[str, bytes, str]] = []

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.headers["Host"], data, self.headers["Vedette-Signature"]))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(socket_enabled: None) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_real_receiver_on_this_machine(store: Store, clock: FixedClock, receiver: HTTPServer) -> None:
    url = f"http://localhost:{receiver.server_address[1]}/in"
    made = add_target(store, ANNA, "local", "webhook", url, clock=clock, private=True)
    stop(store, clock)
    outbox = Outbox(store, clock, Post(resolve=lambda _h, _p: ["127.0.0.1"]))
    assert outbox.round() == Round(1, 1, 0)
    outbox.post.client.close()
    host, data, sent = _Handler.got[-1]
    assert host == f"localhost:{receiver.server_address[1]}"
    assert sent == signature(made.secret, data, int(clock.now().timestamp()))
