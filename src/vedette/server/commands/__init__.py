"""The server's commands: the demonstration, start the service, keys for programs, people and their sign-in."""

from vedette.server.commands.backup import backup, restore
from vedette.server.commands.demo import demo
from vedette.server.commands.keys import keys
from vedette.server.commands.people import login, logout, people
from vedette.server.commands.serve import serve
from vedette.server.commands.targets import targets

__all__ = ["backup", "demo", "keys", "login", "logout", "people", "restore", "serve", "targets"]
