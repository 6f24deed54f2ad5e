"""Measure the import of publications: a million invented works of OpenAlex's shape, read, joined, resolved once a string and built.

    python -m bench.observatory DATA [--works 1000000] [--distinct 0.2] [--folder DIR]

DATA is the folder of measuring data (see tests/conftest.py); its registry is loaded first. Addresses are made of the registry's
organisations with departments, cities and the ways in which countries are written; each work has three mentions of addresses on
average. ``--distinct`` is the share of different strings among all mentions: about a fifth in the catalogue itself.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from vedette.app.rooms import catalogue
from vedette.base import Principal, PrincipalKind, SystemClock
from vedette.institutions.cache import refresh
from vedette.institutions.load import load, read
from vedette.institutions.registry import shipped
from vedette.observatory import results
from vedette.observatory.build import build
from vedette.observatory.intake import import_files
from vedette.observatory.resolve import resolve_new
from vedette.store import Store, Workspace

_WHO = Principal(PrincipalKind.JOB, "bench")
_PARTS = "Physics|Chemistry|Computer Science|Mathematics|Medicine|Materials|Mechanics|Biology|Geology|Economics".split(
    "|"
)
_KINDS = "Department of|School of|Faculty of|Institute of|Laboratory of|College of|Center for|Division of".split("|")
_WORDS = (
    "learning model analysis of the method for image network data system optimal energy field control in dynamic neural graph "
    "structure material reaction under flow estimation and design using deep robust adaptive signal process"
).split()


def strings(data: Path, count: int, chance: random.Random) -> list[str]:
    """That many different addresses; one in two hundred is of the DPRK."""
    organisations = list(read(data / "academia" / "ror_union.jsonl.gz").reading.organisations)
    found: set[str] = set()
    while len(found) < count:
        one = chance.choice(shipped() if chance.random() < 0.005 else organisations)
        head = f"{chance.choice(_KINDS)} {chance.choice(_PARTS)}{'' if chance.random() < 0.6 else f' {chance.randrange(40)}'}"
        where = [one.cities[0] if one.cities else "", one.country if chance.random() < 0.8 else ""]
        found.add(", ".join(filter(None, (head, chance.choice(one.names), *where))))
    return sorted(found)


def works(count: int, addresses: list[str], chance: random.Random) -> Iterator[bytes]:
    """Lines of the catalogue's shape."""
    encode = msgspec.json.Encoder().encode
    last = len(addresses) - 1
    for number in range(count):
        title = " ".join(chance.choices(_WORDS, k=9)) + f" {number}"
        abstract: dict[str, list[int]] = {}
        for place, word in enumerate(chance.choices(_WORDS, k=90)):
            abstract.setdefault(word, []).append(place)
        authors = []
        for place in range(1 + int(chance.expovariate(0.5))):
            # A few addresses stand on very many works, most on one or two.
            address = addresses[min(int(last * chance.random() ** 1.6), last)]
            authors.append(
                {
                    "author_position": "first" if place == 0 else "middle",
                    "author": {
                        "id": f"https://openalex.org/A{chance.randrange(10**7)}",
                        "display_name": f"Author {number % 9973} {place}",
                    },
                    "institutions": [
                        {"id": "https://openalex.org/I1", "display_name": address[:60], "country_code": "US"}
                    ],
                    "countries": ["US"],
                    "is_corresponding": place == 0,
                    "raw_affiliation_strings": [address],
                }
            )
        yield encode(
            {
                "id": f"https://openalex.org/W{number}",
                "doi": f"https://doi.org/10.5555/bench.{number}" if number % 5 else None,
                "title": title,
                "display_name": title,
                "publication_year": 1990 + number % 35,
                "publication_date": f"{1990 + number % 35}-01-01",
                "language": "en",
                "type": "article",
                "primary_location": {
                    "source": {"id": "https://openalex.org/S1", "display_name": f"Journal {number % 500}"}
                },
                "authorships": authors,
                "biblio": {"volume": "1", "issue": "2", "first_page": str(number % 900), "last_page": None},
                "concepts": [
                    {"id": f"https://openalex.org/C{n}", "display_name": "Concept", "score": 0.5} for n in range(8)
                ],
                "referenced_works": [f"https://openalex.org/W{n}" for n in range(number, number + 20)],
                "abstract_inverted_index": abstract,
            }
        )


def written(folder: Path, data: Path, count: int, distinct: float) -> list[Path]:
    """The files, a hundred thousand works each."""
    chance = random.Random(8)
    # Drawing leaves some addresses out: a quarter more are made.
    addresses = strings(data, int(count * 2.5 * distinct * 1.25), chance)
    lines = works(count, addresses, chance)
    paths = []
    for start in range(0, count, 100_000):
        path = folder / f"works-{start:08d}.jsonl.gz"
        with gzip.open(path, "wb", compresslevel=1) as file:
            for _, line in zip(range(min(100_000, count - start)), lines, strict=False):
                file.write(line + b"\n")
        paths.append(path)
    return paths


def main() -> None:
    """Make the works, take them in, and tell how long each step took and how much memory the largest process held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--works", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=float, default=0.2)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=asked.folder))
    try:
        _measure(folder, asked)
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path, asked: argparse.Namespace) -> None:
    paths = written(folder, asked.data, asked.works, asked.distinct)
    print(f"{asked.works:,} works written, {sum(path.stat().st_size for path in paths) / 2**20:,.0f} MiB packed")
    workspace = Workspace(folder / "ws")
    workspace.create("")
    store, clock = Store(workspace, catalogue()), SystemClock()
    load(store, _WHO, [asked.data / "academia" / "ror_union.jsonl.gz"], clock=clock)
    refresh(store)
    made = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    begin = time.perf_counter()
    done = import_files(store, _WHO, paths, clock=clock)
    read_in = time.perf_counter()
    count = resolve_new(store, _WHO, clock=clock)
    resolved = time.perf_counter()
    built = build(store, _WHO, clock=clock)
    finished = time.perf_counter()
    years = results.yearly(store)
    asked_at = time.perf_counter()
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 2**20
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"stored {sum(item.stored for item in done):,} of {sum(item.read for item in done):,}; {count:,} strings resolved"
    )
    print(
        f"read and joined {read_in - begin:.0f} s, resolved {resolved - read_in:.0f} s ({count / (resolved - read_in):,.0f}/s)"
    )
    cpu = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"processor time of all, making the works aside: {cpu - made:.0f} s")
    print(f"built {finished - resolved:.0f} s, asked {asked_at - finished:.2f} s; together {finished - begin:.0f} s")
    print(
        f"largest process {peak:.2f} GiB, this one {own:.2f} GiB; {built.works:,} works, {sum(y.works for y in years):,} of the DPRK"
    )
    store.close()


if __name__ == "__main__":
    main()
