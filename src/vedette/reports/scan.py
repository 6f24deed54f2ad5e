"""The kinds of report, found by scanning: one folder each, checked when read."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files

from vedette import policy
from vedette.base import ContentError, Place
from vedette.reports.grounds import routes
from vedette.reports.model import Audience, Report, ReportError


@cache
def kinds() -> dict[str, Report]:
    """Every kind by name. Raises ContentError naming the folder that does not keep its promises."""
    folders = sorted(item.name for item in files("vedette.reports").iterdir() if (item / "report.py").is_file())
    return {name: checked(import_module(f"vedette.reports.{name}.report").REPORT, name) for name in folders}


def kind(name: str) -> Report:
    """One kind. Raises ReportError."""
    found = kinds().get(name)
    if found is None:
        raise ReportError(f"no report {name!r}", remedy=f"One of: {', '.join(kinds())}")
    return found


def checked(report: Report, folder: str) -> Report:
    """The report, if it keeps what a folder promises."""
    place = Place(f"reports/{folder}/report.py")
    keys = [ask.key for ask in report.asks]
    known = {rule.id for rule in policy.rules()}
    reach = routes()
    faults = {
        f"its name {report.name!r} is not its folder's": report.name != folder,
        "it has no English title": "en" not in report.titles,
        "it has no caption": not report.caption.strip(),
        "it has no citation": not report.citation,
        "two fields have one key": len(keys) != len(set(keys)),
        "a rule is not in the register": not set(report.policy) <= known,
        "a route is unknown": not report.routes or not set(report.routes) <= set(reach),
        "a route does not fit its reader": any(
            reach[route].government != (report.audience is Audience.AUTHORITY)
            for route in report.routes
            if route in reach
        ),
    }
    for problem, wrong in faults.items():
        if wrong:
            raise ContentError(problem, place=place, remedy="See docs/how-to/write-a-report.md")
    return report
