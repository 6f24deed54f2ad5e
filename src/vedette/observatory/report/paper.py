"""The report as a paper, for PDF and Markdown: the same words and numbers as on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vedette.documents import Block, Bullets, Document, Heading, Paragraph, Table
from vedette.observatory.claims import COLUMNS
from vedette.observatory.drawing import Design, designs
from vedette.observatory.drawing.countries import name_of
from vedette.observatory.drawing.model import Rows
from vedette.observatory.report.model import RECALL_COLUMNS, Report

_MOST_ROWS = 40
_WEIGHTS = (1.4, 1.35, 1.5, 1.35, 1.5, 1.5, 1.55, 2.2)
WARNING = (
    "Figures here are evidence for a reader. Potential is read from titles and abstracts: it is no finding about a person, an "
    "institution or an intention, and no legal advice."
)
RECALL = (
    "Each row is a way to search addresses, with the share of all works it finds, estimated by capture and recapture between the "
    "searches, over the works of all years that are held here. Searches that look for the same words are not independent, and a "
    "work that no search could find is not in the estimate."
)
METHOD = (
    "Records of all files were joined where they tell of one work (identifier, then title, year and authors' place). Each distinct "
    "address was resolved once against registries of institutions, and its country decided from the address or the institution: one "
    "country, ambiguous, or none. Country codes of databases and names of persons were not used. Titles and abstracts were compared "
    "with a cited dictionary of control lists in English, Korean and Chinese."
)


def title(report: Report) -> str:
    """The report's title."""
    return f"Publications with addresses in {name_of(report.material.country)}: {span(report)}"


def span(report: Report) -> str:
    """The years in words."""
    material = report.material
    known = [row.year for row in material.years if row.year > 0]
    if material.begin > 0 or material.end < 9999:
        return f"{material.begin or 'first'}–{material.end if material.end < 9999 else 'latest'}"
    return f"{min(known)}–{max(known)}" if known else "no works"


def summary(report: Report) -> tuple[str, ...]:
    """The main numbers in sentences."""
    material = report.material
    works = sum(row.works for row in material.years)
    shared = sum(row.with_partner for row in material.years)
    first = material.partners[0] if material.partners else None
    military = sum(work.potential == "military-significant" for work in material.works)
    dual = sum(work.potential == "dual" for work in material.works)
    told = [
        f"{works:,} works with a decided address in {name_of(material.country)}, {shared:,} of them with a partner country.",
        f"{len(material.partners):,} partner countries and {len(material.institutions):,} institutions of the country were resolved.",
        f"By their words {military:,} works are military-significant and {dual:,} dual; each is listed with its phrases in the bundle.",
    ]
    if first is not None:
        told.insert(1, f"{name_of(first.country)} is the first partner, with {first.works:,} works in common.")
    return tuple(told)


def document(report: Report) -> Document:
    """The whole report as a document."""
    return Document(title=title(report), blocks=tuple(_blocks(report)), made_at=report.made_at)


def _blocks(report: Report) -> Iterator[Block]:
    yield Paragraph(WARNING, note=True)
    yield Bullets(summary(report))
    for design in designs().values():
        yield from _figure(design, design.rows(report.material))
    yield Heading("Published figures beside ours")
    yield Paragraph(
        "A difference is explained, not corrected: periods, databases and search strings differ. Agreement is no proof either."
    )
    yield Table(COLUMNS, tuple(item.cells() for item in report.compared), "", _WEIGHTS)
    yield Heading("How much searches find")
    yield Paragraph(RECALL)
    yield Table(RECALL_COLUMNS, report.recall_rows(), "", (2.0, 1.2, 1.0, 1.0, 1.0))
    if report.recall.doubts:
        yield Bullets(report.recall.doubts)
    yield Heading("Method")
    yield Paragraph(METHOD)
    yield Heading("What was not seen")
    yield Bullets(report.unseen)
    yield Heading("What this rests on")
    yield Paragraph(versions(report))
    yield inputs(report)


def versions(report: Report) -> str:
    """The versions that the figures depend on."""
    return (
        f"Vedette {report.software}; dictionary of control lists {report.material.dictionary}; institutions: "
        f"{', '.join(report.registries)}; made {report.made_at}."
    )


def inputs(report: Report) -> Table:
    """The files that were taken in."""
    rows = tuple(
        (item.name, item.source, f"{item.read:,}", f"{item.stored:,}", f"{item.refused:,}", item.sha256)
        for item in report.inputs
    )
    columns = ("File", "Source", "Read", "Stored", "Refused", "SHA-256")
    return Table(columns, rows or (("no file was taken in", "", "", "", "", ""),), "", (2.2, 1.0, 0.8, 0.8, 0.8, 2.6))


def _figure(design: Design, rows: Rows) -> Iterator[Block]:
    yield Heading(design.title)
    yield Paragraph(f"How it is counted: {design.method}")
    yield Paragraph(f"What it cannot show: {design.blind_spots}", note=True)
    drawn = design.simple(rows) if rows else None
    if drawn is not None and drawn.marks:
        yield replace(drawn, title="")
    if not rows:
        yield Paragraph("No numbers are held.")
    elif design.tabled:
        yield shortened(design, rows)


def shortened(design: Design, rows: Rows) -> Table:
    """The table of a figure, its first rows where it is long."""
    left = len(rows) - _MOST_ROWS
    caption = f"{left:,} more rows are in the CSV of this figure." if left > 0 else ""
    return Table(design.columns, rows[:_MOST_ROWS], caption)
