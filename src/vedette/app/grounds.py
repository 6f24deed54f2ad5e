"""On what ground a customer is forgotten."""

from __future__ import annotations

from enum import StrEnum


class Ground(StrEnum):
    """Why a customer is forgotten: a code, because the log keeps it for ever and free words may name somebody."""

    EXPIRED = "expired"
    ERASURE_REQUEST = "erasure-request"
    OBJECTION = "objection"
    ORDER = "order"
    ERROR = "error"
