"""Re-screening both ways stores exactly what a screening of everybody against everything would, for far less work."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.journeys import scene
from tests.journeys.scene import customer, ftm_person, write_csv, write_list
from tests.made import ANNA
from vedette import findings, watchlists
from vedette.accounts import load
from vedette.app.opening import open_store
from vedette.app.rescreen import Rescreened, keep, rescreen
from vedette.app.step import Surroundings
from vedette.audit import writing
from vedette.base import FixedClock
from vedette.screening import ScreeningError
from vedette.screening import store as kept
from vedette.store import Store

_START = datetime(2026, 3, 1, 12, tzinfo=UTC)
_NAMES = ("Tamsin Wexhollow", "Kim Jong Su", "Kim Jong Sok", "김정수", "Bram Okkerveld", "Quendrith Ostervale")
_LISTED = st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from(_NAMES), min_size=1, max_size=6)
_PEOPLE = st.dictionaries(st.sampled_from("uvwxyz"), st.sampled_from(_NAMES), max_size=3)
_STEPS = st.lists(st.one_of(st.tuples(st.just("list"), _LISTED), st.tuples(st.just("people"), _PEOPLE)), max_size=5)
_GUARD = [ftm_person(f"G-{n}", f"Zzyx Guardian {n:02}") for n in range(24)]


class Provider:
    """A small workspace whose list and customers change."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.store: Store = open_store(root)
        self.folder = folder
        self.now = _START
        folder.mkdir(exist_ok=True)

    @property
    def around(self) -> Surroundings:
        return Surroundings(store=self.store, principal=ANNA, clock=FixedClock(self.now), home="us")

    def listed(self, state: dict[str, str]) -> None:
        """A new version of the list."""
        self.now += timedelta(days=1)
        rows = [*_GUARD, *(ftm_person(f"X-{key}", name, "1971-08-15") for key, name in sorted(state.items()))]
        path = write_list(self.folder / "list.ftm.json", rows)
        watchlists.load(
            self.store, ANNA, [path], clock=FixedClock(self.now), force=True, reason="test", published=self.now.date()
        )

    def people(self, state: dict[str, str], **fields: str) -> None:
        """New and changed customers; everybody else stays as held."""
        self.now += timedelta(days=1)
        if state:
            write_csv(
                self.folder / "export" / "accounts.csv", [customer(key, name, **fields) for key, name in state.items()]
            )
            load(self.store, ANNA, self.folder / "export", clock=FixedClock(self.now))

    def screen(self, *, full: bool = False) -> Rescreened:
        """One re-screening, stored."""
        result = rescreen(self.around, full=full)
        with writing(self.store, ANNA, "test", clock=FixedClock(self.now)) as act:
            keep(act, self.store, result)
        return result

    def found(self) -> dict[str, Any]:
        """Everything that stands, by finding id."""
        return {item.finding.id: item.finding for item in findings.standing(self.store)}

    def outcomes(self) -> dict[str, str]:
        return {name: one.outcome for name, one in kept.states(self.store).items()}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene.bare(tmp_path_factory.getbasetemp())


@pytest.fixture
def make(template: Path, tmp_path: Path) -> Iterator[Callable[[], Provider]]:
    """Makes fresh providers."""
    made: list[Provider] = []

    def one() -> Provider:
        number = len(made)
        root = shutil.copytree(template, tmp_path / f"ws{number}")
        made.append(Provider(root, tmp_path / f"files{number}"))
        return made[-1]

    yield one
    for provider in made:
        provider.store.close()


@pytest.fixture
def provider(make: Callable[[], Provider]) -> Provider:
    """Three customers, one of them listed, screened once."""
    one = make()
    one.listed({"A": "Tamsin Wexhollow"})
    one.people({"t": "Tamsin Wexhollow", "b": "Bram Okkerveld"}, birth_date="1971-08-15")
    one.people({"k": "Kim Jong Su"})
    one.screen()
    return one


class TestEqualsAFullScreening:
    @settings(
        max_examples=6,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(_LISTED, _PEOPLE, _STEPS)
    def test_after_any_sequence_of_list_versions_and_customers(
        self,
        make: Callable[[], Provider],
        listed: dict[str, str],
        people: dict[str, str],
        steps: list[tuple[str, dict[str, str]]],
    ) -> None:
        """Nobody is missed, and nobody is held for an entry that is gone, because less work was done."""
        one = make()
        one.listed(listed)
        one.people(people)
        one.screen()
        for what, state in steps:
            (one.listed if what == "list" else one.people)(state)
            one.screen()
        before, outcomes = one.found(), one.outcomes()
        assert one.screen(full=True).whole
        assert one.found() == before
        assert one.outcomes() == outcomes


class TestDelta:
    def test_the_first_run_screens_everybody(self, provider: Provider) -> None:
        assert provider.outcomes() == {"t": "stop", "b": "clear", "k": "clear"}

    def test_nothing_new_screens_nobody(self, provider: Provider) -> None:
        result = provider.screen()
        assert (result.whole, result.changed, result.reached, result.found.parties) == (False, 0, 0, 0)

    def test_a_list_delta_screens_only_whom_it_reaches(self, provider: Provider) -> None:
        provider.listed({"A": "Tamsin Wexhollow", "B": "Bram Okkerveld"})
        result = provider.screen()
        assert (result.whole, result.entries, result.reached, result.found.parties) == (False, 1, 1, 1)
        assert provider.outcomes() == {"t": "stop", "b": "stop", "k": "clear"}

    def test_a_removed_entry_lets_go(self, provider: Provider) -> None:
        provider.listed({"C": "Quendrith Ostervale"})
        assert provider.screen().reached == 1
        assert (provider.outcomes()["t"], provider.found()) == ("clear", {})

    def test_changed_data_screens_only_that_customer(self, provider: Provider) -> None:
        provider.people({"b": "Tamsin Wexhollow"}, birth_date="1971-08-15")
        result = provider.screen()
        assert (result.changed, result.reached, result.found.parties) == (1, 0, 1)
        assert provider.outcomes()["b"] == "stop"

    def test_an_unchanged_entry_keeps_the_version_under_which_it_was_judged(self, provider: Provider) -> None:
        """A reviewer's evidence does not change every day because a publisher issues a file every day."""
        before = provider.found()
        provider.listed({"A": "Tamsin Wexhollow", "C": "Quendrith Ostervale"})
        provider.screen()
        assert provider.found() == before
        covered = kept.coverage(provider.store)
        assert covered is not None
        assert covered.lists == {item.list_id: item.version for item in watchlists.current(provider.store)}

    def test_a_damaged_earlier_version_means_screening_everybody(self, provider: Provider) -> None:
        for path in provider.store.workspace.lists.glob("*.jsonl.gz"):
            path.unlink()
        provider.listed({"A": "Tamsin Wexhollow", "B": "Bram Okkerveld"})
        assert provider.screen().whole
        assert provider.outcomes()["b"] == "stop"

    def test_without_a_list_nobody_is_called_clear(self, make: Callable[[], Provider]) -> None:
        one = make()
        one.people({"a": "Ann Example"})
        with pytest.raises(ScreeningError, match="no list is loaded"):
            one.screen()
        assert one.outcomes() == {}

    def test_an_account_without_a_name_is_never_clear(self, provider: Provider) -> None:
        provider.people({"n": ""})
        provider.screen()
        assert provider.outcomes()["n"] == "never"
