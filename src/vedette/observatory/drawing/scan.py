"""Finds the figures: one folder each, whose figure.py holds FIGURE."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files

from vedette.base import ContentError, Place
from vedette.observatory.drawing.model import Design


@cache
def designs() -> Mapping[str, Design]:
    """Every figure by the name of its folder, in the order of a report. Raises ContentError for a folder without one."""
    folder = files("vedette.observatory") / "figures"
    names = sorted(item.name for item in folder.iterdir() if item.is_dir() and (item / "figure.py").is_file())
    found = {name: _design(name) for name in names}
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def _design(name: str) -> Design:
    design = getattr(import_module(f"vedette.observatory.figures.{name}.figure"), "FIGURE", None)
    if not isinstance(design, Design):
        raise ContentError("holds no FIGURE", place=Place(f"figures/{name}/figure.py"), remedy="Let FIGURE be a Design")
    return design
