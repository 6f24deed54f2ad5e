"""The report as one HTML page that needs nothing else: pictures inside, tables beside them, no script."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from vedette.documents import visible
from vedette.observatory.claims import COLUMNS
from vedette.observatory.drawing import designs
from vedette.observatory.report.model import RECALL_COLUMNS, Report
from vedette.observatory.report.paper import METHOD, RECALL, WARNING, inputs, shortened, summary, title, versions


def page(report: Report) -> str:
    """The page. Every value is escaped; only the figures' own SVG is put in as it is."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = (files("vedette.observatory") / "report" / "page.html.j2").read_text("utf-8")
    return environment.from_string(text).render(**_view(report))


def _view(report: Report) -> dict[str, Any]:
    from markupsafe import Markup

    figures = []
    for name, design in designs().items():
        rows = design.rows(report.material)
        table = shortened(design, rows)
        figures.append(
            {
                "name": name,
                "title": design.title,
                "method": design.method,
                "blind_spots": design.blind_spots,
                "svg": Markup(design.svg(rows)),
                "columns": design.columns,
                "rows": [[visible(cell) for cell in row] for row in table.rows],
                "more": table.caption,
            }
        )
    return {
        "title": title(report),
        "warning": WARNING,
        "summary": summary(report),
        "figures": figures,
        "claim_columns": COLUMNS,
        "claims": [item.cells() for item in report.compared],
        "recall": RECALL,
        "recall_columns": RECALL_COLUMNS,
        "recall_rows": report.recall_rows(),
        "doubts": report.recall.doubts,
        "method": METHOD,
        "unseen": report.unseen,
        "versions": versions(report),
        "inputs": inputs(report),
    }
