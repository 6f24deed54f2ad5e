"""HTTP: what people, administrators and auditors need of the service itself: who is here, keys, the audit log, figures."""

from vedette.server.routes import audit, deliveries, figures, keys, me

__all__ = ["routers"]

routers = (me.router, keys.router, audit.router, deliveries.router, figures.router)
