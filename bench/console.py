"""How fast the console is where reviewers feel it: first paint of a queue of 10,000 cases, and deciding and going on.

Run: python -m bench.console [CASES] [DECISIONS]   (needs Debian's chromium)
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.console.conftest import Visit, chromium, serving, visiting

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
_WATCH = """() => {
  window.took = [];
  let begun = 0;
  document.addEventListener("submit", () => { begun = performance.now(); }, true);
  document.addEventListener("htmx:after:swap", () => requestAnimationFrame(() => setTimeout(() => {
    if (begun) window.took.push(performance.now() - begun);
    begun = 0;
  })));
}"""


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1]


def told(name: str, values: list[float], limit: float) -> None:
    """One line of figures in milliseconds."""
    verdict = "within" if p95(values) < limit else "BEYOND"
    print(
        f"{name:34} n={len(values):3}  median {median(values):6.1f}  p95 {p95(values):6.1f}  {verdict} {limit:.0f} ms"
    )


def paints(visit: Visit, times: int) -> list[float]:
    """First contentful paint of the queue, after one warm-up."""
    found: list[float] = []
    for _ in range(times + 1):
        visit.go("/queue")
        visit.page.wait_for_function(f"() => {_PAINT} > 0")
        found.append(float(visit.page.evaluate(_PAINT)))
    return found[1:]


def steps(visit: Visit, times: int) -> list[float]:
    """From the key j to the next case in the pane."""
    visit.go("/queue")
    visit.page.evaluate(_WATCH)
    found: list[float] = []
    for _ in range(times):
        visit.page.evaluate("document.dispatchEvent(new Event('submit'))")
        visit.press("j")
        found.append(_next(visit.page, len(found) + 1))
    return found


def decisions(visit: Visit, times: int) -> list[float]:
    """From sending the form to the next case painted, undo bar included."""
    visit.go("/queue")
    visit.page.evaluate(_WATCH)
    found: list[float] = []
    for number in range(times):
        visit.press("1")
        visit.page.wait_for_selector("dialog#decide[open]")
        visit.page.keyboard.insert_text(f"Another birth date, case {number} of the bench.")
        visit.press("Control+Enter")
        found.append(_next(visit.page, number + 1))
    return found


def _next(page: Any, number: int) -> float:
    page.wait_for_function(f"() => window.took.length >= {number}")
    return float(page.evaluate("window.took.at(-1)"))


def main(count: int, times: int) -> None:
    """Serve so many invented cases from a process of its own, and measure in one browser."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(Path(scratch) / "ws", count) as house,
        chromium() as browser,
        visiting(browser, house, "bea") as visit,
    ):
        print(f"{count:,} cases, load average {os.getloadavg()[0]:.1f}")
        told("queue, first contentful paint", paints(visit, 20), 300)
        told("next case by key", steps(visit, min(40, count - 1)), 100)
        told("decide and go on", decisions(visit, times), 100)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 60)
