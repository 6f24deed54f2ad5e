"""The conference desk: only the integrity officer sees it, seals hold until a purpose is told, nobody approves their own decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from tests.conference.conftest import BERT
from tests.doors.access.people import joined
from tests.server.web import TestClient
from vedette.conference import decide, questions, run
from vedette.conference.decide import Outcome
from vedette.conference.model import Service
from vedette.conference.run import Office
from vedette.doors.access import begin
from vedette.doors.access.sessions import WEB
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """A signed-in person before the console."""

    def __init__(self, client: TestClient, cookies: dict[str, str]) -> None:
        self._client = client
        self._cookies = cookies

    def get(self, path: str, name: str) -> httpx.Response:
        return self._ask("GET", path, name)

    def post(self, path: str, name: str, **fields: str) -> httpx.Response:
        token = _TOKEN.search(self.get("/conference", name).text)
        return self._ask("POST", path, name, data={"csrf": token[1] if token else "", **fields})

    def _ask(self, method: str, path: str, name: str, **given: dict[str, str]) -> httpx.Response:
        self._client.cookies.clear()
        self._client.cookies.set("vedette", self._cookies[name])
        answer: httpx.Response = self._client.request(
            method, path, follow_redirects=False, headers={"Accept": "text/html"}, **given
        )
        return answer


@pytest.fixture
def console(office: Office) -> Iterator[Browser]:
    """A screened conference; anna and bert are integrity officers, vic looks, ada is an administrator."""
    list(run.screen_all(office, run.lens(office), "test"))
    roles = {
        "anna": (Role.INTEGRITY_OFFICER,),
        "bert": (Role.INTEGRITY_OFFICER,),
        "vic": (Role.VIEWER,),
        "ada": (Role.ADMIN,),
    }
    cookies = {}
    for name, given in roles.items():
        person, _ = joined(office.store, office.clock, name, *given)
        cookies[name] = begin(office.store, person, kind=WEB, how="password", clock=office.clock).secret
    entrance = Entrance(secure=False, second_factor=False)
    place = Workplace(office.store, "us", office.clock, Limits(requests_per_second=0), entrance=entrance)
    with TestClient(assemble(place)) as client:
        yield Browser(client, cookies)


def first(office: Office) -> str:
    """A submission with a question about a tie."""
    return next(item.submission_id for item in questions.draft(office) if item.form == "tie")


class TestDesk:
    @pytest.mark.parametrize("name", ["vic", "ada"])
    def test_nobody_else_sees_conference_material(self, console: Browser, name: str) -> None:
        """Screening is a role of its own; whoever lets people in does not open it."""
        assert console.get("/conference", name).status_code == 403

    def test_the_page_tells_counts_and_opens_nothing(self, console: Browser, office: Office) -> None:
        first(office)
        text = console.get("/conference", "anna").text
        assert "240" in text and "Read in" not in text
        assert "every paper with such a gap" in text

    def test_a_seal_opens_for_a_purpose_only(self, console: Browser, office: Office) -> None:
        paper = first(office)
        assert console.post("/conference/open", "anna", submission=paper, purpose=" ").status_code == 422
        opened = console.post("/conference/open", "anna", submission=paper, purpose="answer arrived")
        assert opened.status_code == 200 and "Read in" in opened.text

    def test_another_venue_is_empty_and_a_hostile_name_is_text(self, console: Browser) -> None:
        assert "<script>x" not in console.get("/conference?venue=<script>x", "anna").text
        assert console.get("/conference?venue=other", "anna").status_code == 200

    def test_the_second_person_agrees_here_and_the_first_is_not_offered_it(
        self, console: Browser, office: Office
    ) -> None:
        paper = first(office)
        for item in questions.listed(office):
            questions.answer(office, item.question_id, "Told.")
        made = decide.decide(office, paper, Service.MONEY, Outcome.WITHHELD, reason="licence_needed")
        path = f"/conference/decisions/{made.decision_id}"
        assert path not in console.get("/conference", "anna").text
        assert console.post(path, "anna", verdict="agree").status_code >= 400
        assert path in console.get("/conference", "bert").text
        assert console.post(path, "bert", verdict="agree").status_code == 303
        (held,) = decide.decisions(replace(office, principal=BERT))
        assert held.state == "effective"
