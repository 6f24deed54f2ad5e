"""Naming stored versions and files as people do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watchlists.conftest import SOURCES, Loader
from vedette.store import Store
from vedette.watchlists import ListError, listings_named, resolve, versions

SAMPLE = SOURCES / "xx_any_ftm" / "sample.entities.ftm.json"


class TestResolve:
    def test_a_version_a_qualified_version_and_a_list_all_name_it(self, take: Loader, store: Store) -> None:
        (result,) = take(SAMPLE)
        assert result.version is not None
        for text in (result.version.version, f"xx_sample@{result.version.version}", "xx_sample"):
            assert resolve(store, text) == result.version

    def test_a_version_of_two_lists_must_be_qualified(self, take: Loader, store: Store) -> None:
        take(SAMPLE)
        take(SAMPLE, list_id="other")
        (one, _) = versions(store)
        with pytest.raises(ListError, match="several lists") as caught:
            resolve(store, one.version)
        assert f"other@{one.version}" in caught.value.remedy
        assert resolve(store, f"other@{one.version}").list_id == "other"

    @pytest.mark.parametrize("text", ["", "nothing", "2024-05-03.000000000000", "@", "x@y"])
    def test_an_unknown_name_is_refused_with_the_remedy(self, store: Store, text: str) -> None:
        with pytest.raises(ListError, match="neither a stored version nor a file"):
            resolve(store, text)


class TestListingsNamed:
    def test_a_file_is_read_without_any_store(self) -> None:
        def no_store() -> Store:
            raise AssertionError("opened the store")

        assert len(listings_named(no_store, str(SAMPLE))) == 3

    def test_a_folder_with_the_files_of_one_list_is_read(self) -> None:
        folder = SOURCES / "us_ofac_sdn"
        with pytest.raises(ListError, match="no list format"):
            listings_named(lambda: pytest.fail("store"), str(folder))

    def test_a_stored_version_is_read_from_the_store(self, take: Loader, store: Store) -> None:
        take(SAMPLE)
        assert [item.entity_id for item in listings_named(lambda: store, "xx_sample")] == ["smp-1", "smp-2", "smp-3"]

    def test_several_lists_in_a_folder_are_refused(self, tmp_path: Path) -> None:
        for source_id, name in (("xx_any_ftm", "sample.entities.ftm.json"), ("un_sc_consolidated", "sample.xml")):
            (tmp_path / name).write_bytes((SOURCES / source_id / name).read_bytes())
        with pytest.raises(ListError, match="holds 2 lists"):
            listings_named(lambda: pytest.fail("store"), str(tmp_path))
