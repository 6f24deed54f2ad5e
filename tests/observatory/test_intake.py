"""Files come in: read = stored + duplicates + refused, twice is once, one fault refuses one file, one work has one id."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.made import JOB
from tests.observatory.publications import JILIN, KISU, TITLE, line, ris, written
from vedette import audit
from vedette.base import FixedClock
from vedette.events.model import Intake
from vedette.observatory import ObservatoryError, results
from vedette.observatory.intake import import_files
from vedette.observatory.sums import total
from vedette.store import Store

MADE = TITLE.format("number-1")


def take(ws: Store, clock: FixedClock, *paths: Path, source: str = "") -> tuple[Intake, ...]:
    return import_files(ws, JOB, paths, clock=clock, source=source)


def ids(ws: Store) -> list[tuple[str, str]]:
    """Source ids with the works they were joined to."""
    with ws.engine(["works"]) as engine:
        return [(str(a), str(b)) for a, b in engine.rows("SELECT source_id, work_id FROM works ORDER BY ordinal")]


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


class TestCounts:
    def test_every_record_is_stored_a_duplicate_or_refused(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        path = written(tmp_path / "works.jsonl", [line(1, KISU), line(2, JILIN), line(1, KISU), {"id": "x"}])
        (found,) = take(ws, clock, path)
        assert (found.read, found.stored, found.duplicates, found.refused_count) == (4, 2, 1, 1)
        assert found.refused[0].line == 4 and found.refused[0].remedy
        kept = list(ws.workspace.refused.iterdir())
        assert [item.read_text() for item in kept] == ['{"id": "x"}\n'] and kept[0].stat().st_mode & 0o77 == 0

    def test_the_same_file_again_stores_nothing(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        path = written(tmp_path / "works.jsonl", [line(1, KISU), line(2, JILIN)])
        take(ws, clock, path)
        (again,) = take(ws, clock, path)
        assert (again.read, again.stored, again.duplicates) == (2, 0, 2)
        assert len(ids(ws)) == 2

    def test_a_file_with_refused_records_tells_them_again(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        path = written(tmp_path / "works.jsonl", [line(1, KISU), {"id": "x"}])
        take(ws, clock, path)
        (again,) = take(ws, clock, path)
        assert (again.read, again.stored, again.duplicates, len(again.refused)) == (2, 0, 1, 1)
        assert [(item.stored, item.refused) for item in results.inputs(ws)] == [(1, 1)]

    def test_the_same_records_in_another_file_store_nothing(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        take(ws, clock, written(tmp_path / "a.jsonl", [line(1, KISU), line(2, JILIN)]))
        (again,) = take(ws, clock, written(tmp_path / "b.jsonl", [line(2, JILIN), line(1, KISU)]))
        assert (again.stored, again.duplicates) == (0, 2) and len(ids(ws)) == 2

    def test_a_newer_version_of_a_record_takes_its_place(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        take(ws, clock, written(tmp_path / "a.jsonl", [line(1, KISU)]))
        (found,) = take(ws, clock, written(tmp_path / "b.jsonl", [line(1, JILIN)]))
        assert (found.stored, found.duplicates) == (0, 1) and "older version" in found.notes[0]
        with ws.engine(["works", "authorships"]) as engine:
            rows = engine.rows("SELECT a.affiliation FROM authorships a JOIN works w USING (record_id, batch)")
        assert rows == [(JILIN,)]

    def test_files_of_a_folder_and_gzip(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        data = written(folder / "a.jsonl", [line(1, KISU)]).read_bytes()
        (folder / "b.jsonl.gz").write_bytes(gzip.compress(data.replace(b"W1", b"W2").replace(b"made.1", b"made.2")))
        (folder / ".hidden").write_text("no")
        found = take(ws, clock, folder)
        assert [item.stored for item in found] == [1, 1]
        last = total(found, "publications")
        assert (last.read, last.stored) == (2, 2)

    def test_many_files_are_told_apart(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        first = written(tmp_path / "a.jsonl", [line(1, KISU), line(2, KISU)])
        second = written(tmp_path / "b.jsonl", [line(2, KISU), line(3, KISU), line(4, KISU)])
        found = take(ws, clock, first, second, first)
        assert [(item.stored, item.duplicates) for item in found] == [(2, 0), (2, 1), (0, 2)]
        assert [item.stored for item in results.inputs(ws)] == [2, 2]


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"", "empty"),
            (b"\x00\x01\x02", "no form known"),
            (gzip.compress(b'{"id": "https://openalex.org/W1"}' * 999)[:-20], "cannot be read"),
            (b"<PubmedArticleSet><PubmedArticle>", "cut short"),
            (b"<PubmedArticleSet></PubmedArticleSet><!--<PubmedArticle -->", "no record"),
        ],
    )
    def test_one_fault_refuses_one_file_and_the_others_are_stored(
        self, ws: Store, clock: FixedClock, tmp_path: Path, data: bytes, told: str
    ) -> None:
        bad = tmp_path / "bad.bin"
        bad.write_bytes(data)
        good = written(tmp_path / "good.jsonl", [line(1, KISU)])
        refused, taken = sorted(take(ws, clock, bad, good), key=lambda item: item.stored)
        assert told in refused.faults[0] and refused.failed() and taken.stored == 1

    def test_a_file_refused_in_its_middle_leaves_nothing(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        text = "PT\tAU\tTI\tPY\n" + "".join(f"J\tOne, I\tAn invented title number {n}\t2001\n" for n in range(3_000))
        bad = tmp_path / "bad.txt"
        bad.write_bytes(text.encode() + b"J\tTwo\t\xff\xff\t2001\n")
        found = take(ws, clock, bad)
        assert found[0].faults and ids(ws) == []
        assert not list(ws.workspace.refused.iterdir()) and not list(ws.workspace.scratch.iterdir())

    def test_a_missing_file_and_an_unknown_source(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        assert take(ws, clock, tmp_path / "none.ris")[0].faults
        with pytest.raises(ObservatoryError, match="no source"):
            take(ws, clock, tmp_path, source="nosuch")

    def test_a_named_source_is_used_without_looking(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt", "\n\n" + ris("A sound title of a record in RIS"))
        assert take(ws, clock, path, source="ris")[0].stored == 1


class TestOneWork:
    def test_records_with_one_doi_are_one_work(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        first = written(tmp_path / "a.jsonl", [line(1, KISU)])
        second = put(tmp_path / "b.ris", ris("Quite another title for it", doi="10.5555/MADE.1"))
        (_, joined) = take(ws, clock, first, second)
        assert joined.duplicates == 1 and "tell more" in joined.notes[0]
        assert len({work for _, work in ids(ws)}) == 1

    @pytest.mark.parametrize(
        ("record", "same"),
        [
            (ris(MADE), True),
            (ris(MADE, year=2021), True),
            (ris(MADE.upper() + " .", author="Invented Author1"), True),
            (ris(MADE, year=2010), False),
            (ris(MADE, author="Other, Somebody"), False),
            (ris(MADE, doi="10.5555/other"), False),
            (ris("Editorial"), False),
        ],
    )
    def test_without_a_doi_title_year_and_first_author_tell(
        self, ws: Store, clock: FixedClock, tmp_path: Path, record: str, same: bool
    ) -> None:
        take(ws, clock, written(tmp_path / "a.jsonl", [line(1, KISU)]))
        (found,) = take(ws, clock, put(tmp_path / "b.ris", record))
        assert found.duplicates == int(same) and len({work for _, work in ids(ws)}) == 2 - int(same)

    def test_a_work_held_without_doi_takes_the_first_that_fits(
        self, ws: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        take(ws, clock, put(tmp_path / "b.ris", ris(MADE)))
        (found,) = take(ws, clock, written(tmp_path / "a.jsonl", [line(1, KISU), line(2, KISU, title=MADE)]))
        assert (found.stored, found.duplicates) == (1, 1)
        assert len({work for _, work in ids(ws)}) == 2

    def test_in_one_import_order_does_not_matter(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        loose = put(tmp_path / "a.ris", ris(MADE) + ris(MADE, author="One, Invented B."))
        strict = written(tmp_path / "b.jsonl", [line(1, KISU)])
        take(ws, clock, loose, strict)
        assert len({work for _, work in ids(ws)}) == 1

    def test_many_works_of_one_title_stay_quick_and_apart(self, ws: Store, clock: FixedClock, tmp_path: Path) -> None:
        lines = [line(n, KISU, title="Proceedings of the invented conference on shoals") for n in range(3_000)]
        (found,) = take(ws, clock, written(tmp_path / "a.jsonl", lines))
        assert found.stored == 3_000


class TestAudit:
    def test_every_import_stands_in_the_log_which_names_no_author(
        self, ws: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        take(ws, clock, written(tmp_path / "a.jsonl", [line(1, KISU)]))
        assert audit.verify(ws).holds
        with ws.engine(["authorships"]) as engine:
            keys = engine.rows("SELECT author_key, author FROM authorships")
        assert keys[0][0] and keys[0][0] != keys[0][1]
        personal = {c.name for c in ws.catalogue.table("authorships").columns if c.sensitivity.value == "personal"}
        assert personal == {"author_key", "author"}
