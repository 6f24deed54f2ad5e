"""The pages: numbers before pictures, the window from the address, strange choices told as pages, and files that run nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.doors.access.people import joined
from tests.observatory.corpus import CLOCK, corpus
from tests.server.web import TestClient
from vedette.doors.access import begin
from vedette.doors.access.sessions import WEB
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.observatory.drawing import designs
from vedette.server.assemble import assemble

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def get() -> Iterator[Get]:
    store = corpus()
    person, _ = joined(store, CLOCK, "bea", Role.VIEWER)
    secret = begin(store, person, kind=WEB, how="password", clock=CLOCK).secret
    place = Workplace(
        store, "us", CLOCK, Limits(requests_per_second=0), entrance=Entrance(secure=False, second_factor=False)
    )
    with TestClient(assemble(place)) as client:

        def ask(path: str, **headers: str) -> httpx.Response:
            client.cookies.set("vedette", secret)
            answer: httpx.Response = client.get(
                path, headers={"Accept": "text/html", **headers}, follow_redirects=False
            )
            return answer

        yield ask


class TestFigures:
    @pytest.mark.parametrize("name", sorted(designs()))
    def test_numbers_stand_before_the_picture_with_its_method(self, get: Get, name: str) -> None:
        text = get(f"/publications/{name}").text

        assert 0 < text.index("<tbody>") < text.index('role="img"') < text.index("What it cannot show")

    def test_the_first_page_is_the_course_of_years(self, get: Get) -> None:
        assert "Works by year" in get("/publications").text

    def test_years_narrow_the_page(self, get: Get) -> None:
        assert ">2019<" in get("/publications/works_by_year").text
        assert ">2019<" not in get("/publications/works_by_year?begin=2020&end=2021").text

    def test_its_numbers_as_a_file(self, get: Get) -> None:
        answer = get("/publications/partner_countries.csv")

        assert answer.headers["content-type"].startswith("text/csv")
        assert "CN,2" in answer.text

    def test_an_unknown_figure_is_told(self, get: Get) -> None:
        assert get("/publications/nothing").status_code == get("/publications/nothing.csv").status_code == 404

    @pytest.mark.parametrize("query", ["begin=x&end=-1", "country=%3Cscript%3E"])
    def test_a_strange_choice_is_told_as_a_page(self, get: Get, query: str) -> None:
        answer = get(f"/publications?{query}")

        assert answer.status_code == 200
        assert "<script>" not in answer.text

    def test_a_country_without_works_says_what_to_do(self, get: Get) -> None:
        assert "Import publications and build" in get("/publications?country=ZZ").text


class TestWorks:
    def test_phrases_stand_beside_titles_which_are_escaped(self, get: Get) -> None:
        text = get("/publications/works").text

        assert "cruise missile" in text
        assert "<b onmouseover" not in text

    def test_one_potential_alone(self, get: Get) -> None:
        text = get("/publications/works?potential=military-significant").text

        assert "Guidance law for a cruise missile" in text
        assert "reactor core loading pattern" not in text

    def test_an_unknown_potential_shows_all(self, get: Get) -> None:
        assert "reactor core loading pattern" in get("/publications/works?potential=%22").text


class TestClaims:
    def test_published_and_own_figures_stand_side_by_side(self, get: Get) -> None:
        text = get("/publications/claims").text

        assert "913" in text
        assert "not comparable" in text

    def test_in_korean(self, get: Get) -> None:
        assert "발표된 값" in get("/publications/claims", **{"Accept-Language": "ko"}).text
