"""The rooms that answer over HTTP, one a line, in the order of the API document."""

from __future__ import annotations

#: Each has a ``routes.py`` with a ``router``, and a function ``warm`` where something is worth doing at start.
ROOMS = (
    "app",
    "accounts",
    "watchlists",
    "findings",
    "screening",
    "cases",
    "linking",
    "detections",
    "workloads",
    "reports",
    "sharing",
    "server",
)

#: The rooms with pages for people, one a line. Each has a ``pages.py`` with a ``router``.
PAGES = (
    "doors",
    "app",
    "cases",
    "conference",
    "workloads",
    "reports",
    "screening",
    "watchlists",
    "detections",
    "observatory",
    "linking",
    "accounts",
    "sharing",
    "server",
)
