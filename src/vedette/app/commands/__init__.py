"""Terminal: the commands that need two rooms, and those of the audit log, which lies below the doors."""

from vedette.app.commands.acts import config, doctor, evaluate, explain, ingest, init, run
from vedette.app.commands.customers import customers
from vedette.app.commands.forgetting import forget, retention
from vedette.app.commands.lists import lists
from vedette.app.commands.log import audit
from vedette.app.commands.screening import screening
from vedette.app.commands.signups import replay, verify
from vedette.app.commands.watching import watch

__all__ = ["audit", "config", "customers", "doctor", "evaluate", "explain", "forget", "ingest", "init", "lists"]
__all__ += ["replay", "retention", "run", "screening", "verify", "watch"]
