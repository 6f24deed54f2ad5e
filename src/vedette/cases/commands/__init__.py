"""`vedette cases`: the queue, decisions, bulk acts, samples and quality, clocks, appeals, practice."""

from vedette.cases.commands.desk import app

# These modules add their commands to the same group.
from vedette.cases.commands import law, practice, prove, queue, sets  # noqa: F401  isort: skip

__all__ = ["app"]
