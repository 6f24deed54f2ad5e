"""A citable bundle: inputs' hashes, versions, questions, citations, and material from which anybody makes every figure again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass

from vedette.base import Json, canonical_json
from vedette.documents import bundle as packing
from vedette.documents import csv
from vedette.observatory.claims import COLUMNS
from vedette.observatory.drawing import designs
from vedette.observatory.drawing.model import Material, read_material
from vedette.observatory.model import ObservatoryError
from vedette.observatory.report.model import RECALL_COLUMNS, Report
from vedette.observatory.report.paper import title
from vedette.observatory.topics import classify
from vedette.policy.controls import dictionary

_MATERIAL = "material.json"
_WORK_COLUMNS = ("work_id", "year", "doi", "title", "countries", "potential", "phrases", "categories")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """One thing made again from a bundle: ``same``, ``different``, or ``not compared`` with the reason."""

    name: str
    outcome: str
    detail: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {"name": self.name, "outcome": self.outcome, "detail": self.detail}


def figures(material: Material) -> dict[str, bytes]:
    """CSV and SVG of every figure, by file name."""
    made: dict[str, bytes] = {}
    for name, design in designs().items():
        rows = design.rows(material)
        made[f"figures/{name}.csv"] = csv.write(design.columns, rows)
        made[f"figures/{name}.svg"] = design.svg(rows).encode()
    return made


def pack(report: Report) -> bytes:
    """The bundle as a zip; equal reports give equal bytes."""
    material = report.material
    files = {
        _MATERIAL: canonical_json(material.as_json()),
        "inputs.json": canonical_json(report.inputs_json()),
        "queries.json": canonical_json(_queries(report)),
        "citation.json": canonical_json(_citation(report)),
        "claims.csv": csv.write(COLUMNS, [item.cells() for item in report.compared]),
        "claims.json": canonical_json([item.as_json() for item in report.compared]),
        "recall.csv": csv.write(RECALL_COLUMNS, report.recall_rows()),
        "works.csv": csv.write(_WORK_COLUMNS, _works(material)),
        **figures(material),
    }
    about = {
        "title": title(report),
        "software": report.software,
        "dictionary": material.dictionary,
        "registries": "; ".join(report.registries),
        "made_at": report.made_at,
        "country": material.country,
        "years": f"{material.begin}-{material.end}",
    }
    return packing.pack(files, about)


def _works(material: Material) -> list[tuple[str, ...]]:
    return [
        (
            work.work_id,
            str(work.year or ""),
            work.doi,
            work.title,
            " ".join(work.countries),
            work.potential,
            "; ".join(work.phrases),
            "; ".join(work.categories),
        )
        for work in material.works
    ]


def _queries(report: Report) -> Json:
    """Which questions the figures answer, in words and values."""
    material = report.material
    asked: list[Json] = [
        {
            "figure": name,
            "country": material.country,
            "begin": material.begin,
            "end": material.end,
            "counted": design.method,
            "cannot_show": design.blind_spots,
            "columns": list(design.columns),
        }
        for name, design in designs().items()
    ]
    return asked


def _citation(report: Report) -> Json:
    """CSL-JSON: this bundle, then every study that it compares itself with."""
    day = [int(part) for part in report.made_at[:10].split("-")]
    own: dict[str, Json] = {
        "id": f"vedette-{hashlib.sha256(canonical_json(report.material.as_json())).hexdigest()[:16]}",
        "type": "dataset",
        "title": title(report),
        "issued": {"date-parts": [list(day)]},
        "version": report.software,
        "note": f"dictionary {report.material.dictionary}; {len(report.inputs)} input files, their hashes in inputs.json",
    }
    studies: dict[str, dict[str, Json]] = {}
    for item in report.compared:
        claim = item.claim
        studies.setdefault(
            claim.study,
            {
                "id": claim.id,
                "type": "document",
                "title": claim.citation,
                "issued": {"date-parts": [[claim.published]]},
                **_doi(claim.citation),
            },
        )
    return [own, *studies.values()]


def _doi(citation: str) -> dict[str, Json]:
    _, found, doi = citation.partition("doi ")
    return {"DOI": doi} if found else {}


def reproduce(data: bytes) -> tuple[Reproduced, ...]:
    """Makes every figure again from a bundle's material and compares it byte by byte. Raises ObservatoryError for no bundle."""
    problems = packing.problems(data)
    if problems:
        return tuple(Reproduced(name="manifest", outcome="different", detail=problem) for problem in problems)
    held = _read(data)
    if _MATERIAL not in held:
        raise ObservatoryError(
            "the bundle holds no material", remedy="Give a bundle that `vedette observatory report` made"
        )
    try:
        material = read_material(json.loads(held[_MATERIAL]))
    except (ValueError, RecursionError) as fault:
        raise ObservatoryError(f"the bundle's material is no JSON: {fault}", remedy="Make the bundle again") from None
    return (
        Reproduced(name="manifest", outcome="same", detail=f"{len(held) - 1} files with their hashes"),
        *(_compared(name, made, held.get(name)) for name, made in figures(material).items()),
        _compared("works.csv", csv.write(_WORK_COLUMNS, _works(material)), held.get("works.csv")),
        _recounted(material),
        _classified(material),
    )


def _read(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _compared(name: str, made: bytes, held: bytes | None) -> Reproduced:
    hashes = f"made {hashlib.sha256(made).hexdigest()[:16]}"
    if held is None:
        return Reproduced(name=name, outcome="not compared", detail=f"{hashes}; the bundle has no such file")
    same = made == held
    detail = hashes if same else f"{hashes}, held {hashlib.sha256(held).hexdigest()[:16]}"
    return Reproduced(name=name, outcome="same" if same else "different", detail=detail)


def _recounted(material: Material) -> Reproduced:
    """Years and partner countries counted again from the single works."""
    years = Counter(max(work.year, 0) for work in material.works)
    partners = Counter(code for work in material.works for code in set(work.countries) - {material.country})
    wrong = [f"{row.year}: {years[row.year]} works" for row in material.years if years[row.year] != row.works]
    wrong += [
        f"{row.country}: {partners[row.country]}" for row in material.partners if partners[row.country] != row.works
    ]
    detail = f"{len(material.works)} works" if not wrong else "; ".join(wrong[:5])
    return Reproduced(name="counts from single works", outcome="different" if wrong else "same", detail=detail)


def _classified(material: Material) -> Reproduced:
    """Titles classified again; works whose abstract was read cannot be, because the bundle holds none."""
    name = "potential from titles"
    if material.dictionary != dictionary().version:
        detail = f"the bundle used dictionary {material.dictionary}, here is {dictionary().version}"
        return Reproduced(name=name, outcome="not compared", detail=detail)
    alone = [work for work in material.works if not work.abstract_read]
    wrong = [work.work_id for work in alone if classify(work.title).potential.value != work.potential]
    detail = f"{len(alone) - len(wrong)} of {len(alone)} alike; {len(material.works) - len(alone)} were judged with their abstract"
    return Reproduced(name=name, outcome="different" if wrong else "same", detail=detail)
