"""A change under an idempotency key is made once, whoever repeats it and whatever became of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.cases.test_refresh import refresh
from tests.made import finding
from tests.server.house import Browser, House
from vedette import audit, cases
from vedette.base import FixedClock, Strength
from vedette.doors.people import Role

NOTE = {"note": "Asked sales."}
_PEOPLE = count()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    clock = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    made = House(tmp_path_factory.mktemp("once"), clock)
    refresh(made.place.store, clock, finding("presence/ip", account="s-1", strength=Strength.STOP))
    yield made
    made.place.store.close()


@pytest.fixture
def bea(house: House) -> Browser:
    """A person of this test's own: another one lets so much time pass that sessions end."""
    return house.person(f"bea-{next(_PEOPLE)}", Role.ANALYST)


@pytest.fixture
def path(house: House) -> str:
    case = cases.of_account(house.place.store, "s-1")
    assert case is not None
    return f"/v1/cases/{case.case_id}"


def remarks(bea: Browser, path: str) -> int:
    return sum(entry["verb"] == "remarked" for entry in bea.get(path).json()["history"])


class TestOnce:
    def test_the_same_again_does_nothing_and_hears_the_same(self, bea: Browser, path: str) -> None:
        before = remarks(bea, path)
        first = bea.post(f"{path}/notes", NOTE, Idempotency_Key="one")
        again = bea.post(f"{path}/notes", NOTE, Idempotency_Key="one")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert remarks(bea, path) == before + 1

    def test_without_a_key_or_with_another_it_is_done_again(self, bea: Browser, path: str) -> None:
        before = remarks(bea, path)
        for key in ("two", "three"):
            bea.post(f"{path}/notes", NOTE, Idempotency_Key=key)
        bea.post(f"{path}/notes", NOTE)
        assert remarks(bea, path) == before + 3

    def test_for_another_request_it_is_refused(self, bea: Browser, path: str) -> None:
        bea.post(f"{path}/notes", NOTE, Idempotency_Key="four")
        assert bea.post(f"{path}/notes", {"note": "Other."}, Idempotency_Key="four").status_code == 422

    def test_another_person_has_keys_of_their_own(self, house: House, bea: Browser, path: str) -> None:
        carl = house.person("carl", Role.ANALYST)
        first = bea.post(f"{path}/notes", NOTE, Idempotency_Key="five").json()
        assert carl.post(f"{path}/notes", NOTE, Idempotency_Key="five").json() != first

    def test_what_was_refused_may_be_corrected(self, bea: Browser, path: str) -> None:
        assert bea.post(f"{path}/notes", {"note": " "}, Idempotency_Key="six").status_code == 422
        assert bea.post(f"{path}/notes", NOTE, Idempotency_Key="six").status_code == 201

    def test_at_the_same_moment_it_is_done_once(self, bea: Browser, path: str) -> None:
        before = remarks(bea, path)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _n: bea.post(f"{path}/notes", NOTE, Idempotency_Key="seven"), range(4)))
        assert {response.status_code for response in found} <= {201, 409}
        assert remarks(bea, path) == before + 1

    @pytest.mark.parametrize("key", ["", " ", "x" * 201])
    def test_what_is_no_key(self, bea: Browser, path: str, key: str) -> None:
        assert bea.post(f"{path}/notes", NOTE, Idempotency_Key=key).status_code == 400

    def test_for_a_day(self, house: House, bea: Browser, path: str) -> None:
        first = bea.post(f"{path}/notes", NOTE, Idempotency_Key="eight").json()
        clock = house.place.clock
        assert isinstance(clock, FixedClock)
        clock.advance(timedelta(hours=25))
        later = house.person("dora", Role.ANALYST)
        assert later.post(f"{path}/notes", NOTE, Idempotency_Key="eight").json() != first
        assert audit.verify(house.place.store).holds
