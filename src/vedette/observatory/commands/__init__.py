"""`vedette observatory`: each module beside this one imports ``app`` from ``group`` and adds its commands to it."""

from importlib import import_module
from importlib.util import find_spec

from vedette.observatory.commands.group import app

for _name in ("works", "audit", "fetch", "topics", "report"):
    if find_spec(f"{__name__}.{_name}") is not None:
        import_module(f"{__name__}.{_name}")

__all__ = ["app"]
