"""List against list once: the asker learns what both hold, in its own list's places, and a longer list is refused."""

from __future__ import annotations

import sys

import pytest

from vedette.sharing.blind import psi

MINE = [f"email:{name}@example.org" for name in "abc"]


@pytest.fixture(autouse=True)
def _library() -> None:
    pytest.importorskip("private_set_intersection", reason="the extra psi is not installed")


class TestIntersection:
    def test_places_in_the_asker_s_list(self) -> None:
        secret, request = psi.request(MINE)
        answer = psi.answer(["email:c@example.org", "email:x@example.org", "email:a@example.org"], request, 3)
        assert psi.finish(secret, MINE, answer) == [0, 2]
        assert b"example" not in request and b"example" not in answer

    def test_more_than_was_agreed_is_a_search_and_refused(self) -> None:
        with pytest.raises(psi.PsiError, match="agreed"):
            psi.answer(["email:x@example.org"], psi.request(MINE)[1], 2)

    def test_another_list_damaged_and_empty_messages_are_refused(self) -> None:
        secret, request = psi.request(MINE)
        answer = psi.answer(MINE, request, 3)
        for items, message in ((MINE[:2], answer), (MINE, b""), (MINE, b"\xff" * 40), (MINE, answer[:30])):
            with pytest.raises(psi.PsiError):
                psi.finish(secret, items, message)
        with pytest.raises(psi.PsiError):
            psi.answer(MINE, b"\xff\xff", 3)
        with pytest.raises(psi.PsiError):
            psi.request([])


class TestWithoutTheExtra:
    def test_the_remedy_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "private_set_intersection", None)
        monkeypatch.setitem(sys.modules, "private_set_intersection.python", None)
        with pytest.raises(psi.PsiError, match=r"vedette\[psi\]"):
            psi.request(MINE)
