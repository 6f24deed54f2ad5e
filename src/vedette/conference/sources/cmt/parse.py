"""Reads the workbook that Microsoft CMT exports: one row a paper, authors in one cell as "Name (Affiliation)*; ..."."""

from __future__ import annotations

from vedette.conference import tabular, workbook
from vedette.conference.model import Reading

_WANTED = {"submission_id", "authors"}


def recognise(name: str, head: bytes) -> bool:
    """A workbook without EasyChair's sheet of authors; old binary workbooks are claimed to be refused with a reason."""
    if not head.startswith(b"PK\x03\x04"):
        return name.casefold().endswith((".xls", ".xlsx")) and workbook.looks_like(head)
    return workbook.is_workbook(head) and "authors" not in workbook.sheet_names(head)


def parse(name: str, data: bytes) -> Reading:
    """The papers of the first sheet that has ids and authors. Raises ConferenceError where there is none."""
    found = workbook.sheets(name, data)
    sheet = next((item for item in found if set(item.columns) >= _WANTED), None) or found[0]
    tabular.require(sheet.columns, "submission_id", name)
    made, refused = tabular.submissions(name, sheet.rows)
    others = len(found) - 1
    ignored = {"other sheets": others} if others else {}
    return Reading(submissions=made, refused=(*sheet.refused, *refused), ignored=ignored)
