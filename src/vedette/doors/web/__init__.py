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
from vedette.doors.web.once import IDEMPOTENCY, once
from vedette.doors.web.person import Person, needs_person
from vedette.doors.web.place import Entrance, Limits, Workplace, workplace
from vedette.doors.web.problem import Problem, install, of_fault

__all__ = ["Acting", "Caller", "Entrance", "Form", "Frame", "IDEMPOTENCY", "Limits", "Permission"]
__all__ += ["Person", "Problem", "Scope", "Workplace", "allows", "answer", "answers", "asks", "body"]
__all__ += ["decoded", "etag", "form", "idempotency_key", "install", "moment", "near", "needs", "needs_person"]
__all__ += ["of_fault", "once", "refusal", "require_match", "schema_of", "shaped", "too_large", "unchanged"]
__all__ += ["workplace"]
