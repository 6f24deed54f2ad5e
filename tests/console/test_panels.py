"""Parts of other rooms on a case, drawings and the menu in a real browser: loaded, drawn, and within the policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.console.conftest import House, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]


class TestPanels:
    def test_compute_and_report_are_tabs_of_the_case(self, visit: Visit) -> None:
        visit.go("/queue")
        case = visit.page.locator("#rows .row").first.get_attribute("data-case")
        visit.go(f"/cases/{case}?tab=compute")
        visit.page.wait_for_selector("#detail [data-course] canvas")
        visit.press("]")
        visit.page.wait_for_selector('#detail form[action="/reports"]')

    def test_a_draft_from_the_case(self, visit: Visit) -> None:
        visit.go("/queue")
        case = visit.page.locator("#rows .row").nth(7).get_attribute("data-case")
        visit.go(f"/cases/{case}?tab=report")
        visit.page.locator('#detail form:has(input[value="sar_narrative"]) button').first.click()
        visit.page.wait_for_url("**/reports/rep_*")
        assert visit.page.locator('.way [aria-current="step"]').inner_text() == "draft"


class TestGraph:
    def test_choosing_an_account_in_the_table_opens_it_too(self, visit: Visit) -> None:
        visit.go("/actors/explore?about=a-1")
        visit.page.wait_for_selector("[data-graph] canvas")
        visit.page.locator("table a", has_text="Open it, too").first.click()
        visit.page.wait_for_url("**about=a-1&about=a-2*")


class TestMenu:
    def test_letters_lead_to_places_under_more(self, browser: Any, house: House) -> None:
        with visiting(browser, house, "carl") as visit:
            visit.go("/approvals")
            visit.press("g", "p")
            visit.page.wait_for_url("**/admin")
            visit.page.locator("details.rest > summary").click()
            visit.page.locator("h1").click()
            assert visit.page.locator("details.rest[open]").count() == 0


class TestBulk:
    def test_a_reason_leaves_only_fitting_outcomes(self, visit: Visit) -> None:
        visit.go("/queue/bulk")
        visit.page.select_option("#bulk-reason", "namesake")
        assert visit.page.locator('input[name="outcome"][value="true"]').is_disabled()
        visit.page.fill("#bulk-note", "One campaign.")
        visit.page.locator("button", has_text="Count only").click()
        visit.page.wait_for_selector("text=a stop is judged one by one")
