"""The compute ledger over HTTP: the lines of the terminal, page by page, and made anew only once something changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import new_key
from tests.server.web import TestClient
from tests.workloads.made import CLOCK, fleet, job, put, samples
from vedette import workloads
from vedette.doors.web import Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store
from vedette.workloads.model import Scope


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three accounts, one of them with telemetry."""
    root = tmp_path_factory.mktemp("ledger")
    made = fleet(root / "ws")
    allocations = [job(f"a-{number}", f"j-{number}", 0, 60) for number in (1, 2, 3)]
    put(made, root / "e", usage=samples(tensor_active=0.4, sm_clock_mhz=1_700), allocations=allocations)
    yield made
    made.close()


@pytest.fixture
def ask(store: Store) -> Any:
    place = Workplace(store, "us", CLOCK, Limits(requests_per_second=0, failures_per_second=0))
    client, key = TestClient(assemble(place)), new_key(place, "read")

    def asked(**params: Any) -> Any:
        return client.get("/v1/compute-ledger", params=params, headers={"Authorization": f"Bearer {key}"})

    return asked


class TestLedger:
    def test_the_lines_of_the_terminal(self, ask: Any, store: Store) -> None:
        wanted = workloads.lines(store, workloads.book(store, CLOCK), [Scope.ACCOUNT])
        told = ask(scope="account").json()
        assert told["lines"] == [line.as_json() for line in sorted(wanted, key=lambda line: line.id)]
        assert [line["id"] for line in told["lines"]] == ["a-1", "a-2", "a-3"]
        assert all(line["flop_p5"] <= line["flop_p50"] <= line["flop_p95"] for line in told["lines"])

    def test_pages_lose_and_repeat_nothing(self, ask: Any) -> None:
        seen, cursor = [], None
        while True:
            told = ask(scope="account", limit=2, **({"cursor": cursor} if cursor else {})).json()
            seen += [line["id"] for line in told["lines"]]
            cursor = told["next"]
            if not told["more"]:
                break
        assert seen == ["a-1", "a-2", "a-3"]

    def test_a_stretch_of_time(self, ask: Any) -> None:
        assert ask(scope="account", until="2026-03-01T00:00:00Z").json()["lines"] == []
        assert len(ask(scope="account", since="2026-03-01T00:00:00Z").json()["lines"]) == 3

    @pytest.mark.parametrize(
        "params", [{"scope": "planet"}, {"since": "yesterday"}, {"until": "2026-03-01"}, {"limit": 0}, {"cursor": "x"}]
    )
    def test_what_is_not_understood(self, ask: Any, params: dict[str, Any]) -> None:
        assert ask(**params).status_code in (400, 422)

    def test_it_is_made_once_until_something_is_written(
        self, ask: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[int] = []
        book = workloads.book

        def counted(*given: Any, **named: Any) -> Any:
            made.append(1)
            return book(*given, **named)

        monkeypatch.setattr("vedette.workloads.book", counted, raising=False)
        ask(scope="job")
        ask(scope="job", limit=1)
        assert len(made) == 1
        put(store, tmp_path / "more", allocations=[job("a-9", "j-9", 0, 60)])
        assert "j-9" in str(ask(scope="job").json())
        assert len(made) == 2
