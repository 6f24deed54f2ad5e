"""What lets people in: invitations, sign-in with password and code, sessions, and who may change whom."""

from vedette.doors.access.invite import Offer, accept, first_invitation, invite, look_at, reset
from vedette.doors.access.manage import change_roles, disable, enable
from vedette.doors.access.sessions import Session, end, end_all, resume, touch
from vedette.doors.access.signing import SignedIn, begin, sign_in

__all__ = [
    "Offer",
    "Session",
    "SignedIn",
    "accept",
    "begin",
    "change_roles",
    "disable",
    "enable",
    "end",
    "end_all",
    "first_invitation",
    "invite",
    "look_at",
    "reset",
    "resume",
    "sign_in",
    "touch",
]
