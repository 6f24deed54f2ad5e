"""What a second person must agree to, and the requests that wait for one.

The table ``actions.yml`` says which actions and why; it grows by a line. Nothing is carried out here.
"""

from vedette.approvals.model import (
    Action,
    Answer,
    NotAllowed,
    Policy,
    Request,
    RequestState,
    UnknownAction,
    UnknownRequest,
)
from vedette.approvals.read import needs, policy, read_policy
from vedette.approvals.store import approve, get, reject, request, waiting, withdraw

__all__ = [
    "Action",
    "Answer",
    "NotAllowed",
    "Policy",
    "Request",
    "RequestState",
    "UnknownAction",
    "UnknownRequest",
    "approve",
    "get",
    "needs",
    "policy",
    "read_policy",
    "reject",
    "request",
    "waiting",
    "withdraw",
]
