"""Figures of what is published: each a folder with its table, its picture, and the numbers expected of a sample.

A figure reads the material of a report and nothing else. Grows by one folder, found by scanning.
"""

from vedette.observatory.figures.model import Design, Material, WorkLine
from vedette.observatory.figures.scan import designs

__all__ = ["Design", "Material", "WorkLine", "designs"]
