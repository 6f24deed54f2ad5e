"""A stored decision made again: the same under that day's lists, and honest about what can no longer be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.scene import Desk as Commands
from tests.journeys.scene import ftm_person, write_list
from tests.made import ANNA
from vedette.app import models
from vedette.app import store as state
from vedette.app.checks import Customer
from vedette.app.desk import desk
from vedette.app.opening import open_store
from vedette.app.replay import UnknownVerification, replay
from vedette.app.verifications import decide
from vedette.app.verify import Outcome, Verdict
from vedette.base import FixedClock
from vedette.store import Store
from vedette.store.archive import ArchiveError

LISTED = Customer("q-9", {"name": "Zebedee Marrowgate", "birth_date": "1971-04-05", "country": "CN"})


@pytest.fixture
def store(bare: Commands, tmp_path: Path) -> Iterator[Store]:
    """A workspace with a list of one person."""
    bare("lists", "load", listing(tmp_path, "1971-04-05")).done()
    opened = open_store(bare.root)
    yield opened
    opened.close()


def listing(folder: Path, born: str, name: str = "Zebedee Marrowgate") -> Path:
    return write_list(
        folder / "invented_list.jsonl", [ftm_person("e-1", name, born, "CN"), ftm_person("e-2", "Ann Other")]
    )


def decided(store: Store, clock: FixedClock) -> Verdict:
    return decide(store, desk(store, "us", clock), LISTED, key=None, principal=ANNA)


class TestReplay:
    def test_the_same_basis_gives_the_same_answer(self, store: Store, clock: FixedClock) -> None:
        verdict = decided(store, clock)
        clock.advance(timedelta(days=40))
        found = replay(store, verdict.verification_id)
        assert (found.result, found.differences, dict(found.not_run)) == ("same", (), {})
        assert found.now.hold_expires == verdict.hold_expires

    def test_it_is_decided_under_the_lists_of_its_day(
        self, store: Store, bare: Commands, clock: FixedClock, tmp_path: Path
    ) -> None:
        """Delisted since: whoever was held then can still be told why, and a new sign-up is not held."""
        verdict = decided(store, clock)
        assert verdict.outcome is Outcome.STOP
        bare("lists", "load", listing(tmp_path, "1950-01-01", "Somebody Different")).done()
        assert decided(store, clock).outcome is Outcome.CLEAR
        assert replay(store, verdict.verification_id).result == "same"

    def test_without_a_list_the_answer_is_repeated_as_incomplete_as_it_was(
        self, bare: Commands, clock: FixedClock
    ) -> None:
        opened = open_store(bare.root)
        verdict = decided(opened, clock)
        found = replay(opened, verdict.verification_id)
        opened.close()
        assert (found.result, found.now.outcome) == ("same", Outcome.REVIEW)

    def test_an_unknown_id_is_said(self, store: Store) -> None:
        with pytest.raises(UnknownVerification, match="ver_none"):
            replay(store, "ver_none")


class TestWhatIsGone:
    def test_a_lost_list_is_named_and_never_taken_for_the_same(self, store: Store, clock: FixedClock) -> None:
        verdict = decided(store, clock)
        for path in store.workspace.lists.iterdir():
            path.unlink()
        found = replay(store, verdict.verification_id)
        assert found.result == "incomplete"
        (what,) = found.not_run
        assert what.startswith("screening invented_list@")

    def test_a_replaced_version_is_named(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from vedette import watchlists

        verdict = decided(store, clock)
        monkeypatch.setattr(watchlists, "versions", lambda _store: ())
        assert "no longer stored" in next(iter(replay(store, verdict.verification_id).not_run.values()))

    def test_lost_references_and_policies_are_named(self, store: Store, clock: FixedClock) -> None:
        verdict = decided(store, clock)
        held = state.verification(store, verdict.verification_id)
        assert held is not None
        manifest = json.loads(store.archive.get(held.manifest))
        store.archive.path(manifest["references"]).unlink()
        rule, content = next(iter(manifest["policies"].items()))
        store.archive.path(content).unlink()
        found = replay(store, verdict.verification_id)
        assert found.result == "incomplete"
        assert {"presence references", f"policy {rule}"} <= set(found.not_run)

    def test_changed_curated_ranges_are_named(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from vedette.app import replay as module

        verdict = decided(store, clock)
        monkeypatch.setattr(module, "content_bytes", lambda: b"other ranges")
        assert "presence curated ranges" in replay(store, verdict.verification_id).not_run

    def test_without_its_manifest_nothing_can_be_claimed(self, store: Store, clock: FixedClock) -> None:
        verdict = decided(store, clock)
        held = state.verification(store, verdict.verification_id)
        assert held is not None
        store.archive.path(held.manifest).unlink()
        with pytest.raises(ArchiveError):
            replay(store, verdict.verification_id)

    def test_a_changed_program_is_named_beside_the_result(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        verdict = decided(store, clock)
        now = {**models.model_versions(), "names": "0" * 16}
        monkeypatch.setattr("vedette.app.desk.model_versions", lambda: now)
        found = replay(store, verdict.verification_id)
        assert found.program == {"names": (verdict.model_versions["names"], "0" * 16)}

    def test_another_answer_is_shown_finding_by_finding(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If the program now says something else of a held customer, the difference is told and not smoothed over."""
        from vedette import screening

        verdict = decided(store, clock)
        monkeypatch.setattr(screening, "screen", lambda parties, **_k: (() for _ in parties))
        found = replay(store, verdict.verification_id)
        assert found.result == "different"
        told = {item.what: (item.then, item.now) for item in found.differences}
        assert told["outcome"] == ("stop", "clear")
        assert any(what.startswith("finding fnd_") and now is None for what, (_, now) in told.items())
