"""The web's shared tools: who calls, what may be asked, problem details, paging and conditions. No rules of any room.

Imported by ``routes.py`` and ``pages.py`` of the rooms and by ``server`` only: it costs the web framework's import.
"""

from vedette.doors.keys import Scope
from vedette.doors.web.answer import answer, answers, asks
from vedette.doors.web.body import body, decoded, too_large
from vedette.doors.web.caller import Caller, needs, refusal
from vedette.doors.web.conditions import etag, idempotency_key, moment, require_match, unchanged
from vedette.doors.web.frame import Frame
from vedette.doors.web.near import near
from vedette.doors.web.place import Limits, Workplace, workplace
from vedette.doors.web.problem import Problem, install, of_fault

__all__ = [
    "Caller",
    "Frame",
    "Limits",
    "Problem",
    "Scope",
    "Workplace",
    "answer",
    "answers",
    "asks",
    "body",
    "decoded",
    "etag",
    "idempotency_key",
    "install",
    "moment",
    "near",
    "needs",
    "of_fault",
    "refusal",
    "require_match",
    "too_large",
    "unchanged",
    "workplace",
]
