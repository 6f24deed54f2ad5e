"""HTTP: the TAXII 2.1 server for peers, and the messages of blind matches."""

from vedette.sharing.blind.routes import router as blind
from vedette.sharing.routes.taxii import router as taxii

__all__ = ["routers"]

routers = (taxii, blind)
