"""On the command line: what leaves and enters, peers and collections, items to judge, disclosures, and blind matches."""

from vedette.sharing.blind.commands import attach
from vedette.sharing.commands.advisory import advisory
from vedette.sharing.commands.exchange import app
from vedette.sharing.commands.groups import collections, disclosures, inbound, peers
from vedette.sharing.commands.standing import standing

# This module adds its commands to the same group.
from vedette.sharing.commands import look  # noqa: F401  isort: skip

__all__ = ["app"]

peers.command("standing")(standing)
app.add_typer(inbound, name="inbound")
app.add_typer(peers, name="peers")
app.add_typer(collections, name="collections")
app.add_typer(disclosures, name="disclosures")
app.command("advisory")(advisory)
attach(app)
