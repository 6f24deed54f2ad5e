"""The separate verifier agrees with the log, and with nothing else."""

from __future__ import annotations

import ast
import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import vedette.audit.verifier as verifier
from tests.made import ANNA, finding
from vedette import audit, findings
from vedette.audit.checkpoint import public_bytes
from vedette.audit.store import signing_key
from vedette.base import FixedClock
from vedette.store import Store

PROGRAM = Path(verifier.__file__)


@pytest.fixture
def log(store: Store, clock: FixedClock, tmp_path: Path) -> Path:
    """An export of eleven leaves."""
    for number in range(11):
        with audit.writing(store, ANNA, "find", clock=clock) as act:
            findings.record(act, [finding(account=f"a-{number}")])
    target = tmp_path / "log.jsonl"
    assert audit.export(store, target) == 11
    return target


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(PROGRAM), *arguments], capture_output=True, text=True, check=False)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


class TestCheck:
    def test_it_agrees(self, store: Store, log: Path) -> None:
        told = verifier.check(log)

        assert "11 leaves" in told
        assert audit.verify(store).root in told

    def test_it_is_a_program_of_its_own(self, store: Store, log: Path) -> None:
        key = base64.b64encode(public_bytes(signing_key(store))).decode()

        assert (run(str(log)).returncode, run(str(log), key).returncode) == (0, 0)
        assert run(str(log), base64.b64encode(bytes(32)).decode()).returncode == 1
        assert run().returncode == 2
        assert run("/no/such/file").returncode == 1

    def test_it_shares_no_code_with_the_program(self) -> None:
        imported = {
            (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
            for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        allowed = {*sys.stdlib_module_names, "cryptography"}

        assert {name.partition(".")[0] for name in imported} <= allowed

    @pytest.mark.parametrize("size", range(10))
    def test_an_empty_or_short_log_agrees(self, store: Store, clock: FixedClock, tmp_path: Path, size: int) -> None:
        for number in range(size):
            with audit.writing(store, ANNA, "tell", clock=clock) as act:
                act.fact("number", number)
        audit.export(store, tmp_path / "x")

        told = verifier.check(tmp_path / "x")

        assert f"{size} leaves" in told or (size == 0 and "empty" in told)


class TestBroken:
    def test_any_changed_byte_of_any_leaf(self, log: Path) -> None:
        data = log.read_bytes()
        begin = data.index(b"\n") + 1
        for place in range(begin, len(data), 37):
            if data[place] == 10:
                continue
            log.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

            with pytest.raises(verifier.Broken, match="signed root"):
                verifier.check(log)

    @pytest.mark.parametrize(
        "change",
        [
            lambda rows: rows[:-1],
            lambda rows: rows[:1],
            lambda rows: [*rows[:3], *rows[4:]],
            lambda rows: [rows[0], rows[2], rows[1], *rows[3:]],
            lambda rows: [*rows, rows[-1]],
            lambda rows: [*rows, "hi\n"],
            lambda rows: [*rows, "\n"],
            lambda rows: [*rows[:-1], rows[-1][:-5]],
            lambda rows: rows[1:],
            lambda rows: [],
            lambda rows: [rows[0].replace("\\n11\\n", "\\n12\\n"), *rows[1:]],
            lambda rows: [json.dumps({**json.loads(rows[0]), "checkpoint": None}) + "\n", *rows[1:]],
            lambda rows: [json.dumps({**json.loads(rows[0]), "checkpoint": "x"}) + "\n", *rows[1:]],
            lambda rows: [json.dumps({**json.loads(rows[0]), "public_key": ""}) + "\n", *rows[1:]],
            lambda rows: [
                json.dumps({**json.loads(rows[0]), "public_key": base64.b64encode(bytes(32)).decode()}) + "\n",
                *rows[1:],
            ],
            lambda rows: [*rows[:5], "not json\n", *rows[5:]],
            lambda rows: [*rows[:5], "\n", *rows[5:]],
            lambda rows: [rows[0].replace('"v": 2', '"v": 1'), *rows[1:]],
            lambda rows: [rows[0].replace('"witnessed": []', '"witnessed": ["x"]'), *rows[1:]],
            lambda rows: [rows[0].replace('"witnessed": []', '"witnessed": 7'), *rows[1:]],
            lambda rows: ["[1]\n", *rows[1:]],
            lambda rows: ["not json\n", *rows[1:]],
        ],
    )
    def test_is_said_without_a_traceback(self, log: Path, change: Callable[[list[str]], list[str]]) -> None:
        log.write_text("".join(change(lines(log))), encoding="utf-8")

        told = run(str(log))

        assert told.returncode == 1
        assert told.stderr.startswith("NOT VERIFIED: ")
        assert "Traceback" not in told.stderr

    def test_bytes_that_are_no_text(self, log: Path) -> None:
        log.write_bytes(log.read_bytes() + b"\xff\xfe\n")

        told = run(str(log))

        assert (told.returncode, "Traceback" in told.stderr) == (1, False)
