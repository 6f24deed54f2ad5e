"""Shared tools for every way in: the terminal session, tables and JSON lines, progress.

The web's shared tools join with the console. No rules of any room stand here.
"""

from vedette.doors.session import JSON, Session, session
from vedette.doors.terminal import Progress, emit, progress, say, shown, sink, warn

__all__ = ["JSON", "Progress", "Session", "emit", "progress", "say", "session", "shown", "sink", "warn"]
