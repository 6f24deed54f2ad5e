"""A place that the navigation leads to: its address, its label, who may open it, and the letter after ``g``."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.doors.people import Permission


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation; ``rank`` orders entries of all rooms, ``letter`` follows ``g`` on the keyboard."""

    path: str
    label: str
    permission: Permission
    letter: str
    rank: int
