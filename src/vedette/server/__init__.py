"""The web's door: assembles the rooms' own routes into one service; no rules of its own.

Grows by one line in ``rooms.py`` for a room with routes.
"""

from vedette.server.rooms import ROOMS

__all__ = ["ROOMS"]
