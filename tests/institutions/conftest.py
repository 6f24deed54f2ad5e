"""A small invented world of organisations, indexed once, beside the shipped rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.made import JOB
from vedette.base import FixedClock
from vedette.institutions import Organisation
from vedette.institutions.index import Index, build
from vedette.institutions.load import LoadResult, load
from vedette.institutions.registry import shipped
from vedette.store import Store

ROR = "https://ror.org/"


def organisation(code: str, *names: str, **more: object) -> Organisation:
    """One organisation with an id of ROR's form."""
    return Organisation(id=ROR + code, names=names, **more)  # type: ignore[arg-type]  # handed through


WORLD = (
    organisation("0nju", "Nanjing University", country="CN", cities=("Nanjing",), types=("education",)),
    organisation(
        "0nuaa",
        "Nanjing University of Aeronautics and Astronautics",
        acronyms=("NUAA",),
        country="CN",
        cities=("Nanjing",),
        types=("education",),
    ),
    organisation("0tju", "Tianjin University", country="CN", cities=("Tianjin",), types=("education",)),
    organisation("0tjut", "Tianjin University of Technology", country="CN", cities=("Tianjin",), types=("education",)),
    organisation(
        "0hit",
        "Harbin Institute of Technology",
        acronyms=("HIT",),
        country="CN",
        cities=("Harbin",),
        children=(ROR + "0hitsz",),
        types=("education",),
    ),
    organisation("0hitsz", "Harbin Institute of Technology, Shenzhen", country="CN", cities=("Shenzhen",)),
    organisation(
        "0snu",
        "Seoul National University",
        "서울대학교",
        acronyms=("SNU",),
        country="KR",
        cities=("Seoul",),
        types=("education",),
    ),
    organisation("0neus", "Northeastern University", country="US", cities=("Boston",), types=("education",)),
    organisation("0necn", "Northeastern University", country="CN", cities=("Shenyang",), types=("education",)),
    organisation("0leth", "University of Lethbridge", country="CA", cities=("Lethbridge",), types=("education",)),
    organisation("0sut", "Sutter Health", country="US", cities=("Sacramento",), types=("healthcare",)),
)


@pytest.fixture(scope="session")
def world() -> Index:
    """The index over the invented world and the shipped rows."""
    return build([*WORLD, *shipped()])


def dump_lines(path: Path, count: int = 20) -> Path:
    """A file of condensed records, each with its own name."""
    rows = [
        {
            "id": f"{ROR}0x{number:04}",
            "names": [f"Sample Institute Number {number}"],
            "country": "GB",
            "city": "Sampleton",
        }
        for number in range(count)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def take(store: Store, clock: FixedClock, path: Path, **more: object) -> LoadResult:
    """Load one file."""
    (result,) = load(store, JOB, [path], clock=clock, **more)  # type: ignore[arg-type]  # handed through
    return result
