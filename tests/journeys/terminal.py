"""Runs the real commands as a person or a job would: inside the test's process, or as a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from vedette.cli.main import run


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        """The only line."""
        (row,) = self.rows
        return row

    def done(self) -> Answer:
        """The same answer; fails, with what was said, where the command did not succeed."""
        assert self.code == 0, f"exit {self.code}\n{self.out[-2000:]}\n{self.err[-2000:]}"
        return self


class _Stream(io.TextIOWrapper):
    """Standard input or output over bytes, as the interpreter has it."""

    def __init__(self, data: bytes = b"") -> None:
        self.under = io.BytesIO(data)
        super().__init__(self.under, encoding="utf-8", write_through=True)

    def text(self) -> str:
        return self.under.getvalue().decode()


def vedette(*arguments: str | Path, stdin: bytes = b"", person: str = "anna", **environment: str) -> Answer:
    """One command in this process, acted by ``person``."""
    out, err = _Stream(), _Stream()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"LOGNAME": person, **environment}))
        stack.enter_context(patch.object(sys, "stdin", _Stream(stdin)))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        code = run([str(item) for item in arguments])
    return Answer(code, out.text(), err.text())


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """The same command as a process of its own, which the test may kill."""
    command = [sys.executable, "-m", "vedette", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def process(*arguments: str | Path, stdin: bytes = b"", **options: Any) -> Answer:
    """The same command as a process of its own, to its end."""
    command = [sys.executable, "-m", "vedette", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120, **options)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
