"""Accelerators and their peaks: what a card could do at most, at which clock and power, from the makers' data sheets.

Knows no workload and no customer. Grows by one entry in ``chips.yml``.
"""

from vedette.hardware.find import Match, find
from vedette.hardware.model import Chip, HardwareError
from vedette.hardware.read import chips, version

__all__ = ["Chip", "HardwareError", "Match", "chips", "find", "version"]
