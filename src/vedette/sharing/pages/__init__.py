"""Pages of sharing, for the sharing officer."""

from vedette.sharing.pages import blind, exchange

LINKS = (*exchange.LINKS, *blind.LINKS)
routers = (exchange.router, blind.router)
