"""The kit's pages in a browser, from a folder: the quiz marks itself, a statement is saved, nothing is blocked or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vedette.base import FixedClock
from vedette.conference.education import content
from vedette.conference.education.build import build
from vedette.conference.education.content import chosen
from vedette.conference.education.statement import read_statement
from vedette.conference.education.write import write

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(90)]


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    write(build(chosen("ko"), clock=FixedClock(datetime(2026, 3, 1, tzinfo=UTC))), folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not on this machine")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A narrow window; whatever the page complains of or asks another host for is a fault."""
    faults: list[str] = []
    opened = browser.new_page(viewport={"width": 360, "height": 800})
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("request", lambda asked: None if asked.url.startswith(("file:", "blob:")) else faults.append(asked.url))
    yield opened
    opened.close()
    assert faults == []


class TestQuiz:
    def test_it_marks_itself_and_saves_a_statement_that_is_accepted(self, page: Any, kit: Path) -> None:
        page.goto((kit / "ko" / "quiz.html").as_uri())
        page.click("[data-act=mark]")
        assert page.inner_text("#result") == content.languages()["ko"].say("quiz_open")
        for id, letter in content.answers().items():
            page.check(f"#q-{id}-{letter}")
        page.click("[data-act=mark]")
        assert page.inner_text("#result").startswith("14 / 14.")
        page.fill("#person", "김 아다")
        with page.expect_download() as saved:
            page.click("[data-act=statement]")
        statement = read_statement(Path(saved.value.path()).read_bytes(), "completion.json")
        assert (statement.person, statement.named, statement.right) == ("김 아다", False, 14)

    def test_a_failed_try_offers_no_statement(self, page: Any, kit: Path) -> None:
        page.goto((kit / "ko" / "quiz.html").as_uri())
        for id, letter in content.answers().items():
            page.check(f"#q-{id}-{'b' if letter == 'a' else 'a'}")
        page.click("[data-act=mark]")
        assert page.inner_text("#result").startswith("0 / 14.")
        assert not page.is_visible("#statement")


class TestEveryPage:
    def test_none_is_wider_than_a_small_screen(self, page: Any, kit: Path) -> None:
        for path in sorted(kit.rglob("*.html")):
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name

    def test_a_form_is_saved_with_its_answers(self, page: Any, kit: Path) -> None:
        page.goto((kit / "ko" / "disclosure_form.html").as_uri())
        page.locator("input[type=text]").first.fill("제 논문")
        page.locator("input[type=checkbox]").first.check()
        with page.expect_download() as saved:
            page.click("[data-act=save]")
        text = Path(saved.value.path()).read_text(encoding="utf-8")
        assert "    제 논문" in text
        assert text.count("[x]") == 1
