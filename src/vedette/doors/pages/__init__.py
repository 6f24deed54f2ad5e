"""The frame of every page: layout, navigation, languages, static files and faults for people. No rules of any room.

A room's ``pages.py`` makes a ``router`` with ``route_class=pages.Route`` and its links; its texts stand in ``pages/ko.json``.
"""

from vedette.doors.pages.catalogue import translator, word
from vedette.doors.pages.links import Link, Panel
from vedette.doors.pages.render import Seen, panels, part, show, whole_or_part
from vedette.doors.pages.route import Route
from vedette.doors.pages.serve import router

__all__ = ["Link", "Panel", "Route", "Seen", "panels", "part", "router", "show", "translator", "whole_or_part", "word"]
