"""What everybody needs to use a page: labels, headings in order, contrast, room on a narrow screen; in both lights and languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import House, picture, visiting

_CSS = (Path(__file__).resolve().parents[2] / "src/vedette/doors/static/console.css").read_text("utf-8")
_PATHS = (
    "/",
    "/queue",
    "/screening",
    "/lists",
    "/rules",
    "/rules/network/console_from_dprk",
    "/customers",
    "/actors",
    "/audit",
    "/admin",
    "/approvals",
    "/reports",
    "/compute?scope=account",
    "/compute/holder?scope=account&id=a-00000",
    "/duties/clocks",
    "/duties/appeals",
    "/duties/sample",
    "/duties/quality",
    "/actors/explore?about=a-1",
)
_TEXTS = [
    *(
        ("--ink", ground)
        for ground in ("--bg", "--surface", "--raised", "--accent-soft", "--strong-soft", "--stop-soft")
    ),
    *(("--quiet", ground) for ground in ("--bg", "--surface", "--raised", "--accent-soft")),
    *(("--accent", ground) for ground in ("--bg", "--surface", "--raised", "--accent-soft")),
    ("--accent-ink", "--accent"),
    ("--surface", "--ink"),
    *((f"--{name}", f"--{name}-soft") for name in ("stop", "strong", "medium", "weak", "good")),
]
_AUDIT = """() => {
  const faults = [];
  const text = (e) => (e.innerText || "").trim() || e.getAttribute("aria-label") || e.title || "";
  for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!e.labels?.length && !e.getAttribute("aria-label")) faults.push("no label: " + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll("a[href], button"))
    if (!text(e) && !e.textContent.trim()) faults.push("no name: " + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll("img")) if (!e.hasAttribute("alt")) faults.push("no alt");
  for (const e of document.querySelectorAll("th")) if (!e.hasAttribute("scope")) faults.push("th without scope");
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  let last = 0;
  for (const e of document.querySelectorAll("main h1, main h2, main h3, main h4")) {
    if (e.closest("dialog:not([open])")) continue;
    const level = Number(e.tagName[1]);
    if (last && level > last + 1 + (last === 1)) faults.push("heading leaps: " + e.innerText);
    last = level;
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) if (ids.filter((x) => x === id).length > 1) faults.push("id twice: " + id);
  if (!document.documentElement.lang || !document.title) faults.push("no language or title");
  if (document.documentElement.scrollWidth > innerWidth + 1) faults.push("wider than the screen: " + document.documentElement.scrollWidth);
  for (const e of document.querySelectorAll("[role=img]")) if (!e.getAttribute("aria-label")) faults.push("drawing without words");
  return faults;
}"""


def palette(dark: bool) -> dict[str, str]:
    """The colours of one light."""
    block = re.search(r':root\[data-theme="dark"\] \{(.*?)\}' if dark else r":root \{(.*?)\}", _CSS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", block[1]))


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestPalette:
    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    @pytest.mark.parametrize(("ink", "ground"), _TEXTS)
    def test_text_can_be_read(self, ink: str, ground: str, dark: bool) -> None:
        """WCAG 2.2 AA: 4.5 to 1."""
        colours = palette(dark)
        assert contrast(colours[ink], colours[ground]) >= 4.5

    def test_both_dark_palettes_are_one(self) -> None:
        """Who prefers dark by the system sees what the switch shows."""
        auto = re.search(r':root\[data-theme="auto"\] \{(.*?)\}', _CSS, re.DOTALL)
        assert auto is not None
        assert dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", auto[1])) == palette(dark=True)

    def test_focus_stands_out(self) -> None:
        assert all(contrast(palette(dark)["--focus"], palette(dark)["--surface"]) >= 3 for dark in (False, True))

    def test_black_on_white_is_the_most(self) -> None:
        assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.browser
@pytest.mark.timeout(90)
class TestPagesInTheBrowser:
    @pytest.mark.parametrize(
        ("width", "options"),
        [(1440, {"color_scheme": "light"}), (400, {"color_scheme": "dark", "locale": "ko-KR"})],
        ids=["wide", "narrow-dark-korean"],
    )
    def test_every_page_can_be_used_by_everybody(
        self, browser: Any, house: House, width: int, options: dict[str, Any], tmp_path: Path
    ) -> None:
        with visiting(browser, house, "carl", **options) as visit:
            visit.page.set_viewport_size({"width": width, "height": 900})
            first = visit.go("/queue") and visit.page.locator("#rows .row").first.get_attribute("data-case")
            tabs = [
                f"/cases/{first}?tab={tab}"
                for tab in ("overview", "evidence", "activity", "compute", "report", "audit")
            ]
            for path in (*_PATHS, *tabs):
                visit.go(path)
                picture(visit, tmp_path / f"{path.strip('/').replace('/', '-')[:40] or 'home'}.png")
                assert (path, visit.page.evaluate(_AUDIT)) == (path, [])

    def test_the_first_stop_of_the_tab_key_skips_to_the_content(self, browser: Any, house: House) -> None:
        with visiting(browser, house, "bea") as visit:
            visit.go("/lists")
            visit.press("Tab", "Enter")
            assert visit.page.evaluate("document.activeElement.id") == "main"

    def test_theme_and_language_are_kept(self, browser: Any, house: House) -> None:
        with visiting(browser, house, "bea") as visit:
            visit.go("/lists")
            visit.page.locator('button[name="language"]').click()
            visit.page.wait_for_selector('html[lang="ko"]')
            visit.page.locator('button[name="theme"]').click()
            visit.page.wait_for_selector('html[data-theme="dark"]')
            assert "명단" in visit.page.locator("h1").inner_text()
