"""Vigilance against the intangible transfer of technology: from a provider's exports to cases that people decide."""

__version__ = "0.1.0"
