"""Papers for authorities, customers and the house's own file: made from what is held, approved by two, provable afterwards.

Sends nothing. Grows by one folder a kind (``report.py``, ``body.md.j2``, ``expected.md``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.reports.desk import approve, document, find, give_back, received, sent, shred, submit, withdraw
    from vedette.reports.drafting import draft
    from vedette.reports.export import FORMATS, written
    from vedette.reports.model import Filed, Material, Report, ReportError, State
    from vedette.reports.paper import Paper, build
    from vedette.reports.scan import kind, kinds
    from vedette.reports.store import all_filed, filed, steps

_HOMES = {
    "paper": ("Paper", "build"),
    "desk": ("approve", "document", "find", "give_back", "received", "sent", "shred", "submit", "withdraw"),
    "drafting": ("draft",),
    "export": ("FORMATS", "written"),
    "scan": ("kind", "kinds"),
    "model": ("Filed", "Material", "Report", "ReportError", "State"),
    "store": ("all_filed", "filed", "steps"),
}
__all__ = ["FORMATS", "Filed", "Material", "Paper", "Report", "ReportError", "State", "all_filed", "approve", "build"]
__all__ += ["document", "draft", "filed", "find", "give_back", "kind", "kinds", "received", "sent", "shred", "steps"]
__all__ += ["submit", "withdraw", "written"]


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast.
    from importlib import import_module

    home = next((key for key, held in _HOMES.items() if name in held), None)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(f"vedette.reports.{home}"), name)
