"""The web's shared tools: who calls, what may be asked, problem details, paging and conditions. No rules of any room.

Imported by ``routes.py`` and ``pages.py`` of the rooms and by ``server`` only: it costs the web framework's import.
"""

from vedette.doors.keys import Scope
from vedette.doors.people import Permission
from vedette.doors.web.acting import Acting, allows
from vedette.doors.web.answer import answer, answers, asks, schema_of
from vedette.doors.web.body import body, decoded, shaped, too_large
from vedette.doors.web.caller import Caller, needs, refusal
from vedette.doors.web.conditions import etag, idempotency_key, moment, require_match, unchanged
from vedette.doors.web.form import Form, form
from vedette.doors.web.frame import Frame
from vedette.doors.web.near import near
from vedette.doors.web.person import Person, needs_person
from vedette.doors.web.place import Entrance, Limits, Workplace, workplace
from vedette.doors.web.problem import Problem, install, of_fault

__all__ = ["Acting", "Caller", "Entrance", "Form", "Frame", "Limits", "Permission", "Person", "Problem"]
__all__ += ["Scope", "Workplace", "allows", "answer", "answers", "asks", "body", "decoded", "etag"]
__all__ += ["form", "idempotency_key", "install", "moment", "near", "needs", "needs_person", "of_fault"]
__all__ += ["refusal", "require_match", "schema_of", "shaped", "too_large", "unchanged", "workplace"]
