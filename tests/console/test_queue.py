"""The queue in a real browser: the pane follows the selection, decisions name what was shown, nothing breaks the policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.console.conftest import House, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]
_NOTE = "Birth dates differ by thirty years."


def shown(visit: Visit) -> tuple[str, str]:
    """The selected row's case and the case in the pane."""
    row = visit.page.locator('#rows .row[aria-current="true"]').get_attribute("data-case")
    return row, visit.page.locator("#detail article.case").get_attribute("data-case")


def settled(visit: Visit) -> None:
    visit.page.wait_for_function("() => !document.querySelector('.htmx-request')")
    visit.page.wait_for_timeout(50)


def decide(visit: Visit, key: str = "1") -> None:
    visit.press(key)
    visit.page.wait_for_selector("dialog#decide[open]")
    visit.page.keyboard.type(_NOTE)
    visit.press("Control+Enter")
    visit.page.wait_for_selector(".undo")


class TestSelection:
    def test_the_pane_shows_the_selected_row_after_thirty_steps(self, visit: Visit) -> None:
        """A reviewer who hurries never decides about another customer than the one they see."""
        visit.go("/queue")
        for _ in range(30):
            visit.press("j")
        settled(visit)
        row, pane = shown(visit)
        assert row == pane
        assert visit.page.locator("#rows .row").nth(30).get_attribute("data-case") == row

    def test_slow_answers_in_any_order_change_nothing(self, visit: Visit) -> None:
        """The answer about the first step arrives last."""
        waits = iter([400, 10, 200, 0, 100, 0])

        def late(route: Any) -> None:
            visit.page.wait_for_timeout(next(waits, 0))
            route.continue_()

        visit.go("/queue")
        visit.page.route("**/pane", late)
        for _ in range(6):
            visit.press("j")
        visit.page.wait_for_timeout(900)
        row, pane = shown(visit)
        assert row == pane

    def test_back_and_forth(self, visit: Visit) -> None:
        visit.go("/queue")
        visit.press("j", "j", "k")
        settled(visit)
        assert shown(visit)[0] == visit.page.locator("#rows .row").nth(1).get_attribute("data-case")

    def test_enter_opens_the_case_on_its_own_page(self, visit: Visit) -> None:
        visit.go("/queue")
        visit.press("j")
        settled(visit)
        case = shown(visit)[0]
        visit.press("Enter")
        visit.page.wait_for_url(f"**/cases/{case}")


class TestDecision:
    def test_no_single_key_decides(self, visit: Visit) -> None:
        """A cat on the keyboard closes nothing."""
        visit.go("/queue")
        before = visit.page.locator("#rows .row").count()
        visit.press("1")
        visit.page.wait_for_selector("dialog#decide[open]")
        visit.press("Control+Enter")  # without a note the browser refuses to send
        assert visit.page.locator("dialog#decide[open]").count() == 1
        visit.press("Escape", "9", "Escape", "e", "Escape", "s", "Escape")
        visit.go("/queue")
        assert visit.page.locator("#rows .row").count() == before

    def test_deciding_goes_on_and_can_be_undone(self, visit: Visit) -> None:
        visit.go("/queue")
        visit.press("j", "j", "j", "j")
        settled(visit)
        case, _ = shown(visit)
        decide(visit)
        settled(visit)
        row, pane = shown(visit)
        assert row == pane != case
        assert visit.page.locator(f'.row.done[data-case="{case}"]').count() == 1
        visit.press("u")
        visit.page.wait_for_function(f"() => document.querySelector('#detail .case')?.dataset.case === '{case}'")
        assert visit.page.locator(".row.done").count() == 0
        assert shown(visit) == (case, case)

    def test_a_reason_leaves_only_fitting_outcomes_and_actions(self, visit: Visit) -> None:
        """Nothing harms a customer about whom nothing was true."""
        visit.go("/queue")
        visit.press("1")
        visit.page.wait_for_selector("dialog#decide[open]")
        chosen = visit.page.locator('input[name="outcome"]:checked').get_attribute("value")
        disabled = visit.page.locator('#decide-action option[value="suspend"]').is_disabled()
        assert (chosen, disabled) == ("false", True)

    def test_two_windows_deciding_the_same_case(self, visit: Visit, browser: Any, house: House) -> None:
        """The second is told kindly, loses no word of the note, and decides nothing."""
        with visiting(browser, house, "bo") as other:
            visit.go("/queue")
            visit.press("j", "j", "j")
            settled(visit)
            case, _ = shown(visit)
            other.go(f"/cases/{case}")
            decide(visit, "5")
            other.press("1")
            other.page.wait_for_selector("dialog#decide[open]")
            other.page.keyboard.type(_NOTE)
            other.press("Control+Enter")
            other.page.wait_for_selector("#notice .fault")
            assert "changed" in other.page.locator("#notice").inner_text()
            assert other.page.locator("#decide-note").input_value() == _NOTE

    def test_markup_in_a_finding_stays_text(self, visit: Visit) -> None:
        visit.go("/queue")
        assert visit.page.locator("#rows b, #detail h2 b").count() == 0
        assert "<b>markup</b>" in visit.page.locator("#rows").inner_text()
