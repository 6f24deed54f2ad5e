"""Read the shared lists as entries with all their names, for a bench of pairs."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from defusedxml.ElementTree import parse

_SCRIPTED = re.compile(r"\(([^()]*[^\x00-\u024f\u1e00-\u1eff\u2000-\u206f][^()]*)\)")
_LATIN_ORDER = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed party: ``names`` in Latin letters, the main one first; ``native`` in other scripts; ``place`` to draw near strangers from."""

    id: str
    kind: str
    names: tuple[str, ...]
    native: tuple[str, ...]
    place: str = ""

    @property
    def held(self) -> bool:
        """Whether the entry belongs to the half that no rule and no table row was written from."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 1


def _entry(ident: str, kind: str, names: list[str], place: str = "") -> Entry:
    tidy = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    latin = tuple(name for name in tidy if not _foreign(name))
    return Entry(ident, kind, latin, tuple(name for name in tidy if _foreign(name)), place)


def _foreign(text: str) -> bool:
    return bool(re.search(r"[\u0370-\u1dff\u3040-\ud7ff\uf900-\ufaff]", text))


def _table(file: Path) -> list[list[str]]:
    with gzip.open(file, "rt", encoding="utf-8", errors="replace") as text:
        return list(csv.reader(text))


def ofac(data: Path) -> Iterator[Entry]:
    """OFAC SDN persons and organisations with their strong and weak aliases."""
    folder = data / "watchlists" / "ofac"
    known: dict[str, list[str]] = {}
    for row in _table(folder / "alt_2025-02-27.csv.gz"):
        if len(row) > 3:
            known.setdefault(row[0], []).append(row[3])
    for row in _table(folder / "sdn_2024-05-03.csv.gz"):
        kind = {"individual": "person", "-0-": "organization"}.get(row[2].strip()) if len(row) > 3 else None
        if kind:
            yield _entry(f"ofac-{row[0]}", kind, [row[1], *known.get(row[0], [])], row[3])


def united_nations(data: Path) -> Iterator[Entry]:
    """UN entries; names in original script are kept apart by their letters."""
    with gzip.open(data / "watchlists" / "un" / "un_consolidated_2026-02-27.xml.gz") as file:
        root = parse(file).getroot()
    assert root is not None
    for tag, kind in (("INDIVIDUAL", "person"), ("ENTITY", "organization")):
        for entry in root.iter(tag):
            main = " ".join(" ".join((entry.findtext(part) or "").strip() for part in _LATIN_ORDER).split())
            names = [main, entry.findtext("NAME_ORIGINAL_SCRIPT") or ""]
            names += [
                alias.findtext("ALIAS_NAME") or ""
                for alias in entry.iter(f"{tag}_ALIAS")
                if alias.findtext("QUALITY") != "Low"
            ]
            yield _entry(f"un-{entry.findtext('DATAID')}", kind, names, entry.findtext("UN_LIST_TYPE") or "")


def europe(data: Path) -> Iterator[Entry]:
    """EU consolidated lists; many names carry their original script in brackets."""
    for file in sorted((data / "watchlists" / "eu" / "consolidated").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                kind = {"Person": "person", "Organization": "organization", "Company": "organization"}.get(
                    row["schema"]
                )
                cells = [row["name"], *row["alias"].split(";")]
                names = [_SCRIPTED.sub("", cell) for cell in cells] + [
                    part for cell in cells for part in _SCRIPTED.findall(cell)
                ]
                if kind:
                    yield _entry(f"eu-{file.stem}-{row['recordId']}", kind, names, file.stem)


def canada(data: Path) -> Iterator[Entry]:
    """Canadian persons: given names and last name as printed."""
    with gzip.open(data / "watchlists" / "uk_ca" / "canada_sema_2025.xml.gz") as file:
        root = parse(file).getroot()
    assert root is not None
    for number, record in enumerate(root.iter("record")):
        given, family = record.findtext("GivenName") or "", record.findtext("LastName") or ""
        if given and family:
            yield _entry(f"ca-{number}", "person", [f"{given} {family}"], record.findtext("Country") or "")


def everyday(data: Path) -> Iterator[Entry]:
    """Invented persons of the record-linkage sets, as everyday English names."""
    for name in ("dataset3.csv", "dataset4a.csv"):
        with (data / "linking" / name).open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text, skipinitialspace=True):
                if row["given_name"] and row["surname"] and "dup" not in row["rec_id"]:
                    yield _entry(
                        f"{name}-{row['rec_id']}", "person", [f"{row['given_name']} {row['surname']}".title()], "au"
                    )


def ftm(data: Path) -> Iterator[Entry]:
    """The OpenSanctions samples."""
    for file in sorted((data / "watchlists" / "opensanctions_sample").glob("*.ftm.json")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = "person" if row["schema"] == "Person" else "organization"
            names = [row["caption"], *row["properties"].get("name", []), *row["properties"].get("alias", [])]
            if row["schema"] in ("Person", "Organization", "Company", "LegalEntity", "PublicBody"):
                yield _entry(row["id"], kind, names)


def controlled(data: Path) -> Iterator[Entry]:
    """BIS, defence and research lists of organisations."""
    for name in ("bis_entity_list", "bis_meu", "dow_1260h", "dow_1286"):
        rows = json.loads((data / "watchlists" / "us_bis_and_research" / f"{name}.json").read_text(encoding="utf-8"))
        for number, row in enumerate(rows["entities"]):
            yield _entry(f"{name}-{number}", "organization", [row["name"], *row["aliases"]], row.get("country") or "")


def research(data: Path) -> Iterator[Entry]:
    """ROR organisations that have a name in another script: universities, institutes, ministries, hospitals, companies."""
    with gzip.open(data / "academia" / "ror_union.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            bare = [re.sub(r" \([A-Z][\w ,'.-]+\)$", "", name) for name in row["names"]]
            found = _entry(row["id"], "organization", bare, row["country"] or "")
            if found.native and found.names:
                yield found


def persons(data: Path) -> list[Entry]:
    """All persons in a fixed order."""
    sources = (ofac, united_nations, europe, canada, everyday, ftm)
    return [entry for read in sources for entry in read(data) if entry.kind == "person" and entry.names]


def organizations(data: Path) -> list[Entry]:
    """All organisations in a fixed order, without ROR's."""
    sources = (ofac, united_nations, europe, controlled, ftm)
    return [entry for read in sources for entry in read(data) if entry.kind == "organization" and entry.names]
