"""An invented compute provider with planted actors and hard honest customers, for demonstration and honest measurement.

Everything it writes is labelled as simulated; it knows no real person and no real customer, and it decides nothing.
"""

from vedette.simulate.messy import WHICH, Messy, messy
from vedette.simulate.model import GROUPS, KINDS, Plan, Summary
from vedette.simulate.write import write

__all__ = ["GROUPS", "KINDS", "WHICH", "Messy", "Plan", "Summary", "messy", "write"]
