"""`vedette cases`: the queue, decisions, bulk acts, samples and quality, clocks, appeals, practice."""

from vedette.cases.commands.desk import app

__all__ = ["app"]
