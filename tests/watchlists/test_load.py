"""Taking lists in: what is loaded, kept, left alone or refused, and that a refusal changes nothing."""

from __future__ import annotations

import gc
import gzip
import json
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from tests.watchlists.conftest import PRINCIPAL, SOURCES, Loader, sdn_file, sdn_row
from vedette.audit import verify
from vedette.audit.store import leaves
from vedette.base import FixedClock
from vedette.store import StateError, Store, Workspace
from vedette.watchlists import ListError, LoadResult, Outcome, current, entries, load, read, status, versions
from vedette.watchlists import store as rows
from vedette.watchlists.source import Source, source

FULL = range(1, 7001)


def only(results: tuple[LoadResult, ...]) -> LoadResult:
    assert len(results) == 1, results
    return results[0]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of entries pass for a whole SDN list."""

    def lenient(source_id: str) -> Source:
        return replace(source(source_id), expected_min=min(5, source(source_id).expected_min))

    monkeypatch.setattr(import_module("vedette.watchlists.load"), "source", lenient)


@pytest.mark.usefixtures("small")
class TestVersions:
    def test_a_first_list_is_in_force_with_all_its_entries_added(
        self, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        result = only(take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(10))))
        assert result.outcome is Outcome.LOADED
        assert result.version is not None and result.delta is not None
        assert result.version.version.startswith("2024-05-03.")
        assert result.version.version.split(".")[1] == result.version.content_hash[:12]
        assert (result.version.entries, result.version.dprk, len(result.delta.added)) == (10, 10, 10)
        assert current(store) == (result.version,)
        assert len(entries(store, result.version)) == 10
        assert "blocks the property" in result.version.obligation

    def test_the_same_content_again_changes_nothing_and_says_so(
        self, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        path = sdn_file(tmp_path / "sdn_2024-05-03.csv", range(10))
        packed = tmp_path / "again.csv.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        first = only(take(path))
        for again in (take(path), take(packed)):
            assert only(again).outcome is Outcome.UNCHANGED
            assert "already in force" in only(again).notes[0]
        assert current(store) == (first.version,)
        assert len(_leaves(store)) == 1

    def test_a_newer_list_follows_and_names_what_changed(self, take: Loader, store: Store, tmp_path: Path) -> None:
        old = only(take(sdn_file(tmp_path / "sdn_2024-05-02.csv", range(20))))
        new = only(take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(1, 22), n5="OTHER, Name")))
        assert old.version is not None and new.version is not None and new.delta is not None
        assert new.previous == old.version.version
        assert (new.delta.added, new.delta.removed, new.delta.changed) == (("20", "21"), ("0",), (("5", ("names",)),))
        assert [(kept.version, kept.in_force) for kept in versions(store)] == [
            (old.version.version, False),
            (new.version.version, True),
        ]
        assert len(entries(store, old.version)) == 20

    def test_an_older_list_is_kept_for_comparison_but_not_put_in_force(
        self, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        new = only(take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(20))))
        old = only(take(sdn_file(tmp_path / "sdn_2021-08-24.csv", range(8))))
        assert old.outcome is Outcome.KEPT
        assert current(store) == (new.version,)
        assert len(versions(store, "us_ofac_sdn")) == 2

    def test_a_folder_is_loaded_oldest_first_so_that_the_newest_is_in_force(
        self, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        folder = tmp_path / "lists"
        folder.mkdir()
        for day in ("2024-05-03", "2021-08-24", "2023-08-31"):
            sdn_file(folder / f"sdn_{day}.csv", range(10), n1=f"SAMPLE, {day}")
        (folder / "readme.txt").write_text("no list")
        results = take(folder)
        assert [result.outcome for result in results] == [Outcome.SKIPPED, *[Outcome.LOADED] * 3]
        assert [version.published for version in current(store)] == [date(2024, 5, 3)]

    def test_without_any_day_the_day_of_loading_names_the_version(self, take: Loader, tmp_path: Path) -> None:
        version = only(take(sdn_file(tmp_path / "sdn.csv", range(10)))).version
        assert version is not None
        assert (version.published, version.version[:10]) == (None, "2026-03-01")

    def test_the_caller_may_name_day_and_list(self, take: Loader, tmp_path: Path) -> None:
        path = sdn_file(tmp_path / "sdn_2024-05-03.csv", range(10))
        version = only(take(path, published=date(2024, 5, 6), list_id="my_sdn")).version
        assert version is not None
        assert (version.list_id, version.version[:10]) == ("my_sdn", "2024-05-06")

    def test_two_lists_of_one_source_live_side_by_side_under_their_names(
        self, take: Loader, store: Store, tmp_path: Path
    ) -> None:
        line = (SOURCES / "xx_any_ftm" / "sample.entities.ftm.json").read_text()
        (tmp_path / "a.json").write_text(line)
        (tmp_path / "b.json").write_text(line.replace("xx_sample", "yy_sample"))
        take(tmp_path / "a.json", tmp_path / "b.json")
        assert [version.list_id for version in current(store)] == ["xx_sample", "yy_sample"]

    def test_one_name_cannot_serve_two_lists(self, take: Loader, tmp_path: Path) -> None:
        with pytest.raises(ListError, match="one name"):
            take(
                sdn_file(tmp_path / "sdn.csv", range(10)), SOURCES / "un_sc_consolidated" / "sample.xml", list_id="mine"
            )


@pytest.mark.usefixtures("small")
class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"", "is empty"),
            (b"\x1a", "is empty"),
            (gzip.compress(b"", mtime=0), "is empty"),
            (gzip.compress(sdn_row(1, "SAMPLE").encode() * 50, mtime=0)[:-20], "cut short"),
            (sdn_row(1, "SAMPLE").encode() + sdn_row(2, "SAMPLE").encode() + b"\x1a", "fewer than the 5"),
            (b"".join(sdn_row(number, "S").encode() for number in range(15)) + b"\x1a", "a loss of 25%"),
            (b"".join(sdn_row(number, "S").encode() for number in range(20)) + b'20,"S', "CSV"),
            (b"".join(sdn_row(number, "S\xfc").encode("latin-1") for number in range(20)), "not UTF-8"),
            (b"<html>Sign in</html>", "web page"),
            (b"\x00\xff" * 500, "no list format"),
        ],
        ids=["empty", "end_mark", "empty_gzip", "cut_gzip", "few", "shrunk", "cut_csv", "latin1", "web_page", "binary"],
    )
    def test_a_bad_file_is_refused_and_the_list_in_force_stays(
        self, take: Loader, store: Store, tmp_path: Path, content: bytes, problem: str
    ) -> None:
        good = only(take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(20))))
        before = _everything(store)
        (tmp_path / "sdn_2024-05-04.csv").write_bytes(content)
        result = only(take(tmp_path / "sdn_2024-05-04.csv"))
        assert result.outcome is Outcome.REFUSED
        assert problem in result.problem
        assert result.remedy
        assert current(store) == (good.version,)
        assert _everything(store) == before

    def test_one_bad_file_does_not_keep_the_others_out(self, take: Loader, store: Store, tmp_path: Path) -> None:
        (tmp_path / "bad.csv").write_bytes(b"")
        results = take(tmp_path / "bad.csv", sdn_file(tmp_path / "sdn.csv", range(10)))
        assert [result.outcome for result in results] == [Outcome.REFUSED, Outcome.LOADED]
        assert len(current(store)) == 1

    def test_losing_the_alias_file_is_a_loss_of_names(self, take: Loader, tmp_path: Path) -> None:
        alt = tmp_path / "alt.csv"
        alt.write_bytes(b"".join(b'%d,1,"aka","ALIAS %d",-0- \r\n' % (number, number) for number in range(10)))
        take(sdn_file(tmp_path / "sdn_2024-05-02.csv", range(10)), alt)
        result = only(take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(11))))
        assert result.outcome is Outcome.REFUSED
        assert "were the alias files left out?" in result.problem

    def test_a_companion_without_its_primary_is_refused(self, take: Loader, tmp_path: Path) -> None:
        (tmp_path / "alt.csv").write_bytes(b'1,1,"aka","ALIAS",-0- \r\n\x1a')
        assert "only adds to a primary file" in only(take(tmp_path / "alt.csv")).problem

    def test_another_source_cannot_take_over_a_lists_name(self, take: Loader, tmp_path: Path) -> None:
        """OpenSanctions calls its copy of the SDN list by the name that ours has: entry ids would all change."""
        take(sdn_file(tmp_path / "sdn.csv", range(10)))
        line = (SOURCES / "xx_any_ftm" / "sample.entities.ftm.json").read_text().replace("xx_sample", "us_ofac_sdn")
        (tmp_path / "x.json").write_text(line)
        result = only(take(tmp_path / "x.json"))
        assert result.outcome is Outcome.REFUSED
        assert "--as" in result.remedy

    @pytest.mark.parametrize("name", ["", "../x", "A B", "a@b", "x" * 65, "a\nb", "-a"])
    def test_a_name_that_could_not_be_typed_again_is_refused(self, take: Loader, tmp_path: Path, name: str) -> None:
        line = (SOURCES / "xx_any_ftm" / "sample.entities.ftm.json").read_text()
        (tmp_path / "x.json").write_text(line.replace("xx_sample", json.dumps(name or "..")[1:-1]))
        assert "cannot name a list" in only(take(tmp_path / "x.json")).problem


@pytest.mark.usefixtures("small")
class TestForce:
    def test_a_forced_list_is_taken_and_the_reason_recorded(self, take: Loader, store: Store, tmp_path: Path) -> None:
        take(sdn_file(tmp_path / "sdn_2024-05-02.csv", range(20)))
        result = only(
            take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(6)), force=True, reason="OFAC removed a programme")
        )
        assert result.outcome is Outcome.LOADED
        assert result.version is not None and result.version.forced == "OFAC removed a programme"
        assert any("forced past: 6 entries follow 20" in note for note in result.notes)
        facts = _leaves(store)[-1]["facts"]
        assert (facts["forced"], facts["entries"], facts["in_force"]) == ("OFAC removed a programme", 6, 1)

    def test_force_without_a_reason_is_refused(self, take: Loader, tmp_path: Path) -> None:
        with pytest.raises(ListError, match="needs a reason"):
            take(sdn_file(tmp_path / "sdn.csv", range(10)), force=True, reason="  ")

    def test_force_puts_an_older_list_back_in_force(self, take: Loader, store: Store, tmp_path: Path) -> None:
        old = sdn_file(tmp_path / "sdn_2024-05-02.csv", range(20))
        take(old, sdn_file(tmp_path / "sdn_2024-05-03.csv", range(19)))
        assert only(take(old)).outcome is Outcome.UNCHANGED
        back = only(take(old, force=True, reason="the newer one was withdrawn"))
        assert back.outcome is Outcome.LOADED
        assert [version.published for version in current(store)] == [date(2024, 5, 2)]
        assert len(versions(store)) == 2

    def test_nothing_to_overrule_records_no_force(self, take: Loader, tmp_path: Path) -> None:
        version = only(take(sdn_file(tmp_path / "sdn.csv", range(10)), force=True, reason="to be sure")).version
        assert version is not None and version.forced == ""

    def test_force_cannot_make_a_damaged_file_readable(self, take: Loader, tmp_path: Path) -> None:
        (tmp_path / "sdn.csv").write_bytes(sdn_row(1, "S").encode() + b'2,"S')
        assert only(take(tmp_path / "sdn.csv", force=True, reason="x")).outcome is Outcome.REFUSED


@pytest.mark.usefixtures("small")
class TestProof:
    def test_files_are_archived_and_the_log_verifies(self, take: Loader, store: Store, tmp_path: Path) -> None:
        path = sdn_file(tmp_path / "sdn.csv", range(10))
        version = only(take(path)).version
        assert version is not None
        ((role, name, content_hash),) = rows.origin(store, version).files
        assert (role, name) == ("primary", "sdn.csv")
        assert store.archive.get(content_hash) == path.read_bytes()
        assert verify(store).problems == []
        (leaf,) = _leaves(store)
        assert (leaf["act"], leaf["principal"]["id"]) == ("watchlists.load", PRINCIPAL.id)
        assert leaf["facts"]["content_hash"] == version.content_hash

    def test_altered_entries_are_noticed(self, take: Loader, store: Store, tmp_path: Path) -> None:
        version = only(take(sdn_file(tmp_path / "sdn.csv", range(10)))).version
        assert version is not None
        (blob,) = store.workspace.lists.iterdir()
        changed = gzip.decompress(blob.read_bytes()).replace(b"SAMPLE, Person 3", b"SAMPLE, Person 9")
        blob.write_bytes(gzip.compress(changed))
        with pytest.raises(ListError, match="does not match its hash"):
            entries(store, version)
        blob.unlink()
        with pytest.raises(ListError, match="cannot be read"):
            entries(store, version)

    def test_a_full_disk_leaves_the_list_in_force(
        self, take: Loader, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = only(take(sdn_file(tmp_path / "sdn_2024-05-02.csv", range(10))))

        def full(path: Path, data: bytes) -> None:
            raise OSError(28, "No space left on device", str(path))

        monkeypatch.setattr(rows, "write_durably", full)
        result = only(take(sdn_file(tmp_path / "sdn_2024-05-03.csv", range(11))))
        assert (result.outcome, "No space left" in result.problem) == (Outcome.REFUSED, True)
        assert current(store) == (good.version,)

    def test_a_crash_before_the_commit_leaves_the_list_in_force(
        self, take: Loader, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = only(take(sdn_file(tmp_path / "sdn_2024-05-02.csv", range(10))))
        newer = sdn_file(tmp_path / "sdn_2024-05-03.csv", range(11))
        with monkeypatch.context() as patch:
            patch.setattr("vedette.audit.store.Act.close", _crash)
            with pytest.raises(StateError):
                take(newer)
        assert current(store) == (good.version,)
        assert only(take(newer)).outcome is Outcome.LOADED

    def test_somebody_faster_is_noticed(
        self, take: Loader, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = sdn_file(tmp_path / "sdn_2024-05-02.csv", range(10))
        second = sdn_file(tmp_path / "sdn_2024-05-03.csv", range(11))
        keep = rows.keep_entries

        def interrupted(opened: Store, data: bytes) -> str:
            monkeypatch.setattr(rows, "keep_entries", keep)
            take(first)
            return keep(opened, data)

        monkeypatch.setattr(rows, "keep_entries", interrupted)
        result = only(take(second))
        assert (result.outcome, "while the file was being checked" in result.problem) == (Outcome.REFUSED, True)
        assert [version.published for version in current(store)] == [date(2024, 5, 2)]


class TestStatus:
    def test_lists_never_loaded_are_named_as_gaps(self, take: Loader, store: Store, clock: FixedClock) -> None:
        line = SOURCES / "xx_any_ftm" / "sample.entities.ftm.json"
        take(line)
        clock.advance(timedelta(days=1))
        found = {item.list_id: item for item in status(store)}
        assert found["us_ofac_sdn"].version is None
        assert found["xx_sample"].version is not None and found["xx_sample"].kept == 1
        assert "xx_any_ftm" not in found

    def test_a_mere_format_is_no_gap(self, store: Store) -> None:
        assert "xx_any_ftm" not in {item.list_id for item in status(store)}

    def test_whole_sized_lists_pass_the_declared_expectations(self, take: Loader, tmp_path: Path) -> None:
        assert only(take(sdn_file(tmp_path / "sdn.csv", FULL))).outcome is Outcome.LOADED

    def test_progress_is_told_for_each_file_and_each_list(
        self, store: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        steps: list[int] = []
        path = sdn_file(tmp_path / "sdn.csv", FULL)
        load(store, PRINCIPAL, [path], clock=clock, on_step=lambda: steps.append(1))
        assert len(steps) == 2

    def test_the_workspace_keeps_one_blob_for_the_entries(self, take: Loader, store: Store, tmp_path: Path) -> None:
        take(sdn_file(tmp_path / "sdn.csv", FULL))
        assert isinstance(store.workspace, Workspace)
        assert [path.suffixes for path in store.workspace.lists.iterdir()] == [[".jsonl", ".gz"]]


def _crash(_act: object) -> None:
    raise StateError("the power went")


def _leaves(store: Store) -> list[dict[str, dict[str, object]]]:
    with store.database.reading() as connection:
        return [json.loads(body) for _, body, _ in leaves(connection)]


def _everything(store: Store) -> tuple[object, ...]:
    files = sorted(
        path.name for path in store.workspace.root.rglob("*") if path.is_file() and "state.db" not in path.name
    )
    return versions(store), _leaves(store), files


class TestCollector:
    def test_it_runs_again_after_a_list_was_read_or_refused(self, tmp_path: Path) -> None:
        read([sdn_file(tmp_path / "sdn.csv", range(3))])
        assert gc.isenabled()
        (tmp_path / "bad.csv").write_bytes(sdn_row(1, "SAMPLE").encode() + b"1,2")
        with pytest.raises(ListError):
            read([tmp_path / "bad.csv"])
        assert gc.isenabled()
