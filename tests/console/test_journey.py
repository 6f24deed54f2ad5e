"""J3 by keyboard alone: a new reviewer comes in, reads a case, decides with a reason, and a second person agrees."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.console.conftest import House, Visit, picture, visiting
from tests.doors.access.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
_MOST_SECONDS = 120


def come_in(visit: Visit, name: str) -> None:
    """Sign in at the door, without a mouse."""
    visit.page.context.clear_cookies()
    visit.go("/queue")
    visit.page.keyboard.type(name)
    visit.press("Tab")
    visit.page.keyboard.type(PASSWORD)
    visit.press("Enter")
    visit.page.wait_for_selector("#rows .row")


class TestReviewer:
    def test_from_the_door_to_a_defended_decision_in_two_minutes(
        self, browser: Any, house: House, tmp_path: Path
    ) -> None:
        """The customer's service ends only when two people have seen the same case, and the log can prove both."""
        with visiting(browser, house, "vic") as visit:
            begun = monotonic()
            come_in(visit, "bo")
            page = visit.page
            picture(visit, tmp_path / "1-queue.png")
            visit.press("j", "j", "j", "j", "j", "j")
            page.wait_for_function(
                "() => document.querySelector('#rows .row[aria-current]').dataset.case === document.querySelector('.case').dataset.case"
            )
            case = page.locator("#detail .case").get_attribute("data-case")
            visit.press("]")
            page.wait_for_selector("#detail .table details")
            picture(visit, tmp_path / "2-evidence.png")
            visit.press("d")
            page.wait_for_selector("dialog#decide[open]")
            page.keyboard.type("The stated identity")  # a select is chosen by its first words
            visit.press("Tab", "Tab")
            page.keyboard.type("suspend")
            visit.press("Tab")
            page.keyboard.type("The passport was reported stolen; the police report is on file.")
            picture(visit, tmp_path / "3-decision.png")
            visit.press("Control+Enter")
            page.wait_for_selector(".undo")
            picture(visit, tmp_path / "4-onward.png")
            assert monotonic() - begun < _MOST_SECONDS
            assert "Waits for a second person" in page.locator(".undo").inner_text()
            self._second_person(browser, house, str(case), tmp_path)

    def _second_person(self, browser: Any, house: House, case: str, tmp_path: Path) -> None:
        with visiting(browser, house, "carl") as visit:
            visit.go(f"/cases/{case}")
            visit.page.locator('button[name="agree"][value="yes"]').press("Enter")
            visit.page.wait_for_selector("text=final")
            visit.go(f"/cases/{case}?tab=audit")
            picture(visit, tmp_path / "5-proofs.png")
            text = visit.page.locator("#detail").inner_text()
            assert "second person agreed" in text and "does not hold" not in text
