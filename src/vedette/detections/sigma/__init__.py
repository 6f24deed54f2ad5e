"""Rules written in Sigma, accepted: read with pySigma, written by our own hand in the common SQL, or refused with the reason.

Nothing is approximated: what our columns, exact windows or case-insensitive comparison cannot express is not imported.
"""

from vedette.detections.sigma.importing import Brought, bring
from vedette.detections.sigma.model import RefusedSigma

__all__ = ["Brought", "RefusedSigma", "bring"]
