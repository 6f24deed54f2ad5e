"""Two people at one case see each other without a trace, and everybody lays the queue out as they like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.console.desk import Desk
from vedette import audit
from vedette.cases.presence import KEPT, Presence

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class TestPresence:
    def test_others_are_told_and_oneself_is_not(self) -> None:
        held = Presence()
        assert held.look("c", "bea", NOW) == []
        assert held.look("c", "bo", NOW + timedelta(minutes=1)) == [("bea", NOW)]
        assert held.look("other", "bo", NOW) == []

    def test_a_look_is_forgotten(self) -> None:
        """Who was curious last week is nobody's business."""
        held = Presence()
        held.look("c", "bea", NOW)
        assert held.look("c", "bo", NOW + KEPT + timedelta(seconds=1)) == []

    def test_memory_stays_small(self) -> None:
        held = Presence()
        for number in range(10_050):
            held.look(f"c{number}", "bea", NOW + timedelta(seconds=number))
        assert len(held._looks) < 10_002


class TestPage:
    def test_two_people_see_each_other_and_the_log_sees_nothing(self, desk: Desk) -> None:
        case, _ = desk.case(0)
        desk.get(f"/cases/{case}", "bo")
        with desk.store.database.reading() as connection:
            before = sum(1 for _ in audit.store.leaves(connection, 0))
        assert "also viewing" in desk.get(f"/cases/{case}").text
        with desk.store.database.reading() as connection:
            assert sum(1 for _ in audit.store.leaves(connection, 0)) == before


class TestLook:
    def test_a_layout_is_kept_in_the_browser(self, desk: Desk) -> None:
        answer = desk.whole("/queue/look", density="compact", fact="hold", query="hold=yes")
        assert answer.headers["location"] == "/queue?hold=yes"
        kept = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
        assert kept == "compact.hold"
        desk.client.cookies.clear()
        cookie = {"Cookie": f"vedette={desk.cookies['bea']}; vedette_queue={kept}"}
        page = desk.client.get("/queue", headers=cookie).text
        assert 'class="rows compact"' in page and '<span class="id">a-00003' not in page

    @pytest.mark.parametrize("kept", ["", "x", "compact.<b>", "wide." + "a." * 500])
    def test_a_strange_cookie_shows_a_queue_all_the_same(self, desk: Desk, kept: str) -> None:
        desk.client.cookies.clear()
        answer = desk.client.get("/queue", headers={"Cookie": f"vedette={desk.cookies['bea']}; vedette_queue={kept}"})
        assert answer.status_code == 200 and "<b>" not in answer.text

    def test_a_strange_view_is_refused(self, desk: Desk) -> None:
        assert desk.whole("/queue/look", density="wide", query="nosuch=1").status_code == 422
