"""Measures how long a paper takes to build and to write in each format: a usual narrative, and one with 1,000 findings.

Run: python -m bench.reports
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import process_time

from tests.reports.made import FINDING, MATERIAL

from vedette import reports
from vedette.documents import docx, markdown, pdf

LONG = replace(MATERIAL, findings=tuple({**FINDING, "id": f"fnd_{n}"} for n in range(1_000)))


def seconds(work: Callable[[], object], times: int) -> float:
    """CPU seconds of one of several calls, the first left out: it loads fonts and templates."""
    work()
    started = process_time()
    for _ in range(times):
        work()
    return (process_time() - started) / times


def main() -> None:
    """Print the figures."""
    kind = reports.kind("sar_narrative")
    for name, material, times in (("usual", MATERIAL, 20), ("1,000 findings", LONG, 1)):
        paper = reports.build(kind, material).document
        print(f"{name:15} build {seconds(lambda m=material: reports.build(kind, m), times) * 1000:>8.1f} ms")
        for form, write in (("pdf", pdf.write), ("docx", docx.write), ("md", markdown.write)):
            print(f"{name:15} {form:5} {seconds(lambda w=write, p=paper: w(p), times) * 1000:>8.1f} ms")


if __name__ == "__main__":
    main()
