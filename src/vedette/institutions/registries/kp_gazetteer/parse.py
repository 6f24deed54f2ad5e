"""Reads the table of institutions of the DPRK; a row without a source is refused."""

from __future__ import annotations

from vedette.institutions.model import Organisation, Reading, Refused, refuse

_COLUMNS = ("id", "names", "acronyms", "cities", "domains", "postcodes", "parents", "same_as", "types", "source")


def recognise(name: str, head: bytes) -> bool:
    """Whether the first line that is no comment is this table's header."""
    lines = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    return next((line for line in lines if not line.startswith("#")), "").split("\t") == list(_COLUMNS)


def parse(name: str, data: bytes) -> Reading:
    """One organisation a row. Raises InstitutionError for an encoding other than UTF-8 or a foreign header."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("is not UTF-8", name, remedy="Save the table as UTF-8") from None
    numbered = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip() and not line.startswith("#")]
    if not numbered or numbered[0][1].rstrip("\r").split("\t") != list(_COLUMNS):
        raise refuse("has no header of this table", name, 1, f"The columns are {', '.join(_COLUMNS)}")
    found: dict[str, Organisation] = {}
    refused: list[Refused] = []
    for at, line in numbered[1:]:
        cells = line.rstrip("\r").split("\t")
        problem = _problem(cells, found)
        if problem:
            refused.append(Refused(at, problem))
        else:
            organisation = _organisation(cells)
            found[organisation.id] = organisation
    return Reading(organisations=tuple(found.values()), refused=tuple(refused))


def _problem(cells: list[str], found: dict[str, Organisation]) -> str:
    if len(cells) != len(_COLUMNS):
        return f"has {len(cells)} cells, not {len(_COLUMNS)}"
    if not cells[0].startswith("kp:") or not cells[1].strip():
        return "has no id of the form kp:NAME or no name"
    if not cells[-1].strip():
        return "names no source"
    return "repeats an id" if cells[0] in found else ""


def _organisation(cells: list[str]) -> Organisation:
    values = [tuple(part.strip() for part in cell.split("|") if part.strip()) for cell in cells]
    _, names, acronyms, cities, domains, postcodes, parents, same_as, types, _ = values
    return Organisation(
        id=cells[0],
        names=names,
        acronyms=acronyms,
        country="KP",
        cities=cities,
        domains=domains,
        postcodes=postcodes,
        parents=parents,
        same_as=same_as,
        types=types,
        source=cells[-1].strip(),
    )
