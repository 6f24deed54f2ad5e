"""A report as files: Markdown, PDF, DOCX, JSON, or a zip of all with tables, pictures, proofs and hashes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vedette import approvals, audit, cases
from vedette.base import Clock, Json
from vedette.documents import Document, Fields, Figure, Table, bundle, csv, docx, markdown, pdf, svg
from vedette.reports import store as state
from vedette.reports.desk import document
from vedette.reports.model import Audience, Filed, ReportError, Scope, State
from vedette.reports.scan import kind
from vedette.store import Store

FORMATS = ("pdf", "docx", "json", "zip", "md", "csv")
_LEFT = {State.APPROVED, State.SENT, State.ACKNOWLEDGED}
# Open fonts that common systems bring, for scripts beyond Latin and CJK; what is absent is written as code points.
_FACES = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
)


def written(store: Store, report: Filed, form: str, *, clock: Clock) -> bytes:
    """The report in one of FORMATS. Raises ReportError for another."""
    paper = document(store, report.report_id)
    makers = {
        "pdf": lambda: pdf.write(paper, faces=faces(), banner=banner(report)),
        "docx": lambda: docx.write(paper, banner=banner(report)),
        "md": lambda: _marked(report, paper).encode(),
        "json": lambda: _json(_told(store, report, paper)),
        "csv": lambda: _tables(paper),
        "zip": lambda: _zip(store, report, paper, clock),
    }
    if form not in makers:
        raise ReportError(f"no format {form!r}", remedy=f"One of: {', '.join(FORMATS)}")
    return makers[form]()


def banner(report: Filed) -> str:
    """What stands on every page: a paper that nobody has approved says so."""
    if report.state in _LEFT:
        return f"{report.report_id}, {report.state.value}"
    return f"{report.state.value.upper()}: not approved, not to leave the house"


def faces() -> Sequence[bytes]:
    """The first open font that this system has, if any."""
    found = next((Path(name) for name in _FACES if Path(name).is_file()), None)
    return () if found is None else (found.read_bytes(),)


def _marked(report: Filed, paper: Document) -> str:
    return f"{markdown.escape(banner(report))}\n\n{markdown.write(paper)}"


def _told(store: Store, report: Filed, paper: Document) -> dict[str, Json]:
    """Everything that is kept of a report; a customer gets the paper and its hash alone."""
    told: dict[str, Json] = {"kind": "vedette-report", "v": 1, "sha256": paper.sha256, "document": paper.as_json()}
    if kind(report.name).audience is Audience.CUSTOMER:
        return told
    asked = approvals.get(store, report.request_id).as_json() if report.request_id else None
    return {
        **told,
        "report": report.as_json(),
        "fields": state.content(store, report.report_id)["fields"],
        "approval": asked,
        "steps": [step.as_json() for step in state.steps(store, report.report_id)],
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _all_tables(paper: Document) -> list[Table]:
    return [
        block if isinstance(block, Table) else block.table()
        for block in paper.blocks
        if isinstance(block, Table | Figure | Fields)
    ]


def _tables(paper: Document) -> bytes:
    """Every table below each other, with a blank line between, for a spreadsheet."""
    parts = [csv.of_table(table).removeprefix(b"\xef\xbb\xbf") for table in _all_tables(paper)]
    return b"\xef\xbb\xbf" + b"\r\n".join(parts)


def _zip(store: Store, report: Filed, paper: Document, clock: Clock) -> bytes:
    files = {
        "report.pdf": pdf.write(paper, faces=faces(), banner=banner(report)),
        "report.docx": docx.write(paper, banner=banner(report)),
        "report.md": _marked(report, paper).encode(),
        "report.json": _json(_told(store, report, paper)),
    }
    for number, table in enumerate(_all_tables(paper), 1):
        files[f"tables/{number:02d}.csv"] = csv.of_table(table)
    for number, figure in enumerate((block for block in paper.blocks if isinstance(block, Figure)), 1):
        files[f"figures/{number:02d}.svg"] = svg.write(figure).encode()
    files.update(_proofs(store, report, clock))
    about = {"report": report.name, "report_id": report.report_id, "state": report.state.value, "sha256": paper.sha256}
    return bundle.pack(files, about)


def _proofs(store: Store, report: Filed, clock: Clock) -> dict[str, bytes]:
    """Proofs of the report's own leaves, and the case with its proofs; nothing of either for a customer."""
    declared = kind(report.name)
    if declared.audience is Audience.CUSTOMER:
        return {}
    leaves = sorted({step.leaf for step in state.steps(store, report.report_id)})
    found = {"proofs/report.json": _json(audit.proofs(store, leaves))}
    if declared.scope is Scope.CASE:
        found["proofs/case.json"] = _json(cases.export(store, report.subject, clock=clock))
    return found
