"""`vedette rules`: list, show, test, back-test, begin, publish and except."""

from vedette.detections.commands.rules import app

# These modules add their commands to the same group.
from vedette.detections.commands import backtest, book, bring  # noqa: F401  isort: skip

__all__ = ["app"]
