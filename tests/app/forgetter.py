"""Forgets accounts one after another until killed. Run by test_retention.py.

Usage: python -m tests.app.forgetter WORKSPACE ACCOUNT... Says "ready" once open, then one line per forgotten account.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.made import ANNA
from vedette.app.forgetting import forget_account
from vedette.app.grounds import Ground
from vedette.app.opening import open_store
from vedette.base import FixedClock


def main(root: str, *accounts: str) -> None:
    """Forget them all."""
    store = open_store(Path(root))
    clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for account in accounts:
        forget_account(store, ANNA, account, ground=Ground.EXPIRED, home="us", clock=clock)
        sys.stdout.write(f"{account}\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
