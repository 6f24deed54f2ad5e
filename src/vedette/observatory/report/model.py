"""A report before it is written: the material of its figures, what it rests on, and what it could not see."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.base import Json
from vedette.documents import number
from vedette.observatory.claims import Compared
from vedette.observatory.drawing.model import Material
from vedette.observatory.model import InputFile
from vedette.observatory.recall import Recall

RECALL_COLUMNS = ("search by", "works found", "at least, %", "of all, %", "at most, %")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything of one report. ``recall`` is over the country's works of all years. ``made_at`` is ISO 8601 in UTC; ``registries`` are the versions that addresses were resolved with."""

    material: Material
    compared: tuple[Compared, ...]
    inputs: tuple[InputFile, ...]
    recall: Recall
    registries: tuple[str, ...]
    software: str
    made_at: str

    @property
    def unseen(self) -> tuple[str, ...]:
        """What was not seen, in sentences for the reader."""
        works = self.material.works
        undecided = sum(row.undetermined for row in self.material.years)
        yearless = sum(work.year <= 0 for work in works)
        titles_only = sum(not work.abstract_read for work in works)
        unstated = sum(work.potential == "undetermined" for work in works)
        refused = sum(item.refused for item in self.inputs)
        return (
            f"{undecided:,} works have addresses that could not be decided; they may have partners that are not shown.",
            f"{yearless:,} works have no year.",
            f"{titles_only:,} of {len(works):,} works were judged by their title alone.",
            f"{unstated:,} works state no application: undetermined is not civilian.",
            f"{refused:,} records of the files were refused as malformed and are in no figure.",
            "What is in no file that was taken in is not here: domestic journals, works without addresses, unpublished work.",
            "Nothing was read from the names of authors; no person is judged here.",
        )

    def recall_rows(self) -> tuple[tuple[str, ...], ...]:
        """What each search strategy found of the works held, and how much of all there may be, by RECALL_COLUMNS."""
        shown = []
        for row in self.recall.rows():
            if row["row"] != "pair":
                name = str(row.get("strategy") or "all together")
                cells = (
                    number(_share(row["recall_low"])),
                    number(_share(row["recall"])),
                    number(_share(row["recall_high"])),
                )
                shown.append((name, number(float(str(row["found"]))), *cells))
        return tuple(shown)

    def inputs_json(self) -> list[Json]:
        """The files taken in, for the bundle."""
        return [
            {
                "name": item.name,
                "sha256": item.sha256,
                "source": item.source,
                "read": item.read,
                "stored": item.stored,
                "duplicates": item.duplicates,
                "refused": item.refused,
                "imported_at": item.imported_at,
            }
            for item in self.inputs
        ]


def _share(value: Json) -> float | None:
    return None if value is None else round(100 * float(str(value)), 1)
