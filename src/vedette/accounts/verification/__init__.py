"""How far a customer is verified: states and their allowed changes, fields held, owners who count, what is due. Pure.

It stores nothing (``accounts.verified`` does) and judges no document: results of checks come from people and vendors.
"""

from vedette.accounts.verification.due import CHECKS, Timers, due, refresh_on, timers
from vedette.accounts.verification.fields import Completeness, FieldState, completeness
from vedette.accounts.verification.model import (
    AccountFacts,
    Evidence,
    Method,
    Move,
    NotAllowed,
    OwnerFacts,
    Record,
    Reseller,
    Result,
    Standing,
    State,
    Tier,
)
from vedette.accounts.verification.owners import beneficial, presumed_foreign
from vedette.accounts.verification.retention import keep_until
from vedette.accounts.verification.states import Change, check_move, states

__all__ = ["CHECKS", "AccountFacts", "Change", "Completeness", "Evidence", "FieldState", "Method", "Move", "NotAllowed"]
__all__ += [
    "OwnerFacts",
    "Record",
    "Reseller",
    "Result",
    "Standing",
    "State",
    "Tier",
    "Timers",
    "beneficial",
    "check_move",
]
__all__ += ["completeness", "due", "keep_until", "presumed_foreign", "refresh_on", "states", "timers"]
