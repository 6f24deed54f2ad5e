"""Loading registries: audited, refused when empty or shrunken, replayable."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.institutions.conftest import dump_lines, take
from tests.made import JOB
from vedette.audit import verify
from vedette.base import FixedClock
from vedette.institutions import InstitutionError, open_desk
from vedette.institutions.cache import open_index, refresh
from vedette.institutions.load import current, load, organisations, read
from vedette.institutions.registry import shipped
from vedette.institutions.store import versions
from vedette.store import Store

ROOT = Path(__file__).resolve().parents[2] / "src" / "vedette" / "institutions" / "registries"


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


class TestLoad:
    def test_a_registry_is_in_force_audited_and_read_back(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        result = take(store, clock, dump_lines(tmp_path / "2026-02-01-ror.jsonl"))
        (version,) = current(store)
        assert result.outcome == "loaded"
        assert version == result.version
        assert version.version.startswith("2026-02-01.")
        assert len(organisations(store, version)) == version.organisations == 20
        assert verify(store).holds

    def test_the_same_again_changes_nothing(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        path = dump_lines(tmp_path / "ror.jsonl")
        take(store, clock, path)
        assert take(store, clock, path).outcome == "unchanged"
        assert len(versions(store)) == 1

    def test_a_shrunken_one_is_refused_and_forced_only_with_a_reason(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        first = take(store, clock, dump_lines(tmp_path / "a.jsonl", 100)).version
        smaller = dump_lines(tmp_path / "b.jsonl", 50)
        result = take(store, clock, smaller)
        assert (result.outcome, current(store)) == ("refused", (first,))
        assert "50" in result.problem and result.remedy
        with pytest.raises(InstitutionError, match="reason"):
            take(store, clock, smaller, force=True)
        forced = take(store, clock, smaller, force=True, reason="the publisher dropped them")
        assert forced.version is not None and forced.version.forced == "the publisher dropped them"
        assert [version.in_force for version in versions(store)].count(True) == 1

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"   \n",
            b"[]",
            b"\xff\xfe\x00",
            b"<html>",
            b'[{"id": "https://ror.org/0a", "names": ["x"]}',
            b'{"id": "https://ror.org/0a"}\n',
            b'{"id": "https://evil.example/https://ror.org/", "names": ["x"]}\n',
            b"id,name,concern\n",
            b"[" * 100_000,
            b'[{"id": "https://ror.org/0a", "names": ' + b"[" * 50_000,
            b"PK\x03\x04 no zip",
        ],
    )
    def test_empty_and_damaged_files_are_refused(
        self, store: Store, clock: FixedClock, tmp_path: Path, data: bytes
    ) -> None:
        path = tmp_path / "ror.json"
        path.write_bytes(data)
        result = take(store, clock, path)
        assert result.outcome == "refused"
        assert result.problem and result.remedy
        assert current(store) == ()

    def test_a_few_broken_records_are_refused_by_line_and_the_rest_is_taken(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        path = dump_lines(tmp_path / "ror.jsonl", 200)
        path.write_text(path.read_text() + '\n{"id": "https://ror.org/0bad", "names": 7}\n')
        result = take(store, clock, path)
        assert result.outcome == "loaded"
        assert [item.line for item in result.refused] == [201]

    def test_two_registries_stand_side_by_side_and_kinds_do_not_mix(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        take(store, clock, dump_lines(tmp_path / "ror.jsonl"))
        assert take(store, clock, ROOT / "tracker" / "sample.csv", name="mine").outcome == "loaded"
        mixed = take(store, clock, ROOT / "tracker" / "sample.csv", name="ror")
        assert "cannot follow" in mixed.problem
        with pytest.raises(InstitutionError, match="name"):
            take(store, clock, ROOT / "tracker" / "sample.csv", name="../../etc")

    def test_names_of_several_files_cannot_be_given(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        with pytest.raises(InstitutionError, match="several"):
            load(store, JOB, [tmp_path / "a", tmp_path / "b"], clock=clock, name="x")


class TestZip:
    def test_schema_two_is_preferred_and_other_files_are_passed_over(self, tmp_path: Path) -> None:
        one, two = (ROOT / "ror" / "sample.v1.json").read_bytes(), (ROOT / "ror" / "sample.v2.jsonl").read_bytes()
        path = zipped(
            tmp_path / "v1.70.zip",
            **{"v1.70-2025-08-26-ror-data.json": one, "v1.70-2025-08-26-ror-data_schema_v2.json": two, "x.csv": b"a,b"},
        )
        found = read(path)
        assert "schema_v2" in found.file
        assert str(found.dated) == "2025-08-26"

    def test_a_bomb_is_refused_while_it_unpacks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vedette.institutions.intake.MAX_BYTES", 1 << 20)
        path = zipped(tmp_path / "bomb.zip", **{"ror.json": b" " * (8 << 20)})
        assert path.stat().st_size < 1 << 14
        with pytest.raises(InstitutionError, match="unpacks to more"):
            read(path)

    def test_paths_inside_are_never_followed(self, tmp_path: Path) -> None:
        data = (ROOT / "ror" / "sample.v2.jsonl").read_bytes()
        found = read(zipped(tmp_path / "a.zip", **{"../../outside.json": data}))
        assert found.file == "a.zip/outside.json"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]

    @pytest.mark.parametrize("members", [{}, {"a.csv": b"x"}, {"a.json": b""}])
    def test_a_zip_without_a_registry_is_refused(self, tmp_path: Path, members: dict[str, bytes]) -> None:
        with pytest.raises(InstitutionError):
            read(zipped(tmp_path / "a.zip", **members))

    def test_a_cut_zip_is_refused(self, tmp_path: Path) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("ror.json", json.dumps([{}] * 500))
        path = tmp_path / "cut.zip"
        path.write_bytes(buffer.getvalue()[:400])
        with pytest.raises(InstitutionError, match="damaged"):
            read(path)


class TestCache:
    def test_an_index_is_kept_and_a_damaged_one_built_again(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        take(store, clock, dump_lines(tmp_path / "ror.jsonl"))
        first = refresh(store)
        (path,) = store.workspace.lists.glob("*.institutions*")
        path.write_bytes(b"damaged")
        assert open_index(store).ids == first.ids
        assert path.stat().st_size > 1000

    def test_old_indexes_go_when_a_new_one_comes(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        for count in (20, 30):
            take(store, clock, dump_lines(tmp_path / f"{count}.jsonl", count))
            refresh(store)
        assert len(list(store.workspace.lists.glob("*.institutions*"))) == 1

    def test_altered_organisations_are_not_believed(self, store: Store, clock: FixedClock, tmp_path: Path) -> None:
        version = take(store, clock, dump_lines(tmp_path / "ror.jsonl")).version
        assert version is not None
        (path,) = store.workspace.lists.glob("*.organisations.gz")
        path.write_bytes(path.read_bytes()[:-8])
        with pytest.raises(InstitutionError):
            organisations(store, version)

    def test_without_a_workspace_the_shipped_rows_are_there(self) -> None:
        desk = open_desk()
        assert len(desk.index.ids) == len(shipped())
        assert desk.resolve("Kim Il Sung University").matches[0].id == "kp:kisu"
        assert desk.resolve("Kim Il Sung University") is desk.resolve("Kim Il Sung University")
