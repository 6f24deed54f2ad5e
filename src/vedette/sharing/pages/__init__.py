"""Pages of sharing, for the sharing officer."""

from vedette.sharing.pages import blind

LINKS = (*blind.LINKS,)
routers = (blind.router,)
