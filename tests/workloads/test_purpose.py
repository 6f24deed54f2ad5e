"""A use surprises only where a known purpose was declared, enough was used, and most of it could be told."""

from __future__ import annotations

import pytest

from vedette.workloads.model import JobClass
from vedette.workloads.purpose import Use, expectations, mismatches


def use(untold: float = 0.0, gpus: int = 8, **hours: float) -> Use:
    return Use("a", {JobClass(name): value for name, value in hours.items()}, untold, gpus)


class TestMismatches:
    @pytest.mark.parametrize(
        ("words", "done", "told"),
        [
            ("rendering", use(training=500), True),
            ("rendering", use(hpc=480, idle=20), False),
            ("web", use(hash=300), True),
            ("training", use(training=900, inference=50), False),
            ("rendering training", use(training=500), False),
            ("", use(hash=5_000), False),
            ("rendering", use(training=50), False),
            ("rendering", use(untold=900, training=500), False),
            ("teaching", use(training=600, inference=200, gpus=1_024), True),
        ],
    )
    def test_what_is_told(self, words: str, done: Use, told: bool) -> None:
        found = mismatches([done], {"a": words})
        assert bool(found) is told
        assert all(item.reasons and item.bits >= expectations()["least_bits"] for item in found)

    def test_the_table_speaks_of_known_words_and_classes(self) -> None:
        from vedette.accounts.derive import purpose_words

        for word, expected in expectations()["purposes"].items():
            assert set(expected) - {"gpus"} <= {label.value for label in JobClass}
            assert sum(value for name, value in expected.items() if name != "gpus") <= 1.001
            assert expected["gpus"] > 0
            assert word.isalpha()
        assert purpose_words("3d rendering") == "rendering"
