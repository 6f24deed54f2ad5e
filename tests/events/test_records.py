"""Taking records out of log files: nothing is lost, and every fault has its line."""

from __future__ import annotations

import gzip
import json
import tracemalloc
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
        (item,) = read(written("t.jsonl", '{"technique":"x","event":{"eventName": "a"}}'))
        assert (item.record, item.around, item.raw) == (
            {"eventName": "a"},
            {"technique": "x"},
            b'{"eventName": "a"}',
        )

    @pytest.mark.parametrize("indent", [None, 1])
    def test_the_bytes_of_a_record_are_kept_as_they_came(self, written: Write, indent: int | None) -> None:
        text = json.dumps({"Records": [{"eventName": "a", "n": 1.10}]}, indent=indent)
        (item,) = read(written("t.json", text))
        assert item.raw in text.encode()
        assert json.loads(item.raw) == {"eventName": "a", "n": 1.1}

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

    @pytest.mark.parametrize("depth", [1_000, 50_000])
    def test_deep_nesting_costs_its_record_in_every_form(self, written: Write, depth: int) -> None:
        deep = '{"a":' * depth + "1" + "}" * depth
        for text in (f'{{"a":1}}\n{deep}\n{{"a":2}}\n', f'{{"a":1}}\n[{{"a":{deep}}}]\n{{"a":2}}\n'):
            found = read(written("t.jsonl", text))
            assert [item.record is None for item in found] == [False, True, False]
            assert found[1].fault == "is nested too deeply"

    @pytest.mark.parametrize(
        ("bad", "reason", "kept"),
        [(b"\xfc", "is not UTF-8: byte 0xfc", b"\\xfc"), (b"\0", "holds a NUL byte", b"\0")],
    )
    def test_a_spoiled_byte_costs_its_record_in_every_form(
        self, tmp_path: Path, bad: bytes, reason: str, kept: bytes
    ) -> None:
        one, two, three = (json.dumps({"eventName": name}).encode() for name in ("eins", "zw@i", "drei"))
        spoiled = two.replace(b"@", bad)
        path = tmp_path / "t.json"
        for data in (
            b"\n".join((one, spoiled, three)),
            b'{"Records":[' + b",".join((one, spoiled, three)) + b"]}",
            b'{"Records":[\n' + b",\n".join((one, spoiled, three)) + b"\n]}",
            b"[" + b",\n ".join((one, spoiled, three)) + b"]",
        ):
            path.write_bytes(data)
            found = read(path)
            assert [item.fault for item in found] == ["", reason, ""], data
            assert found[1].raw == two.replace(b"@", kept)

    def test_a_monstrous_line_is_refused_without_being_held(self, tmp_path: Path) -> None:
        path = tmp_path / "t.jsonl"
        with path.open("wb") as file:
            file.write(b'{"a":1}\n{"a":"')
            for _ in range(100):
                file.write(b"x" * 1_000_000)
            file.write(b'"}\n{"a":3}\n')
        tracemalloc.start()
        found = read(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [(item.line, item.record is None) for item in found] == [(1, False), (2, True), (3, False)]
        assert found[1].fault.startswith("is a line of 100,000,008 bytes, longer than 16,777,216 bytes")
        assert peak < 80 * 1024**2

    def test_a_monstrous_record_among_others_costs_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "t.json"
        path.write_bytes(b'{"Records":[{"a":1},{"a":"' + b"x" * 20_000_000 + b'"},{"a":3}]}')
        found = read(path)
        assert [item.fault for item in found] == ["", "is longer than 16 MiB", ""]
        assert len(found[1].raw) == 500

    def test_a_value_longer_than_may_be_held_answers_line_by_line(
        self, written: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "LONGEST_VALUE", 50)
        monkeypatch.setattr("vedette.store.intake.source._CHUNK", 20)
        found = read(written("t.json", '{"Records":[\n' + '{"a":1}\n' * 20 + "]}"))
        assert [item.record is None for item in found] == [True] + [False] * 20 + [True]


class TestFiles:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (gzip.compress(b'{"a":1}\n' * 1000, mtime=0)[:40], "gzip data ends early, after 2,331 bytes"),
            (gzip.compress(b'{"a":1}\n' * 1000, mtime=0) + b"x" * 9, "not sound gzip"),
            ('{"a":1}\n'.encode("utf-16"), "UTF-8"),
            ('{"a":"é"}\n'.encode("latin-1") * 200, "not UTF-8 in 200 lines"),
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
