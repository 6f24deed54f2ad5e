"""A browser before a served workspace: Debian's chromium, skipped with a message where it is not on the machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.console.desk import Desk, furnish, opened

CHROMIUM = Path("/usr/bin/chromium")
VENDOR = Path(__file__).resolve().parents[2] / "src/vedette/doors/static/vendor/htmx.min.js"
_ROOT = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    """The marker of tests that drive a browser."""
    config.addinivalue_line("markers", "browser: drives chromium; skipped with a message where it is missing")


@dataclass
class House:
    """A service that listens, the cookies of its people, and its address."""

    port: int
    cookies: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass
class Visit:
    """One person's browser window, with everything that a page must never do written down."""

    page: Any
    house: House
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        """Open a page and wait until its script has run."""
        answer = self.page.goto(self.house.address + path)
        self.page.wait_for_load_state("load")
        assert answer.status < 400, (path, answer.status, self.page.locator("body").inner_text()[:300])
        return answer

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@contextmanager
def serving(folder: Path, count: int) -> Iterator[House]:
    """The service in a process of its own: tests open no socket themselves."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.console.serve", str(folder), str(count)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            yield House(told["port"], told["cookies"])
        finally:
            process.kill()


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's chromium, as Playwright drives it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Any, house: House, name: str, **options: Any) -> Iterator[Visit]:
    """A window signed in as somebody. Leaving it fails on any violation of the policy, script fault or foreign request."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
    context.add_cookies([{"name": "vedette", "value": house.cookies[name], "url": house.address}])
    visit = Visit(context.new_page(), house)

    def told(message: Any) -> None:
        if "Content Security Policy" in message.text or "violates" in message.text:
            visit.faults.append(f"policy: {message.text} at {message.location} on {visit.page.url}")

    def asked(request: Any) -> None:
        if not request.url.startswith((house.address, "data:")):
            visit.faults.append(f"another host: {request.url}")

    visit.page.on("console", told)
    visit.page.on("pageerror", lambda fault: visit.faults.append(f"script: {fault}"))
    context.on("request", asked)
    yield visit
    context.close()
    assert visit.faults == []


def picture(visit: Visit, path: Path) -> None:
    """A screenshot that leaves the caret alone: hiding it writes styles into the page, which the policy then refuses."""
    visit.page.screenshot(path=path, caret="initial")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Forty invented cases behind a service."""
    if not CHROMIUM.is_file():
        pytest.skip("chromium is not on this machine: apt-get install --no-install-recommends chromium fonts-noto-cjk")
    if not VENDOR.is_file():
        pytest.skip("the console's third-party scripts are not built: make frontend")
    with serving(tmp_path_factory.mktemp("console") / "ws", 40) as found:
        yield found


@pytest.fixture(scope="session")
def browser(house: House) -> Iterator[Any]:
    """One browser for all tests."""
    with chromium() as found:
        yield found


@pytest.fixture
def visit(browser: Any, house: House) -> Iterator[Visit]:
    """A window of bea, who works on cases."""
    with visiting(browser, house, "bea") as found:
        yield found


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A workspace of twelve invented cases to copy, with the cookies of its people."""
    folder = tmp_path_factory.mktemp("furnished") / "ws"
    return folder, furnish(folder, 12)


@contextmanager
def copied(furnished: tuple[Path, dict[str, str]], folder: Path) -> Iterator[Desk]:
    """A service over a copy of the furnished workspace."""
    template, cookies = furnished
    shutil.copytree(template, folder)
    with opened(folder, cookies) as found:
        yield found


@pytest.fixture(scope="module")
def desk(furnished: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Twelve invented cases of the module's own, and a client of each person."""
    with copied(furnished, tmp_path_factory.mktemp("desk") / "ws") as found:
        yield found


@pytest.fixture
def fresh(furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Desk]:
    """The same for one test alone, which others must not see."""
    with copied(furnished, tmp_path / "fresh") as found:
        yield found
