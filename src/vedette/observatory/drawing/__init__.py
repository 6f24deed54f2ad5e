"""What figures are made from and drawn with; the figures themselves are the folders under ``figures/``, found by scanning.

A figure reads the material of a report and nothing else.
"""

from vedette.observatory.drawing.model import Design, Material, WorkLine
from vedette.observatory.drawing.scan import designs

__all__ = ["Design", "Material", "WorkLine", "designs"]
