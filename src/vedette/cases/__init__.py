"""Cases: what findings make a case for people, who works on it, what was decided and why.

Opens by the rule of ``opening.yml``, never closes by itself. Grows by reasons and guidance as data, not by code.
"""

from vedette.cases.arrange import merge, split
from vedette.cases.bulk import Done, Plan, Wanted, bulk, plan, waiting_bulks
from vedette.cases.bulk import answer as answer_bulk
from vedette.cases.claim import Claim, claim, snooze
from vedette.cases.clocks import clocks, frozen, meet, start
from vedette.cases.decide import approve, decide, reject, undo
from vedette.cases.explain import explain, export, find, revealed
from vedette.cases.model import Action, Case, CaseError, CaseStatus, Outcome, Refreshed, StaleCase
from vedette.cases.queue import assign, escalate, next_case, release, remark
from vedette.cases.read import opening_rule, reasons
from vedette.cases.refresh import refresh
from vedette.cases.select import Selection, WrongFilter, parse, selection
from vedette.cases.store import get, list_cases, of_account
from vedette.cases.view import View, as_csv, forget_filter, save_filter, saved_filter, saved_filters, view

__all__ = ["Action", "Case", "CaseError", "CaseStatus", "Claim", "Done", "Outcome", "Plan", "Refreshed", "Selection"]
__all__ += ["StaleCase", "View", "Wanted", "WrongFilter", "answer_bulk", "approve", "as_csv", "assign", "bulk", "claim"]
__all__ += ["clocks", "decide", "escalate", "explain", "export", "find", "forget_filter", "frozen", "get", "list_cases"]
__all__ += ["meet", "merge", "next_case", "of_account", "opening_rule", "parse", "plan", "reasons", "refresh", "reject"]
__all__ += ["release", "remark", "revealed", "save_filter", "saved_filter", "saved_filters", "selection", "snooze"]
__all__ += ["split", "start", "undo", "view", "waiting_bulks"]
