"""Which tests need Spark, and how they start it: one local session for all of them."""

from __future__ import annotations

import pytest

from vedette.store.engines.spark import missing

MASTER = "local[2]"
_PROBLEM = missing()


def needs_spark(test: object) -> object:
    """Mark a test or class: skipped with the reason where Spark cannot run; sockets to its own JVM are allowed."""
    marks = (
        pytest.mark.spark,
        pytest.mark.enable_socket,
        pytest.mark.skipif(bool(_PROBLEM), reason=f"{_PROBLEM}: see `make test-spark`"),
        pytest.mark.filterwarnings("ignore::ResourceWarning"),
        pytest.mark.timeout(900),
    )
    for mark in marks:
        test = mark(test)  # type: ignore[arg-type]
    return test
