"""One report on what is published: figures, published claims beside ours, method, and what was not seen.

``make`` gathers and writes nothing; ``vedette.observatory.bundle`` packs it so that others can make every figure again.
"""

from vedette.observatory.report.gather import gather
from vedette.observatory.report.model import Report
from vedette.observatory.report.paper import document

__all__ = ["Report", "document", "gather"]
