"""The word of the hardware room: one accelerator with its peaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vedette.base import VedetteError

#: Kinds of arithmetic that a data sheet gives a dense peak for. ``fp16`` is the matrix peak for fp16 or bf16 operands;
#: ``fp32`` and ``fp64`` are the vector peaks, ``fp64_matrix`` that of the matrix units.
PRECISIONS = ("fp64", "fp64_matrix", "fp32", "tf32", "fp16", "int8", "fp8", "fp4")
#: Operands narrower than sixteen bits, which a counter of matrix activity cannot tell from sixteen.
NARROW = ("int8", "fp8", "fp4")


class HardwareError(VedetteError):
    """The table of accelerators cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One accelerator. ``peaks``: dense operations a second (FLOP/s; a multiply-add counts two), by precision.

    ``clock_mhz`` is the clock at which the matrix peak is reached, ``power_w`` the board's limit, ``export_variant_of`` the
    id of the card that it is cut down from. ``source`` and ``checked_on`` say where the figures are from.
    """

    id: str
    names: tuple[str, ...]
    vendor: str
    clock_mhz: float | None
    power_w: float | None
    memory_gb: float
    peaks: Mapping[str, float]
    export_variant_of: str
    source: str
    checked_on: date

    @property
    def matrix(self) -> float:
        """The dense peak for sixteen-bit operands, FLOP/s: what training usually uses."""
        return self.peaks["fp16"]

    @property
    def most(self) -> float:
        """The highest dense peak of any precision, operations a second: nothing this card does counts more."""
        return max(self.peaks.values())

    @property
    def narrower(self) -> float:
        """How many times the sixteen-bit peak the narrowest operands reach; at least 1."""
        return max(1.0, self.most / self.matrix)
