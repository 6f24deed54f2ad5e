"""`vedette observatory`: each module beside this one imports ``app`` from ``group`` and adds its commands to it."""

from vedette.observatory.commands.group import app

# In the order in which help shows their commands.
from vedette.observatory.commands import works, fetch, show, audit, topics, report  # noqa: F401  isort: skip

__all__ = ["app"]
