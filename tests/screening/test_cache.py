"""Indexes on disk: built once, read back, built again when damaged, and never believed for another version."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made import ANNA
from tests.screening.conftest import write_list
from tests.screening.people import customer
from vedette import watchlists
from vedette.base import FixedClock
from vedette.screening import Index, ScreeningError, build, edition_of, open_index, score
from vedette.store import Store


def _files(store: Store) -> list[Path]:
    return sorted(store.workspace.lists.glob("*.index*"))


def _found(index: Index, name: str = "Bartholomew Volkonskayev") -> list[str]:
    return [match.entity_id for match in score(customer(name), against=index)]


class TestOpenIndex:
    def test_builds_what_is_missing_and_reads_it_back(self, loaded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        first = open_index(loaded)
        assert len(_files(loaded)) == 1
        monkeypatch.setattr("vedette.screening.segment.build", lambda *_: pytest.fail("built again"))
        assert _found(open_index(loaded)) == _found(first) == ["e-0"]

    @pytest.mark.parametrize("damage", [b"", b"nonsense", None])
    def test_a_damaged_file_is_built_again(self, loaded: Store, damage: bytes | None) -> None:
        open_index(loaded)
        (file,) = _files(loaded)
        whole = file.read_bytes()
        file.write_bytes(whole[:-7] if damage is None else damage)
        assert _found(open_index(loaded)) == ["e-0"]
        assert file.read_bytes() == whole

    def test_a_file_of_another_version_is_not_believed(self, loaded: Store, clock: FixedClock, tmp_path: Path) -> None:
        open_index(loaded)
        (old,) = _files(loaded)
        write_list(tmp_path / "second.entities.ftm.json", "Somebody Entirely Else", "Zarvanitsa Hydroacoustic")
        watchlists.load(loaded, ANNA, [tmp_path / "second.entities.ftm.json"], clock=clock)
        open_index(loaded)
        (new,) = set(_files(loaded)) - {old}
        new.write_bytes(old.read_bytes())
        assert _found(open_index(loaded)) == []

    def test_an_older_version_can_be_asked_for_replay(self, loaded: Store, clock: FixedClock, tmp_path: Path) -> None:
        (then,) = watchlists.current(loaded)
        write_list(tmp_path / "second.entities.ftm.json", "Somebody Entirely Else", "Zarvanitsa Hydroacoustic")
        watchlists.load(loaded, ANNA, [tmp_path / "second.entities.ftm.json"], clock=clock)
        assert _found(open_index(loaded)) == []
        assert _found(open_index(loaded, [then])) == ["e-0"]

    def test_without_lists_it_refuses_rather_than_clears(self, store: Store) -> None:
        with pytest.raises(ScreeningError, match="no list is loaded"):
            open_index(store)

    def test_works_from_memory_where_nothing_can_be_written(
        self, loaded: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("vedette.screening.cache.write_durably", full)
        assert _found(open_index(loaded)) == ["e-0"]
        assert _files(loaded) == []


class TestBuild:
    def test_keeps_the_file_and_cites_the_version(self, loaded: Store) -> None:
        (version,) = watchlists.current(loaded)
        index = build(loaded, version)
        assert index.editions == (edition_of(version),)
        assert (index.editions[0].list_id, index.editions[0].version) == (version.list_id, version.version)
        assert index.editions[0].obligation
        assert len(_files(loaded)) == 1
