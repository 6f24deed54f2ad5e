"""The frame of every page: layout, navigation, languages, static files and faults for people. No rules of any room.

A room's ``pages.py`` makes a ``router`` with ``route_class=pages.Route`` and its links; its texts stand in ``pages/ko.json``.
"""

from vedette.doors.pages.catalogue import translator, word
from vedette.doors.pages.links import Link
from vedette.doors.pages.render import Seen, part, show
from vedette.doors.pages.route import Route
from vedette.doors.pages.serve import router

__all__ = ["Link", "Route", "Seen", "part", "router", "show", "translator", "word"]
