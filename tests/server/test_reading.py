"""Lists and findings over HTTP: what is loaded and how old, and every finding once, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made import ANNA, JOB, finding
from tests.server.conftest import PEOPLE, Served, write_list
from tests.server.test_assemble import problem
from vedette import findings, watchlists
from vedette.audit import writing
from vedette.screening.routes import live
from vedette.server.ready import readiness


def pages(served: Served, query: str = "") -> Iterator[dict[str, Any]]:
    """Every page of findings, following the cursor."""
    cursor = ""
    while True:
        page = served.ask("GET", f"/v1/findings?{query}{cursor}", "read").json()
        yield page
        cursor = f"&cursor={page['next']}"
        if not page["more"]:
            return


@pytest.fixture(scope="module")
def found(served: Served) -> Served:
    """Ten findings of two accounts and two checks, one withdrawn."""
    for number in range(10):
        check = "network/odd" if number % 2 else "device/odd"
        with writing(served.store, JOB, "test", clock=served.clock) as act:
            findings.record(act, [finding(check, account=f"a-{number % 3}", window=str(number))])
        served.clock.advance(timedelta(minutes=1))
    with writing(served.store, JOB, "test", clock=served.clock) as act:
        findings.settle(act, "network/odd", [item.finding.id for item in findings.since(served.store)][:9])
    return served


class TestFindings:
    @pytest.mark.parametrize("limit", [1, 3, 10, 100])
    def test_every_one_is_read_once_whatever_the_page(self, found: Served, limit: int) -> None:
        rows = [row for page in pages(found, f"limit={limit}&withdrawn=true") for row in page["findings"]]

        assert len(rows) == len({row["id"] for row in rows})
        assert sum(row["check"].endswith("/odd") for row in rows) == 10
        assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 9),
            ("check=network/odd", 4),
            ("account=a-0", 3),
            ("account=nobody", 0),
            ("since=2026-03-01T12:05:00Z", 4),
            ("updated_since=2026-03-01T12:05:00Z", 4),
            ("since=2027-01-01T00:00:00Z", 0),
        ],
    )
    def test_conditions(self, found: Served, query: str, count: int) -> None:
        assert sum(len(page["findings"]) for page in pages(found, f"limit=2&{query}")) == count

    def test_the_last_cursor_gives_what_comes_later(self, found: Served) -> None:
        *_, last = pages(found, "check=later")
        with writing(found.store, JOB, "test", clock=found.clock) as act:
            findings.record(act, [finding("later", account="a-9")])

        page = found.ask("GET", f"/v1/findings?check=later&cursor={last['next']}", "read").json()

        assert [row["accounts"] for row in page["findings"]] == [["a-9"]]
        with writing(found.store, JOB, "test", clock=found.clock) as act:
            findings.settle(act, "later", [])

    def test_a_cursor_of_another_question_is_refused(self, found: Served) -> None:
        page = found.ask("GET", "/v1/findings?check=network/odd", "read").json()

        problem(found.ask("GET", f"/v1/findings?check=device/odd&cursor={page['next']}", "read"), 400)
        problem(found.ask("GET", "/v1/findings?cursor=AAAA", "read"), 400)

    @pytest.mark.parametrize("since", ["yesterday", "2026-03-01", "2026-03-01T12:00:00"])
    def test_no_time(self, found: Served, since: str) -> None:
        told = problem(found.ask("GET", f"/v1/findings?since={since}", "read"), 422)
        assert since not in str(told)

    def test_one_with_its_version(self, found: Served) -> None:
        row = found.ask("GET", "/v1/findings?limit=1", "read").json()["findings"][0]

        response = found.ask("GET", f"/v1/findings/{row['id']}", "read")

        assert response.json() == row
        assert response.headers["etag"]
        problem(found.ask("GET", "/v1/findings/fnd_none", "read"), 404)
        problem(found.ask("GET", "/v1/findings/%00", "read"), 404)


class TestLists:
    def test_what_is_loaded_and_what_is_missing(self, served: Served) -> None:
        response = served.ask("GET", "/v1/lists", "read")

        lists = {item["id"]: item for item in response.json()["lists"]}
        assert lists["sample"]["state"] == "fresh"
        assert lists["sample"]["entries"] == 2
        assert lists["sample"]["loaded_at"] == "2026-03-01T12:00:00Z"
        assert lists["us_ofac_sdn"]["state"] == "missing"
        assert lists["us_ofac_sdn"]["duty"] == "block"
        assert lists["us_ofac_sdn"]["publisher"]
        again = served.ask("GET", "/v1/lists", "read", headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304

    def test_an_old_one_is_stale(self, fresh: Served, tmp_path: Path) -> None:
        watchlists.load(fresh.store, ANNA, [write_list(tmp_path / "s.ftm.json", PEOPLE)], clock=fresh.clock)
        fresh.clock.advance(timedelta(days=31))

        lists = {item["id"]: item for item in fresh.ask("GET", "/v1/lists", "read").json()["lists"]}

        assert lists["sample"]["state"] == "stale"
        assert lists["sample"]["days_since_loaded"] == 31


class TestReady:
    def test_without_a_list_it_is_not(self, fresh: Served) -> None:
        response = fresh.client.get("/readyz")

        assert response.status_code == 503
        assert response.json()["reasons"] == ["no list is loaded: nobody can be screened"]
        assert fresh.client.get("/healthz").status_code == 200

    def test_one_stale_list_is_a_note_and_all_stale_a_reason(self, fresh: Served, tmp_path: Path) -> None:
        def load(name: str, rows: list[dict[str, Any]]) -> None:
            watchlists.load(fresh.store, ANNA, [write_list(tmp_path / f"{name}.ftm.json", rows)], clock=fresh.clock)

        load("first", PEOPLE)
        live(fresh.place).every = 0
        fresh.clock.advance(timedelta(days=31))
        assert "no list was loaded" in readiness(fresh.place).reasons[0]
        load("second", [{**row, "datasets": ["second"]} for row in PEOPLE])

        told = readiness(fresh.place)

        assert told.reasons == []
        assert told.notes == ["not loaded in the last 30 days: sample"]

    def test_a_list_whose_entries_are_gone_is_a_reason(self, fresh: Served, tmp_path: Path) -> None:
        watchlists.load(fresh.store, ANNA, [write_list(tmp_path / "s.ftm.json", PEOPLE)], clock=fresh.clock)
        assert readiness(fresh.place).reasons == ["the lists in force are not opened yet"]
        for path in fresh.store.workspace.lists.iterdir():
            path.unlink()
        live(fresh.place).every = 0

        assert readiness(fresh.place).reasons == ["the lists in force cannot be opened"]
