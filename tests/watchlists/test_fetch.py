"""One address at a time, against a server on this machine that misbehaves in every way that servers do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from tests.watchlists.server import Page, Publisher, closed_port, publisher
from vedette.watchlists import ListError
from vedette.watchlists.fetch import Answer, Limits, Validators, fetch
from vedette.watchlists.source import Download

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(60)]
NOTHING = Validators()


@pytest.fixture
def site(socket_enabled: None) -> Iterator[Publisher]:
    with publisher() as running:
        yield running


def ask(site: Publisher, folder: Path, path: str = "/list", **options: object) -> Answer:
    options = {"known": NOTHING, **options}
    return fetch(Download("primary", site.address + path), folder / "got", **options)  # type: ignore[arg-type]


class TestAWholeFile:
    def test_it_lands_in_its_place_with_what_the_server_said(self, site: Publisher, tmp_path: Path) -> None:
        headers = {"ETag": '"v1"', "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"}
        site.pages["/list"] = Page(b"one,two\n" * 100_000, headers=headers)
        answer = ask(site, tmp_path)
        assert answer == Answer(False, Validators('"v1"', "Sun, 01 Mar 2026 10:00:00 GMT"), True)
        assert (tmp_path / "got").read_bytes() == site.pages["/list"].body

    def test_the_question_is_plain_and_names_the_program(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(b"x")
        ask(site, tmp_path)
        ((_, headers),) = site.asked
        assert headers["User-Agent"].startswith("vedette")
        assert headers["Accept-Encoding"] == "identity"
        assert not {"If-None-Match", "If-Modified-Since", "Cookie", "Authorization"} & set(headers)

    def test_an_answer_without_length_is_taken_and_said_to_be_unmeasured(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(b"x" * 1000, untold=True)
        assert ask(site, tmp_path).measured is False

    @pytest.mark.parametrize("kind", ["text/xml; charset=utf-8", "application/octet-stream", "TEXT/CSV", ""])
    def test_data_may_call_itself_by_many_names(self, site: Publisher, tmp_path: Path, kind: str) -> None:
        site.pages["/list"] = Page(b"x", kind=kind)
        assert not ask(site, tmp_path).unchanged

    def test_a_header_that_could_not_be_sent_back_is_forgotten(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(b"x", headers={"ETag": "x" * 300, "Last-Modified": "caf\xe9"})
        assert ask(site, tmp_path).validators == NOTHING


class TestConditional:
    def test_an_unchanged_file_is_not_sent_again(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(b"x", headers={"ETag": '"v1"'})
        answer = ask(site, tmp_path, known=Validators('"v1"', "Sun, 01 Mar 2026 10:00:00 GMT"))
        assert answer.unchanged
        assert site.asked[0][1]["If-Modified-Since"] == "Sun, 01 Mar 2026 10:00:00 GMT"
        assert not (tmp_path / "got").exists()

    def test_unchanged_without_a_question_is_no_answer(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(status=304)
        with pytest.raises(ListError, match="status 304"):
            ask(site, tmp_path)


class TestRefused:
    @pytest.mark.parametrize(
        ("page", "problem"),
        [
            (Page(b"x" * 5_000, length=9_000), r"cut short: 5,000 of 9,000 bytes"),
            (Page(b"x" * 5_000), r"larger than 4,000 bytes"),
            (Page(b"x" * 5_000, untold=True), r"larger than 4,000 bytes"),
            (Page(b"<html>", kind="text/html; charset=utf-8"), r"of the kind 'text/html', not a data file"),
            (Page(b"%PDF", kind="application/pdf"), r"of the kind 'application/pdf'"),
            (Page(b"x", headers={"Content-Encoding": "gzip"}), r"packed in a way"),
            (Page(status=404), r"status 404"),
            (Page(status=403), r"status 403"),
            (Page(status=500), r"status 500"),
            (Page(b"x", status=206), r"status 206"),
            (Page(status=302), r"redirects more than 5 times"),
            (Page(status=302, headers={"Location": "/list"}), r"redirects more than 5 times"),
            (Page(status=302, headers={"Location": "https://elsewhere.example/list"}), r"another host, 'elsewhere"),
            (Page(status=302, headers={"Location": "ftp://127.0.0.1/list"}), r"not an https address"),
            (Page(status=302, headers={"Location": "file:///etc/passwd"}), r"not an https address"),
            (Page(status=302, headers={"Location": "http://127.0.0.1:99999/"}), r"is no address"),
            (Page(status=302, headers={"Location": "http://[/"}), r"is no address|cannot be fetched"),
        ],
    )
    def test_with_problem_and_remedy_and_nothing_left_behind(
        self, site: Publisher, tmp_path: Path, page: Page, problem: str
    ) -> None:
        site.pages["/list"] = page
        with pytest.raises(ListError, match=problem) as caught:
            ask(site, tmp_path, limits=Limits(max_bytes=4_000 if "larger" in problem else 100_000))
        assert caught.value.remedy
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("page", "limits", "problem"),
        [
            (Page(b"x", delay=5), Limits(stall=0.2), "sent nothing for 0.2 seconds"),
            (Page(b"x" * 1_000, drip=0.05), Limits(stall=2, total=0.8), "longer than 0.8 seconds"),
            (Page(b"x" * 1_000, drip=0.05, untold=True), Limits(stall=2, total=0.8), "longer than 0.8 seconds"),
        ],
    )
    def test_a_slow_server_is_given_up(
        self, site: Publisher, tmp_path: Path, page: Page, limits: Limits, problem: str
    ) -> None:
        site.pages["/list"] = page
        start = perf_counter()
        with pytest.raises(ListError, match=problem):
            ask(site, tmp_path, limits=limits)
        assert perf_counter() - start < 4
        assert list(tmp_path.iterdir()) == []

    def test_nobody_there(self, site: Publisher, tmp_path: Path) -> None:
        site.address = f"http://127.0.0.1:{closed_port()}"
        with pytest.raises(ListError, match="cannot be fetched: Connection refused"):
            ask(site, tmp_path)

    @pytest.mark.parametrize("url", ["http://example.org/x", "file:///etc/passwd", "gopher://127.0.0.1/", "", "x"])
    def test_only_https_leaves_this_machine(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(ListError, match="not an https address"):
            fetch(Download("primary", url), tmp_path / "got", known=NOTHING)


class TestRedirects:
    def test_to_the_same_host_are_followed_and_asked_conditionally(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(status=302, headers={"Location": "/files/today?signature=secret"})
        site.pages["/files/today"] = Page(b"whole", headers={"ETag": '"v2"'})
        assert ask(site, tmp_path).validators.etag == '"v2"'
        assert (tmp_path / "got").read_bytes() == b"whole"
        assert ask(site, tmp_path, known=Validators('"v2"')).unchanged

    def test_to_a_declared_host_are_followed(self, site: Publisher, tmp_path: Path) -> None:
        there = site.address.replace("127.0.0.1", "localhost") + "/files/today"
        site.pages["/list"] = Page(status=307, headers={"Location": there})
        site.pages["/files/today"] = Page(b"whole")
        with pytest.raises(ListError, match="another host, 'localhost'"):
            ask(site, tmp_path)
        assert not ask(site, tmp_path, hosts=("localhost",)).unchanged

    def test_a_signature_in_an_address_is_never_shown(self, site: Publisher, tmp_path: Path) -> None:
        site.pages["/list"] = Page(status=302, headers={"Location": "https://127.0.0.1:1/x?signature=secret"})
        with pytest.raises(ListError) as caught:
            ask(site, tmp_path)
        assert "secret" not in str(caught.value)
