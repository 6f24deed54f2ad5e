"""Telemetry from a Prometheus server: whole pages or none, patience with limits, on from where it ended, and a token that nobody sees."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.terminal import vedette
from tests.watchlists.server import closed_port
from tests.workloads.made import ME, fleet
from tests.workloads.server import Asked, Prometheus, Reply, prometheus, reply, samples_of
from vedette import audit
from vedette.app.rooms import catalogue
from vedette.base import FixedClock
from vedette.store import Store, Workspace
from vedette.workloads.collect import Around, Collected, Stretch, collect
from vedette.workloads.fetch import FetchFault, Limits, Page, Reader, Server, TooLarge

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(60)]
TOKEN = "s3cr3t-bearer-token"
BEGIN, END = datetime(2026, 3, 1, 12, 0, tzinfo=UTC), datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
T = int(BEGIN.timestamp())
NOW = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
QUESTION = Page(metrics=("DCGM_FI_DEV_GPU_UTIL",), begin=T, end=T + 60, step=15)


@pytest.fixture
def site(socket_enabled: None) -> Iterator[Prometheus]:
    with prometheus() as running:
        yield running


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template") / "ws"
    fleet(root).close()
    return root


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "ws")
    made = Store(Workspace(tmp_path / "ws"), catalogue())
    yield made
    made.close()


def ask(site: Prometheus, target: Path, *, limits: Limits | None = None, token: str = "") -> list[float]:
    """One page; returns the pauses that were made."""
    pauses: list[float] = []
    with Reader(Server(url=site.url, token=token), limits, sleep=pauses.append) as reader:
        reader.fetch(QUESTION, target)
    return pauses


def in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    """The replies one after another, the last one for good."""
    left = list(replies)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


def take(store: Store, site: Prometheus, limits: Limits | None = None, **stretch: object) -> Collected:
    with Reader(Server(url=site.url), limits, sleep=lambda _s: None) as reader:
        around = Around(store=store, principal=ME, clock=NOW, reader=reader)
        return collect(around, site.url, Stretch(**{"start": BEGIN, "end": END, **stretch}))  # type: ignore[arg-type]


class TestAPage:
    def test_it_lands_whole_and_the_question_is_bounded(self, site: Prometheus, tmp_path: Path) -> None:
        assert ask(site, tmp_path / "got", token=TOKEN) == []
        assert json.loads((tmp_path / "got").read_bytes())["status"] == "success"
        (asked,), (headers,) = site.asked, site.headers
        assert asked == {
            "query": '{__name__=~"DCGM_FI_DEV_GPU_UTIL"}',
            "start": str(T),
            "end": str(T + 45),
            "step": "15",
        }
        assert headers["Authorization"] == f"Bearer {TOKEN}"
        assert headers["Accept-Encoding"] == "identity"

    def test_without_a_token_none_is_sent(self, site: Prometheus, tmp_path: Path) -> None:
        ask(site, tmp_path / "got")
        assert "Authorization" not in site.headers[0]

    @pytest.mark.parametrize(
        ("first", "pauses"),
        [
            (Reply(status=429, headers={"Retry-After": "7"}), [7.0]),
            (Reply(status=503, headers={"Retry-After": "99999"}), [60.0]),
            (Reply(status=500), [1.0]),
            (Reply(status=502, headers={"Retry-After": "Sun, 01 Mar 2026 12:00:00 GMT"}), [1.0]),
            (Reply(b'{"status":"suc', length=9_000), [1.0]),
        ],
        ids=["429", "long", "500", "date", "cut"],
    )
    def test_a_failure_that_passes_is_waited_for(
        self, site: Prometheus, tmp_path: Path, first: Reply, pauses: list[float]
    ) -> None:
        site.answer = in_turn(first, reply([]))
        assert ask(site, tmp_path / "got") == pauses
        assert len(site.asked) == 2

    @pytest.mark.parametrize(
        ("answer", "problem", "questions"),
        [
            (Reply(status=500), r"is too busy or failing, 3 times in a row", 3),
            (Reply(b"x" * 10, length=99), r"broke off or did not answer \(RemoteProtocolError\), 3 times", 3),
            (Reply(status=401), r"status 401.*token", 1),
            (Reply(status=400), r"status 400", 1),
            (Reply(status=404), r"status 404.*in front of /api/v1", 1),
            (Reply(status=302, headers={"Location": "http://127.0.0.1:1/steal"}), r"status 302", 1),
            (Reply(b"<html>", kind="text/html"), r"answered 'text/html', not plain JSON", 1),
            (Reply(b"x", headers={"Content-Encoding": "gzip"}), r"not plain JSON", 1),
            (Reply(b" " * 5_000), r"answered more than 4,000 bytes", 1),
            (Reply(b" " * 5_000, untold=True), r"answered more than 4,000 bytes", 1),
        ],
    )
    def test_a_lasting_failure_is_told_with_a_remedy_and_leaves_nothing(
        self, site: Prometheus, tmp_path: Path, answer: Reply, problem: str, questions: int
    ) -> None:
        site.answer = lambda _asked: answer
        with pytest.raises(FetchFault, match=problem) as caught:
            ask(site, tmp_path / "got", limits=Limits(attempts=3, max_bytes=4_000), token=TOKEN)
        assert caught.value.remedy and TOKEN not in str(caught.value)
        assert len(site.asked) == questions
        assert list(tmp_path.iterdir()) == []

    def test_nobody_listening_is_told(self, socket_enabled: None, tmp_path: Path) -> None:
        with (
            Reader(
                Server(url=f"http://127.0.0.1:{closed_port()}"), Limits(attempts=2), sleep=lambda _s: None
            ) as reader,
            pytest.raises(FetchFault, match="ConnectError"),
        ):
            reader.fetch(QUESTION, tmp_path / "got")

    def test_patience_ends_with_the_time_for_the_page(self, site: Prometheus, tmp_path: Path) -> None:
        site.answer = lambda _asked: Reply(status=429, headers={"Retry-After": "50"})
        with pytest.raises(FetchFault, match="1 times in a row"):
            ask(site, tmp_path / "got", limits=Limits(total=10))


class TestTheServer:
    @pytest.mark.parametrize(
        ("url", "token", "problem"),
        [
            ("ftp://prometheus", "", "no http or https address"),
            ("file:///etc/passwd", "", "no http or https address"),
            ("http://prometheus/?a=b", "", "without a query"),
            ("http://[", "", "is no address"),
            ("http://host:99999", "", "is no address"),
            ("http://anna:pass@prometheus", "", "bears a password"),
            ("http://prometheus.example:9090", TOKEN, "hear the token in the clear"),
            ("https://prometheus.example", f"{TOKEN}\r\nX-Evil: 1", "more than plain letters"),
        ],
    )
    def test_an_address_or_token_that_must_not_be_used_is_refused(self, url: str, token: str, problem: str) -> None:
        with pytest.raises(FetchFault, match=problem) as caught:
            Server(url=url, token=token)
        assert TOKEN not in str(caught.value) and "pass@" not in str(caught.value)

    def test_the_token_is_not_shown(self) -> None:
        assert TOKEN not in repr(Server(url="https://prometheus.example", token=TOKEN))

    def test_a_page_of_too_many_points_is_refused(self) -> None:
        with pytest.raises(FetchFault, match="1 to 11,000 steps"):
            Page(metrics=("a",), begin=0, end=11_001, step=1)


class TestCollecting:
    def test_pages_follow_each_other_without_gap_or_overlap(self, site: Prometheus, store: Store) -> None:
        took = take(store, site)
        assert site.ranges == [(T, T + 3_585), (T + 3_600, T + 7_185)]
        assert (took.pages, took.skipped) == (2, 0)
        assert took.intake.read == 480

    def test_it_goes_on_from_where_the_last_call_ended(self, site: Prometheus, store: Store) -> None:
        """A night in which the server fails costs the pages that failed, and no others."""
        failing = in_turn(Reply(status=400))
        site.answer = lambda asked: samples_of(asked) if int(asked["start"]) == T else failing(asked)
        with pytest.raises(FetchFault, match="status 400"):
            take(store, site)
        site.answer = samples_of
        site.asked.clear()
        again = take(store, site)
        assert site.ranges == [(T + 3_600, T + 7_185)]
        assert (again.pages, again.skipped) == (1, 1)
        assert take(store, site).pages == 0
        later = take(store, site, start=None, end=datetime(2026, 3, 1, 14, 30, tzinfo=UTC))
        assert (later.pages, site.ranges[-1]) == (1, (T + 7_200, T + 8_985))
        assert audit.verify(store).holds

    def test_an_answer_cut_without_a_trace_is_not_taken(self, site: Prometheus, store: Store) -> None:
        whole = samples_of({"start": str(T), "end": str(T + 45), "step": "15"}).body
        site.answer = lambda _asked: Reply(whole[:-20], untold=True)
        with pytest.raises(FetchFault, match="cannot be read"):
            take(store, site)
        site.answer = samples_of
        assert take(store, site).pages == 2

    def test_a_page_that_is_too_large_is_asked_for_in_halves(self, site: Prometheus, store: Store) -> None:
        size = len(samples_of({"start": str(T), "end": str(T + 1_785), "step": "15"}).body)
        took = take(store, site, Limits(max_bytes=size + 100))
        assert took.pages == 4 and took.intake.read == 480
        with pytest.raises(TooLarge):
            take(store, site, Limits(max_bytes=50), step=30)

    def test_samples_lie_on_the_same_grid_whatever_the_start(self, site: Prometheus, store: Store) -> None:
        odd = datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
        take(store, site, start=odd, end=datetime(2026, 3, 1, 12, 10, 7, tzinfo=UTC))
        assert site.ranges == [(T, T + 585)]

    def test_the_present_is_left_until_it_has_settled(self, site: Prometheus, store: Store) -> None:
        take(store, site, start=datetime(2026, 3, 1, 23, 30, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC))
        assert site.ranges[-1][1] == int(NOW.now().timestamp()) - 60 - 15

    def test_other_tools_and_missing_starts_are_refused_with_a_remedy(self, site: Prometheus, store: Store) -> None:
        with pytest.raises(FetchFault, match="does not come from Prometheus"):
            take(store, site, adapter="sacct")
        with pytest.raises(FetchFault, match="--start"):
            take(store, site, start=None)
        with pytest.raises(FetchFault, match="not before the end"):
            take(store, site, start=END, end=BEGIN)


class TestTheCommand:
    def test_the_token_comes_from_a_file_and_lies_nowhere_afterwards(
        self, site: Prometheus, store: Store, tmp_path: Path
    ) -> None:
        secret = tmp_path / "token"
        secret.write_text(TOKEN + "\n")
        span = ("--start", "2026-03-01T12:00:00Z", "--end", "2026-03-01T12:10:00Z")
        done = vedette("-w", tmp_path / "ws", "workload", "fetch", "--url", site.url, "--token-file", secret, *span)
        done.done()
        assert site.headers[0]["Authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in done.out + done.err
        for path in (each for each in (tmp_path / "ws").rglob("*") if each.is_file()):
            assert TOKEN.encode() not in path.read_bytes(), path

    def test_a_failing_server_ends_with_exit_1_and_the_remedy(
        self, site: Prometheus, store: Store, tmp_path: Path
    ) -> None:
        site.answer = lambda _asked: Reply(status=401)
        words = ("-w", tmp_path / "ws", "workload", "fetch", "--url", site.url, "--start", "2026-03-01")
        done = vedette(*words, VEDETTE_PROMETHEUS_TOKEN=TOKEN)
        assert done.code == 1 and "--token-file" in done.err and TOKEN not in done.err
        assert site.headers[0]["Authorization"] == f"Bearer {TOKEN}"
