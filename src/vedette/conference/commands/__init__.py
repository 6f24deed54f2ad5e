"""`vedette conference`: submissions in, a policy tried before adoption, screening, questions, decisions, briefs."""

from vedette.conference.commands.desk import app

# These modules add their commands to the same group.
from vedette.conference.commands import adoption, papers, procedure  # noqa: F401  isort: skip

__all__ = ["app"]
