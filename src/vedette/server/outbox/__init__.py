"""Messages to other systems about what changed here: read from the audit log, so that none is lost and none invented."""

from vedette.server.model import (
    KINDS,
    MESSAGES,
    Delivery,
    DeliveryState,
    Message,
    OutboxError,
    Target,
    TargetKind,
)

__all__ = ["KINDS", "MESSAGES", "Delivery", "DeliveryState", "Message", "OutboxError", "Target", "TargetKind"]
