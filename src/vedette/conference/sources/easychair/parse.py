"""Reads the workbook that EasyChair exports: a sheet of submissions and a sheet of authors with affiliation, country and e-mail."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.conference import tabular, workbook
from vedette.conference.fields import each, text
from vedette.conference.model import Author, Reading, Refused
from vedette.conference.workbook import Sheet


def recognise(name: str, head: bytes) -> bool:
    """A workbook with a sheet named Authors."""
    return workbook.is_workbook(head) and "authors" in workbook.sheet_names(head)


def parse(name: str, data: bytes) -> Reading:
    """Submissions with their authors. Raises ConferenceError where a sheet or its column of ids is missing."""
    found = {sheet.name.casefold(): sheet for sheet in workbook.sheets(name, data)}
    papers = found.get("submissions")
    people = found["authors"]
    tabular.require(people.columns, "submission_id", name)
    written, faults = _authors(name, people)
    rows = papers.rows if papers else tuple((0, {"submission_id": key}) for key in written)
    if papers:
        tabular.require(papers.columns, "submission_id", name)
    made, refused = tabular.submissions(name, rows, written)
    orphans = sum(key not in {item.submission_id for item in made} for key in written)
    return Reading(
        submissions=made,
        refused=(*(papers.refused if papers else ()), *people.refused, *faults, *refused),
        ignored={"authors of no submission": orphans} if orphans else {},
    )


def _authors(file: str, sheet: Sheet) -> tuple[dict[str, Sequence[Author]], list[Refused]]:
    found: dict[str, list[Author]] = {}
    made, refused = each(
        file,
        sheet.rows,
        lambda _line, row: (
            text(row.get("submission_id"), "submission_id", limit=200, needed=True),
            tabular.author(row),
        ),
    )
    for key, author in made:
        found.setdefault(key, []).append(author)
    return dict(found), refused
