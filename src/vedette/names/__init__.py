"""How a name looks in many scripts and how much two written names speak for one bearer: pure functions, no I/O.

Does not decide who is meant and knows no list. Grows by tables in ``data/`` (each names its source) and by one module a script.
"""

from vedette.names.compare import analyse, compare
from vedette.names.countries import country_code
from vedette.names.folding import fold
from vedette.names.indexing import keys
from vedette.names.model import Analysed, Comparison, Kind
from vedette.names.words import parts

__all__ = ["Analysed", "Comparison", "Kind", "analyse", "compare", "country_code", "fold", "keys", "parts"]
