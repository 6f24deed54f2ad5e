"""Taking records out of log files: nothing is lost, and every fault has its line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from vedette.events import records as module
from vedette.events.discover import adapter
from vedette.events.records import Item, log_files, records
from vedette.store.intake import FileRefused

Write = Callable[[str, str], Path]
TRAIL = adapter("cloudtrail")


def read(path: Path) -> list[Item]:
    return list(records(path, TRAIL))


class TestForms:
    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ('{"a":1}\n{"a":2}\n', [1, 2]),
            ('{"a":1}\n\n  \n{"a":2}', [1, 4]),
            ('\ufeff{"a":1}\n', [1]),
            ('{"Records":[{"a":1},{"a":2}]}', [1, 1]),
            ('[{"a":1},{"a":2}]\n{"a":3}\n', [1, 1, 2]),
            (json.dumps({"Records": [{"a": 1}, {"a": 2}]}, indent=2), [1, 1]),
            (json.dumps([{"a": 1}], indent=1), [1]),
            ("", []),
        ],
    )
    def test_every_form_gives_its_records(self, written: Write, text: str, lines: list[int]) -> None:
        found = read(written("t.jsonl", text))
        assert [item.line for item in found] == lines
        assert all(item.record is not None for item in found)

    def test_a_wrapped_record_is_unwrapped_and_its_wrapping_kept(self, written: Write) -> None:
        (item,) = read(written("t.jsonl", '{"technique":"x","event":{"a":1}}'))
        assert (item.record, item.around, item.raw) == ({"a": 1}, {"technique": "x"}, b'{"a":1}')

    def test_packed_and_plain_give_the_same(self, written: Write, tmp_path: Path) -> None:
        plain = written("t.jsonl", '{"a":1}\n{"a":2}\n')
        packed = tmp_path / "t.jsonl.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        assert read(packed) == read(plain)


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "line", "reason"),
        [
            ('{"a":1}\n{"a":\n{"a":3}\n', 2, "is not JSON"),
            ('{"a":1}\n7\n', 2, "is not a JSON object"),
            ('{"Records":[{"a":1},7]}', 1, "element 2 of the list is not a JSON object"),
            ('{"a":1}\n' + '{"a":' * 200_000 + "\n", 2, "is nested too deeply"),
            ('{"a":1}\n"\\ud800"x\n', 2, "is not JSON"),
        ],
    )
    def test_a_bad_record_has_its_line_and_reason(self, written: Write, text: str, line: int, reason: str) -> None:
        faults = [item for item in read(written("t.jsonl", text)) if item.record is None]
        assert [(item.line, item.fault.partition(":")[0]) for item in faults] == [(line, reason)]

    def test_a_broken_first_line_does_not_swallow_the_rest(self, written: Write) -> None:
        found = read(written("t.jsonl", '{"a":1,\n{"a":2}\n{"a":3}\n'))
        assert [item.record is None for item in found] == [True, False, False]

    def test_a_monstrous_line_is_refused_without_being_held(
        self, written: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "LONGEST_LINE", 1000)
        found = read(written("t.jsonl", '{"a":1}\n{"a":"' + "x" * 5_000_000 + '"}\n{"a":3}\n'))
        assert [(item.line, item.record is None) for item in found] == [(1, False), (2, True), (3, False)]


class TestFiles:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (gzip.compress(b'{"a":1}\n' * 1000, mtime=0)[:40], "gzip"),
            ('{"a":1}\n'.encode("utf-16"), "UTF-8"),
            ('{"a":1}\n{"a":"é"}\n'.encode("latin-1"), "UTF-8"),
        ],
    )
    def test_a_file_that_cannot_be_followed_is_refused_whole(self, tmp_path: Path, data: bytes, reason: str) -> None:
        path = tmp_path / "t.jsonl.gz"
        path.write_bytes(data)
        with pytest.raises(FileRefused, match=reason):
            read(path)

    def test_a_missing_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FileRefused, match="cannot be read"):
            read(tmp_path / "none.jsonl")

    def test_folders_are_searched_for_fitting_files_without_following_links(self, tmp_path: Path) -> None:
        folder = tmp_path / "logs"
        (folder / "2026").mkdir(parents=True)
        for name in ("2026/a.jsonl.gz", "b.json", "notes.txt"):
            (folder / name).touch()
        (folder / "c.json").symlink_to(folder / "b.json")
        assert [path.name for path in log_files(folder, TRAIL)] == ["a.jsonl.gz", "b.json"]
        assert log_files(folder / "notes.txt", TRAIL) == [folder / "notes.txt"]
