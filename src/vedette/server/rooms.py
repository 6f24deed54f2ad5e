"""The rooms that answer over HTTP, one a line, in the order of the API document."""

from __future__ import annotations

#: Each has a ``routes.py`` with a ``router``, and a function ``warm`` where something is worth doing at start.
ROOMS = (
    "app",
    "accounts",
    "watchlists",
    "findings",
    "screening",
    "server",
)
