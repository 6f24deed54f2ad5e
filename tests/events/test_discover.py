"""Finding adapters, and refusing folders that are not whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vedette.base import ContentError
from vedette.events import discover
from vedette.events.discover import UnknownAdapter, adapter, adapters, read_adapters

GOOD = Path(discover.__file__).with_name("adapters") / "okta"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(GOOD, tmp_path / "adapters" / "okta")
    return tmp_path / "adapters"


class TestAdapters:
    def test_all_products_of_the_input_contract_are_there(self) -> None:
        needed = {"cloudtrail", "gcp_audit", "azure_activity", "kubernetes_audit", "okta", "github_audit", "ocsf"}
        assert needed <= set(adapters())

    def test_an_unknown_name_is_answered_with_the_known_ones(self) -> None:
        with pytest.raises(UnknownAdapter, match="One of: auth0, azure_activity"):
            adapter("../../etc")

    def test_file_names_with_or_without_packing(self) -> None:
        assert adapter("okta").takes("Day-1.JSONL.gz")
        assert not adapter("okta").takes("day-1.parquet")


class TestRefusals:
    @pytest.mark.parametrize("name", ["adapter.yml", "adapter.py", "sample.jsonl", "expected.jsonl"])
    def test_a_missing_part_is_named(self, folder: Path, name: str) -> None:
        (folder / "okta" / name).unlink()
        with pytest.raises(ContentError, match=f"has no {name.replace('jsonl', '.') if name[0] == 's' else name}"):
            read_adapters(folder)

    @pytest.mark.parametrize("key", ["title", "caption", "citation", "licence", "product", "files", "blind_spots"])
    def test_a_missing_key_is_named_with_file_and_line(self, folder: Path, key: str) -> None:
        path = folder / "okta" / "adapter.yml"
        path.write_text(path.read_text().replace(f"\n{key}:", f"\nx_{key}:"))
        with pytest.raises(ContentError, match=key) as caught:
            read_adapters(folder)
        assert caught.value.place.file.endswith("okta/adapter.yml")
        assert caught.value.place.line is not None

    def test_a_misspelt_optional_key_does_not_just_do_nothing(self, folder: Path) -> None:
        path = folder / "okta" / "adapter.yml"
        path.write_text(path.read_text() + "personel: [displayName]\n")
        with pytest.raises(ContentError, match="unknown key 'personel'"):
            read_adapters(folder)

    def test_the_id_is_the_folder(self, folder: Path) -> None:
        (folder / "okta").rename(folder / "other")
        with pytest.raises(ContentError, match="'id' is 'okta' in folder 'other'"):
            read_adapters(folder)
