"""Keys are made and shown once, sessions are seen and ended, and the door speaks Korean."""

from __future__ import annotations

import re

import pytest

from tests.console.desk import Desk
from vedette.doors.store.keys import keys

_SECRET = re.compile(r"vdk_[a-z2-7]{10}_[a-z2-7]{52}")


class TestKeys:
    def test_a_secret_is_shown_once(self, desk: Desk) -> None:
        """What is shown again can be read over a shoulder again."""
        page = desk.whole("/admin/keys", "carl", owner="sign-up <b>service</b>", scope="verify", days="90")
        found = _SECRET.search(page.text)
        assert found is not None and page.headers["cache-control"] == "no-store"
        again = desk.get("/admin", "carl").text
        assert found[0] not in again and "sign-up &lt;b&gt;service" in again
        assert [key.owner for key in keys(desk.store)] == ["sign-up <b>service</b>"]

    @pytest.mark.parametrize(
        "changes", [{"owner": " "}, {"scope": "everything"}, {"days": "3660"}, {"days": ""}, {"scope": ""}]
    )
    def test_what_is_no_key_is_not_made(self, desk: Desk, changes: dict[str, str]) -> None:
        before = len(keys(desk.store))
        sent = {"owner": "team", "scope": "read", "days": "30", **changes}
        assert desk.whole("/admin/keys", "carl", **sent).status_code == 422
        assert len(keys(desk.store)) == before

    def test_only_administrators(self, desk: Desk) -> None:
        assert desk.whole("/admin/keys", "bea", owner="me", scope="admin", days="30").status_code == 403


class TestSessions:
    def test_an_administrator_ends_them(self, fresh: Desk) -> None:
        desk = fresh
        assert desk.get("/", "vic").status_code == 200
        assert "vic" in desk.get("/admin", "carl").text
        assert desk.whole("/admin/people/vic/sessions", "bea").status_code == 403
        assert desk.whole("/admin/people/vic/sessions", "carl").status_code == 303
        assert desk.get("/", "vic").status_code == 303

    def test_nobody_of_that_name(self, desk: Desk) -> None:
        assert desk.whole("/admin/people/nobody/sessions", "carl").status_code == 422


class TestDoor:
    def test_it_speaks_the_browser_s_language(self, desk: Desk) -> None:
        page = desk.get("/sign-in", None, **{"Accept-Language": "ko"})
        assert 'lang="ko"' in page.text and "비밀번호" in page.text

    def test_the_switch_is_kept_and_leads_back(self, desk: Desk) -> None:
        page = desk.get("/sign-in?next=/queue&language=ko", None)
        assert "로그인" in page.text and "vedette_language=ko" in page.headers["set-cookie"]
        assert "/sign-in?next=%2Fqueue&amp;language=en" in page.text and 'value="/queue"' in page.text

    def test_a_refusal_in_korean(self, desk: Desk) -> None:
        desk.client.cookies.clear()
        page = desk.client.post(
            "/sign-in", data={"name": "bea", "password": "guess"}, headers={"Accept-Language": "ko"}
        )
        assert page.status_code == 401 and "이름, 비밀번호 또는 코드가 틀립니다." in page.text

    @pytest.mark.parametrize("language", ["xx", "%3Cb%3E", ""])
    def test_another_language_changes_nothing(self, desk: Desk, language: str) -> None:
        page = desk.get(f"/sign-in?language={language}", None)
        assert 'lang="en"' in page.text and "set-cookie" not in page.headers and "<b>" not in page.text

    def test_one_s_own_account(self, desk: Desk) -> None:
        page = desk.get("/account", "bo", **{"Accept-Language": "ko"}).text
        assert "분석가" in page and "지금 이것" in page
